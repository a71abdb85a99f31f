/** Runs the kernels of a plan on one resized pair and names the raw quantities they give. */
import { boundaryCounts } from '../metrics/boundary/kernel.ts'
import { isMeasured, type Measurement } from '../metrics/measurement.ts'
import { msSsim } from '../metrics/msSsim/kernel.ts'
import { pixelCounts } from '../metrics/pixel/kernel.ts'
import { meanSquaredError } from '../metrics/psnr/kernel.ts'
import { ssim } from '../metrics/ssim/kernel.ts'
import type { FramePlan, Kernel } from './framePlan.ts'

/** Raw per-frame quantities, as they are stored. Counts add up exactly over a data set. */
export type Quantity =
  | 'mse'
  | 'ssim'
  | 'ssim_cropped'
  | 'ms_ssim'
  | 'pixel_absolute_sum'
  | 'pixel_exact'
  | 'pixel_within_1'
  | 'pixels'
  | 'boundary_hits_prediction'
  | 'boundary_hits_reference'
  | 'boundary_edges_prediction'
  | 'boundary_edges_reference'
  | 'boundary_pixels'
  | 'lpips'
  | 'clip'
  | 'aesthetic'

type Measured = { quantities: Record<string, number>; impossible: Record<string, string> }

/**
 * @param reference RGB bytes, H x W x 3, of the plan's paired size
 * @param prediction the same size
 */
export function runKernels(reference: Uint8Array, prediction: Uint8Array, plan: FramePlan): Measured {
  const measured: Measured = { quantities: {}, impossible: {} }
  const size = plan.paired.size
  const add = (name: Quantity, value: Measurement) => {
    if (isMeasured(value)) measured.quantities[name] = value
    else measured.impossible[name] = value.reason
  }
  const kernels: Record<Kernel, () => void> = {
    mse: () => add('mse', meanSquaredError(reference, prediction)),
    ssim: () => {
      const { full, cropped } = ssim(reference, prediction, size, size)
      add('ssim', full)
      add('ssim_cropped', cropped)
    },
    msSsim: () => add('ms_ssim', msSsim(reference, prediction, size, size)),
    pixel: () => {
      const counts = pixelCounts(reference, prediction)
      add('pixel_absolute_sum', counts.absoluteSum)
      add('pixel_exact', counts.exact)
      add('pixel_within_1', counts.withinOne)
      add('pixels', counts.pixels)
    },
    boundary: () => {
      const counts = boundaryCounts(prediction, reference, size, size, plan)
      add('boundary_hits_prediction', counts.hitsPrediction)
      add('boundary_hits_reference', counts.hitsReference)
      add('boundary_edges_prediction', counts.predictionEdges)
      add('boundary_edges_reference', counts.referenceEdges)
      add('boundary_pixels', counts.pixels)
    },
  }
  for (const kernel of plan.kernels) kernels[kernel]()
  return measured
}
