/**
 * Localization results as `eval_csgo_loc.py` writes them: one healthy run, and one that collapsed to the middle of every
 * range whatever it was shown. Metrics follow `eval_csgo_loc.py:calculate_metrics`.
 */
import { createRandom, normal } from './random.ts'
import type { SplitEntry } from './tracks.ts'

/** Order: x, y, z, pitch, yaw. */
export type Pose5 = [number, number, number, number, number]
type PoseRecord = { x: number; y: number; z: number; angle_v: number; angle_h: number }
export type LocalizationResult = {
  file_frame: string
  map: string
  pred_norm: Pose5
  gt_norm: Pose5
  /** Radar pixels, game height, degrees. */
  pred: PoseRecord
  gt: PoseRecord
  source_split?: string
}

/** Smallest and largest z of each map's training split. */
export type ZRanges = Record<string, { min: number; max: number }>

export type LocalizerKind = 'healthy' | 'collapsed'

/** Predictions for the entries, in their order. */
export function localizationResults(
  entries: SplitEntry[],
  zRanges: ZRanges,
  kind: LocalizerKind,
  seed: number,
): LocalizationResult[] {
  const random = createRandom(seed)
  return entries.map((entry) => {
    const { min, max } = zRanges[entry.map]!
    const zSpan = max - min + 1e-6
    const turn = 2 * Math.PI
    const truth: Pose5 = [
      entry.x / 1024,
      entry.y / 1024,
      (entry.z - min) / zSpan,
      entry.angle_v / turn,
      entry.angle_h / turn,
    ]
    const predicted = kind === 'healthy' ? nearTruth(truth, random) : aroundMiddle(random)
    const pred_norm = predicted.map(Math.fround) as Pose5
    return {
      file_frame: entry.file_frame,
      map: entry.map,
      pred_norm,
      gt_norm: truth.map(toBfloat16) as Pose5,
      pred: {
        x: pred_norm[0] * 1024,
        y: pred_norm[1] * 1024,
        z: pred_norm[2] * zSpan + min,
        angle_v: pred_norm[3] * 360,
        angle_h: pred_norm[4] * 360,
      },
      gt: {
        x: entry.x,
        y: entry.y,
        z: entry.z,
        angle_v: (entry.angle_v * 360) / turn,
        angle_h: (entry.angle_h * 360) / turn,
      },
    }
  })
}

function nearTruth(truth: Pose5, random: () => number): Pose5 {
  // Now and then a place that looks alike is taken for another.
  const isLost = random() < 0.05
  const spread = [0.011, 0.011, 0.045, 0.0021, 0.011]
  const pose = truth.map(
    (value, i) => value + spread[i]! * normal(random) + (isLost && i < 2 ? 0.16 * normal(random) : 0),
  ) as Pose5
  pose[4] = (((isLost && random() < 0.5 ? pose[4] + 0.5 : pose[4]) % 1) + 1) % 1
  return pose.map((value) => Math.min(1, Math.max(0, value))) as Pose5
}

function aroundMiddle(random: () => number): Pose5 {
  return [0.5, 0.5, 0.5, 0.25, 0.5].map(
    (middle, i) => middle + [0.006, 0.006, 0.008, 0.0015, 0.009][i]! * normal(random),
  ) as Pose5
}

/** The nearest bfloat16 (8 significant bits), ties to even. */
export function toBfloat16(value: number): number {
  const float = new Float32Array([value])
  const bits = new Uint32Array(float.buffer)
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000
  return float[0]!
}

/** `loc_metrics.json`, keys in the order of the script. */
export function localizationMetrics(
  results: LocalizationResult[],
  checkpointPath: string,
): Record<string, number | string> {
  const norm = results.map(({ pred_norm, gt_norm }) => {
    const e = pred_norm.map((value, i) => Math.abs(value - gt_norm[i]!))
    e[4] = Math.min(e[4]!, 1 - e[4]!)
    return e
  })
  const keys = ['x', 'y', 'z', 'angle_v', 'angle_h'] as const
  const physical = results.map(({ pred, gt }) => {
    const e = keys.map((key) => Math.abs(pred[key] - gt[key]))
    e[4] = Math.min(e[4]!, 360 - e[4]!)
    return e
  })
  const trainLoss = mean(
    results.map(({ pred_norm, gt_norm }) => {
      const d = pred_norm.map((value, i) => value - gt_norm[i]!)
      const [pitch, yaw] = [wrapHalf(d[3]!), wrapHalf(d[4]!)]
      const xy = (smoothL1(d[0]!) + smoothL1(d[1]!)) / 2
      return xy + smoothL1(d[2]!) + 2 * ((smoothL1(pitch) + smoothL1(yaw)) / 2)
    }),
  )
  const column = (i: number) => mean(physical.map((e) => e[i]!))
  const l2xy = mean(physical.map((e) => Math.hypot(e[0]!, e[1]!)))
  return {
    Norm_L2_XY: mean(norm.map((e) => Math.hypot(e[0]!, e[1]!))),
    Norm_L2_5D: mean(norm.map((e) => Math.hypot(...e))),
    Norm_MSE_5D: mean(norm.flat().map((e) => e * e)),
    Norm_SmoothL1_5D: mean(norm.flat().map(smoothL1)),
    XY_Dist: l2xy,
    Z_Dist: column(2),
    Pitch_Dist: column(3),
    Yaw_Dist: column(4),
    L1_X: column(0),
    L1_Y: column(1),
    L1_Z: column(2),
    L1_Pitch: column(3),
    L1_Yaw: column(4),
    L2_XY: l2xy,
    L2_5D: mean(physical.map((e) => Math.hypot(...e))),
    MSE_Loss_5D: mean(physical.flat().map((e) => e * e)),
    SmoothL1_Loss_5D: mean(physical.flat().map(smoothL1)),
    ckpt_path: checkpointPath,
    TrainAligned_LocLoss: trainLoss,
    TrainAligned_TotalLoss: 2 * trainLoss,
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const smoothL1 = (d: number) => (Math.abs(d) < 1 ? 0.5 * d * d : Math.abs(d) - 0.5)
const wrapHalf = (d: number) => d + 0.5 - Math.floor(d + 0.5) - 0.5
