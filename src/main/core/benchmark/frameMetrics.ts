/** From the raw quantities of single frames to the metrics of single frames and of whole sets. */
import type { Recipe } from '../../../shared/contract/runs.ts'
import { toScoreValue, type Score } from '../../../shared/domain/score.ts'
import { boundaryScores, type BoundaryCounts } from '../metrics/boundary/kernel.ts'
import { batchedPsnr, psnrFromMse } from '../metrics/psnr/kernel.ts'
import type { BenchmarkRepository } from './benchmark.repository.ts'
import { FrameColumn } from './frameColumn.ts'
import type { Quantity } from './kernels.ts'

/** Reads one quantity of a run. */
export type ColumnReader = (quantity: Quantity) => FrameColumn

/** Reads each quantity of a run once, however many metrics are made of it. */
export function columnsOfRun(repository: Pick<BenchmarkRepository, 'column'>, runId: string): ColumnReader {
  const read = new Map<Quantity, FrameColumn>()
  return (quantity) => {
    const column = read.get(quantity) ?? repository.column(runId, quantity)
    read.set(quantity, column)
    return column
  }
}

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

/** The values of one per-frame metric. */
export function frameMetric(metric: string, column: ColumnReader, recipe: Recipe): FrameColumn {
  if (metric === 'PSNR') return column('mse').map(psnrFromMse)
  if (metric === 'SSIM') return column(ssimQuantity(recipe))
  if (metric in plainQuantity) return column(plainQuantity[metric])
  if (metric in pixelShare) {
    const [quantity, samples] = pixelShare[metric]
    const pixels = column('pixels')
    return column(quantity).map((sum, index) => sum / (samples * (pixels.get(index) ?? NaN)))
  }
  if (metric in boundaryOf) return boundaryPerFrame(boundaryOf[metric], column)
  return FrameColumn.of([], [])
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
      value: toScoreValue(batchedPsnr(column('mse').toArray(), recipe.batchSize)!),
      n,
    }
  }
  if (metric in pixelShare) {
    const [quantity, samples] = pixelShare[metric]
    return { status: 'ok', value: column(quantity).sum() / (samples * column('pixels').sum()), n }
  }
  if (metric in boundaryOf) return boundaryOfSet(boundaryOf[metric], column, n)
  const details = metric === 'SSIM' ? { details: ssimVariants(column) } : {}
  return { status: 'ok', value: toScoreValue(values.mean()), n, ...details }
}

const ssimQuantity = (recipe: Recipe): Quantity => (recipe.ssimBorder === 'full' ? 'ssim' : 'ssim_cropped')

function ssimVariants(column: ColumnReader): Record<string, number> {
  const cropped = column('ssim_cropped')
  return { full_map: column('ssim').mean(), ...(cropped.size > 0 ? { cropped: cropped.mean() } : {}) }
}

/** The counts of a frame by its index. */
function boundaryCounts(column: ColumnReader): (index: number) => BoundaryCounts {
  const hitsPrediction = column('boundary_hits_prediction')
  const hitsReference = column('boundary_hits_reference')
  const predictionEdges = column('boundary_edges_prediction')
  const referenceEdges = column('boundary_edges_reference')
  const pixels = column('boundary_pixels')
  return (index) => ({
    hitsPrediction: hitsPrediction.get(index) ?? 0,
    hitsReference: hitsReference.get(index) ?? 0,
    predictionEdges: predictionEdges.get(index) ?? 0,
    referenceEdges: referenceEdges.get(index) ?? 0,
    pixels: pixels.get(index) ?? 0,
  })
}

function boundaryPerFrame(which: Boundary, column: ColumnReader): FrameColumn {
  const countsOf = boundaryCounts(column)
  return column('boundary_hits_prediction').map((_, index) => boundaryScores([countsOf(index)])![which])
}

function boundaryOfSet(which: Boundary, column: ColumnReader, n: number): Score {
  const countsOf = boundaryCounts(column)
  const counts: BoundaryCounts[] = []
  column('boundary_hits_prediction').forEach((_, index) => counts.push(countsOf(index)))
  const scores = boundaryScores(counts)!
  const details = {
    Boundary_GT_Edge_Ratio: scores.referenceEdgeRatio,
    Boundary_Pred_Edge_Ratio: scores.predictionEdgeRatio,
  }
  return { status: 'ok', value: scores[which], n, details }
}
