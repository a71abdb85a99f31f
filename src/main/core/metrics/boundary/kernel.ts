/**
 * Boundary F1 of the v1 protocol: do strong edges of the prediction lie near strong edges of the reference? Counts of
 * pairs are summed over the dataset before any division (micro average).
 */
import { Workspace, type WorkspaceExports } from '../../wasm/workspace.ts'
import { requirePictures } from '../measurement.ts'
import { loadKernel } from '../../wasm/load.ts'
import boundaryModule from '../../wasm/generated/boundary.ts'

type BoundaryExports = WorkspaceExports & {
  greyStride(width: number): number
  maskStride(width: number, tolerance: number): number
  sobelMagnitudes(
    ...offsets: [rgb: number, tables: number, grey: number, magnitudes: number, width: number, height: number]
  ): void
  orderStatistic(values: number, count: number, rank: number, histogram: number): number
  nextOrderStatistic(values: number, count: number, rank: number, value: number): number
  markEdges(
    ...offsets: [
      magnitudes: number,
      threshold: number,
      mask: number,
      width: number,
      height: number,
      tolerance: number,
    ]
  ): number
  hitsWithin(
    ...offsets: [mask: number, other: number, row: number, width: number, height: number, tolerance: number]
  ): number
}

const kernel = loadKernel<BoundaryExports>(boundaryModule)

/** What counts as an edge, and how near is near. */
export type BoundaryOptions = {
  /** A pixel is an edge when its gradient is above this quantile (0..1) of its own picture's gradients. */
  edgeQuantile: number
  /** Rows and columns by which an edge may be displaced. */
  edgeTolerance: number
}

/** The options of the reference script. */
export const defaultBoundaryOptions: BoundaryOptions = { edgeQuantile: 0.85, edgeTolerance: 2 }

/** Counts over one pair or over many. */
export type BoundaryCounts = {
  /** Edge pixels of the prediction near an edge of the reference. */
  hitsPrediction: number
  /** Edge pixels of the reference near an edge of the prediction. */
  hitsReference: number
  predictionEdges: number
  referenceEdges: number
  pixels: number
}

/** Scores of a dataset, 0..1. Without any edge in one side the three scores are 0, as in the reference script. */
export type BoundaryScores = {
  f1: number
  precision: number
  recall: number
  referenceEdgeRatio: number
  predictionEdgeRatio: number
}

/** Single-precision grey contribution `v / 255 * weight` of every red, green and blue value, as the reference rounds it. */
const greyTables = Float32Array.from(
  [0.299, 0.587, 0.114].flatMap((weight) =>
    Array.from({ length: 256 }, (_, value) => Math.fround(value / 255) * Math.fround(weight)),
  ),
)

/** Counts of one pair of RGB pictures of one size (uint8, H x W x 3). */
export function boundaryCounts(
  prediction: Uint8Array,
  reference: Uint8Array,
  width: number,
  height: number,
  { edgeQuantile, edgeTolerance }: BoundaryOptions = defaultBoundaryOptions,
): BoundaryCounts {
  if (!(edgeQuantile >= 0 && edgeQuantile <= 1)) throw new RangeError(`Not a quantile: ${edgeQuantile}`)
  if (!Number.isInteger(edgeTolerance) || edgeTolerance < 0)
    throw new RangeError(`Not a tolerance: ${edgeTolerance}`)
  requirePictures(width, height, prediction, reference)
  const workspace = new Workspace(kernel)
  const pixels = width * height
  const tables = workspace.put(greyTables)
  const grey = workspace.reserve(kernel.greyStride(width) * (height + 2) * 4)
  const magnitudes = workspace.reserve(pixels * 4)
  const histogram = workspace.reserve(2048 * 4)
  const stride = kernel.maskStride(width, edgeTolerance)
  const row = workspace.reserve(stride)
  const [predicted, expected] = [prediction, reference].map((picture) => {
    const rgb = workspace.put(picture)
    const mask = workspace.reserve(stride * (height + 2 * edgeTolerance))
    kernel.sobelMagnitudes(rgb, tables, grey, magnitudes, width, height)
    const threshold = quantile(magnitudes, pixels, edgeQuantile, histogram)
    return { mask, edges: kernel.markEdges(magnitudes, threshold, mask, width, height, edgeTolerance) }
  }) as [{ mask: number; edges: number }, { mask: number; edges: number }]
  return {
    hitsPrediction: kernel.hitsWithin(predicted.mask, expected.mask, row, width, height, edgeTolerance),
    hitsReference: kernel.hitsWithin(expected.mask, predicted.mask, row, width, height, edgeTolerance),
    predictionEdges: predicted.edges,
    referenceEdges: expected.edges,
    pixels,
  }
}

/** `torch.quantile` of single-precision values: rank and interpolation are rounded to single precision there too. */
function quantile(values: number, count: number, q: number, histogram: number): number {
  const rank = Math.fround(Math.fround(q) * Math.fround(count - 1))
  const below = Math.floor(rank)
  const weight = Math.fround(rank - below)
  const lower = kernel.orderStatistic(values, count, below, histogram)
  if (weight === 0) return lower
  const upper = kernel.nextOrderStatistic(values, count, below, lower)
  const gap = Math.fround(upper - lower)
  return weight < 0.5 ? Math.fround(lower + weight * gap) : Math.fround(upper - (1 - weight) * gap)
}

/** Scores over all pairs; undefined when there is no pixel. */
export function boundaryScores(pairs: Iterable<BoundaryCounts>): BoundaryScores | undefined {
  const total = { hitsPrediction: 0, hitsReference: 0, predictionEdges: 0, referenceEdges: 0, pixels: 0 }
  for (const pair of pairs) {
    total.hitsPrediction += pair.hitsPrediction
    total.hitsReference += pair.hitsReference
    total.predictionEdges += pair.predictionEdges
    total.referenceEdges += pair.referenceEdges
    total.pixels += pair.pixels
  }
  if (total.pixels === 0) return undefined
  const precision = fraction(total.hitsPrediction, total.predictionEdges)
  const recall = fraction(total.hitsReference, total.referenceEdges)
  return {
    f1: fraction(2 * precision * recall, precision + recall),
    precision,
    recall,
    referenceEdgeRatio: total.referenceEdges / total.pixels,
    predictionEdgeRatio: total.predictionEdges / total.pixels,
  }
}

function fraction(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
