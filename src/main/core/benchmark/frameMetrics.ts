/** From the raw quantities of single frames to the metrics of single frames and of whole sets. */
import type { Recipe } from '../../../shared/contract/runs.ts'
import { toScoreValue, type Score } from '../../../shared/domain/score.ts'
import { boundaryScores, type BoundaryCounts } from '../metrics/boundary/kernel.ts'
import { batchedPsnr, psnrFromMse } from '../metrics/psnr/kernel.ts'
import type { Quantity } from './kernels.ts'

/** Reads one quantity of a run: frame index to value, frames without it left out. */
export type ColumnReader = (quantity: Quantity) => Map<number, number>

type Boundary = 'f1' | 'precision' | 'recall'

const boundaryOf: Record<string, Boundary> = {
  Boundary_F1: 'f1',
  Boundary_Precision: 'precision',
  Boundary_Recall: 'recall',
}
const pixelShare: Record<string, [Quantity, number]> = {
  // The absolute sum is over samples, three for each pixel.
  Pixel_MAE_255: ['pixel_absolute_sum', 3],
  Pixel_Exact_Acc: ['pixel_exact', 1],
  Pixel_Within_1_Acc: ['pixel_within_1', 1],
}
const plainQuantity: Record<string, Quantity> = {
  MS_SSIM: 'ms_ssim',
  LPIPS: 'lpips',
  CLIP: 'clip',
  Aesthetic: 'aesthetic',
}

/** The values of one per-frame metric, by frame index. */
export function frameMetric(metric: string, column: ColumnReader, recipe: Recipe): Map<number, number> {
  if (metric === 'PSNR') return mapValues(column('mse'), psnrFromMse)
  if (metric === 'SSIM') return column(ssimQuantity(recipe))
  if (metric in plainQuantity) return column(plainQuantity[metric])
  if (metric in pixelShare) {
    const [quantity, samples] = pixelShare[metric]
    const pixels = column('pixels')
    return mapValues(column(quantity), (sum, index) => sum / (samples * (pixels.get(index) ?? NaN)))
  }
  if (metric in boundaryOf) return boundaryPerFrame(boundaryOf[metric], column)
  return new Map()
}

/**
 * The value of a per-frame metric over a whole set, aggregated as the reference scripts do: PSNR by batches, pixel
 * shares and boundary counts over the sums, everything else as the mean.
 */
export function setMetric(metric: string, column: ColumnReader, recipe: Recipe): Score {
  const values = frameMetric(metric, column, recipe)
  if (values.size === 0) return { status: 'failed', reason: 'No frame gave a value.' }
  const n = values.size
  if (metric === 'PSNR' && recipe.protocol.psnr === 'batched') {
    return {
      status: 'ok',
      value: toScoreValue(batchedPsnr([...column('mse').values()], recipe.batchSize)!),
      n,
    }
  }
  if (metric in pixelShare) {
    const [quantity, samples] = pixelShare[metric]
    return { status: 'ok', value: total(column(quantity)) / (samples * total(column('pixels'))), n }
  }
  if (metric in boundaryOf) return boundaryOfSet(boundaryOf[metric], column, n)
  const details = metric === 'SSIM' ? { details: ssimVariants(column) } : {}
  return { status: 'ok', value: toScoreValue(mean(values)), n, ...details }
}

const ssimQuantity = (recipe: Recipe): Quantity => (recipe.ssimBorder === 'full' ? 'ssim' : 'ssim_cropped')

function ssimVariants(column: ColumnReader): Record<string, number> {
  const cropped = column('ssim_cropped')
  return { full_map: mean(column('ssim')), ...(cropped.size > 0 ? { cropped: mean(cropped) } : {}) }
}

function boundaryCounts(column: ColumnReader): Map<number, BoundaryCounts> {
  const hitsReference = column('boundary_hits_reference')
  const predictionEdges = column('boundary_edges_prediction')
  const referenceEdges = column('boundary_edges_reference')
  const pixels = column('boundary_pixels')
  const at = (values: Map<number, number>, index: number) => values.get(index) ?? 0
  return mapValues(column('boundary_hits_prediction'), (hitsPrediction, index) => ({
    hitsPrediction,
    hitsReference: at(hitsReference, index),
    predictionEdges: at(predictionEdges, index),
    referenceEdges: at(referenceEdges, index),
    pixels: at(pixels, index),
  }))
}

function boundaryPerFrame(which: Boundary, column: ColumnReader): Map<number, number> {
  return mapValues(boundaryCounts(column), (counts) => boundaryScores([counts])![which])
}

function boundaryOfSet(which: Boundary, column: ColumnReader, n: number): Score {
  const scores = boundaryScores(boundaryCounts(column).values())!
  const details = {
    Boundary_GT_Edge_Ratio: scores.referenceEdgeRatio,
    Boundary_Pred_Edge_Ratio: scores.predictionEdgeRatio,
  }
  return { status: 'ok', value: scores[which], n, details }
}

function mapValues<A, B>(map: Map<number, A>, change: (value: A, index: number) => B): Map<number, B> {
  const changed = new Map<number, B>()
  for (const [index, value] of map) changed.set(index, change(value, index))
  return changed
}

function total(values: Map<number, number>): number {
  let sum = 0
  for (const value of values.values()) sum += value
  return sum
}
const mean = (values: Map<number, number>) => total(values) / values.size
