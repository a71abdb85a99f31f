import { expect, it } from 'vitest'
import {
  localizationMetrics,
  toBfloat16,
  type LocalizationResult,
  type Pose5,
} from '../../../../src/main/core/sample/localization.ts'

it('rounds to bfloat16 as PyTorch does', () => {
  expect([471 / 1024, 0.3574, 1, 0.2216].map(toBfloat16)).toEqual([0.4609375, 0.357421875, 1, 0.2216796875])
})

// Values worked out by eval_csgo_loc.py's formulas for two poses.
it('computes the metrics of the evaluation script', () => {
  const pose = (values: Pose5) => ({
    x: values[0],
    y: values[1],
    z: values[2],
    angle_v: values[3],
    angle_h: values[4],
  })
  const result = (pred_norm: Pose5, gt_norm: Pose5): LocalizationResult => ({
    ...{ file_frame: 'file_num1_frame_1', map: 'de_dust2', pred_norm, gt_norm },
    pred: pose(pred_norm),
    gt: pose(gt_norm),
  })
  const metrics = localizationMetrics(
    [
      result(
        [0.47, 0.35, 0.25, 0.24, 0.23],
        [0.4609375, 0.357421875, 0.2001953125, 0.244140625, 0.2216796875],
      ),
      result([0.52, 0.24, 0.8, 0.26, 0.01], [0.5, 0.25, 0.8984375, 0.25, 0.98828125]),
    ],
    'model.safetensors',
  )
  expect(metrics['Norm_L2_XY']).toBeCloseTo(0.01703723, 7)
  expect(metrics['Norm_L2_5D']).toBeCloseTo(0.07786961, 7)
  expect(metrics['Norm_MSE_5D']).toBeCloseTo(0.00134657, 7)
  expect(metrics['Norm_SmoothL1_5D']).toBeCloseTo(0.00067329, 7)
})
