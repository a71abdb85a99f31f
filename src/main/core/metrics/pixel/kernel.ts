/**
 * Pixel metrics of the v1 protocol. A pair gives integer counts, so that a dataset's score is one exact division however
 * its pairs were split over workers or runs.
 */
import { placePair } from './differences.ts'

/** Counts over one pair or over many. */
export type PixelCounts = {
  /** Sum of absolute sample differences, 0..255 each. */
  absoluteSum: number
  /** Pixels whose three channels are all equal. */
  exact: number
  /** Pixels whose three channels all differ by at most 1. */
  withinOne: number
  pixels: number
}

/** Scores of a dataset: mean absolute error in 0..255, and fractions of pixels in 0..1. */
export type PixelScores = { mae255: number; exactAccuracy: number; withinOneAccuracy: number }

/** Counts of one pair of RGB pictures of one size (uint8, H x W x 3). */
export function pixelCounts(a: Uint8Array, b: Uint8Array): PixelCounts {
  const pair = placePair(a, b)
  return {
    absoluteSum: pair.absolute(),
    exact: pair.pixelsWithin(0),
    withinOne: pair.pixelsWithin(1),
    pixels: a.length / 3,
  }
}

/** Scores over all pairs, each pixel with the same weight; undefined when there is no pixel. */
export function pixelScores(pairs: Iterable<PixelCounts>): PixelScores | undefined {
  const total = { absoluteSum: 0, exact: 0, withinOne: 0, pixels: 0 }
  for (const pair of pairs) {
    total.absoluteSum += pair.absoluteSum
    total.exact += pair.exact
    total.withinOne += pair.withinOne
    total.pixels += pair.pixels
  }
  if (total.pixels === 0) return undefined
  return {
    mae255: total.absoluteSum / (total.pixels * 3),
    exactAccuracy: total.exact / total.pixels,
    withinOneAccuracy: total.withinOne / total.pixels,
  }
}
