/**
 * Structural similarity (Wang et al. 2004) as torchmetrics computes it on pictures in [0, 1]: 11 x 11 Gaussian window of
 * sigma 1.5, reflected edges, C1 = 0.01^2, C2 = 0.03^2. torchmetrics 1.4.2 and later average the whole map; versions up
 * to 1.4.1 first crop 5 pixels at each edge, which moves scores by 1e-3 to 4e-3.
 */
import { requirePictures, type Measurement } from '../measurement.ts'
import { indexOfBytes, smallestSide, windowRadius } from './window.ts'

/** SSIM of one pair, 1 for identical pictures: over the whole map, and cropped 5 pixels at each edge. */
export type Ssim = { full: Measurement; cropped: Measurement }

/**
 * SSIM of two RGB pictures of one size (uint8, H x W x 3, interleaved). The reference of a pair and its prediction
 * may be swapped. Sides under 6 pixels have no score, sides under 11 no cropped one.
 */
export function ssim(a: Uint8Array, b: Uint8Array, width: number, height: number): Ssim {
  requirePictures(width, height, a, b)
  if (Math.min(width, height) < smallestSide) {
    const tooSmall = { reason: reasonTooSmall(width, height, smallestSide) }
    return { full: tooSmall, cropped: tooSmall }
  }
  const { full, cropped } = indexOfBytes(a, b, width, height, false)
  return { full, cropped: cropped ?? { reason: reasonTooSmall(width, height, 2 * windowRadius + 1) } }
}

/**
 * The SSIM of every pixel, for pictures over pictures: H x W values in row order, each the mean over R, G and B of the
 * index at that pixel (-1..1). The mean of the map is the full SSIM.
 */
export function ssimMap(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  height: number,
): Float32Array<ArrayBuffer> | { reason: string } {
  requirePictures(width, height, a, b)
  if (Math.min(width, height) < smallestSide) return { reason: reasonTooSmall(width, height, smallestSide) }
  return indexOfBytes(a, b, width, height, true).map!
}

function reasonTooSmall(width: number, height: number, needed: number): string {
  return `SSIM needs pictures of at least ${needed}×${needed} pixels; these are ${width}×${height}.`
}
