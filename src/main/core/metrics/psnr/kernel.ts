/**
 * Peak signal-to-noise ratio of pictures in [0, 1], in decibels. The mean squared error is an exact integer sum, so it
 * does not depend on the order of the samples.
 */
import { placePair } from '../pixel/differences.ts'

/**
 * Mean squared error of two RGB pictures of one size (uint8), in the scale of pictures in [0, 1]: 0 for identical
 * pictures, 1 for black against white.
 */
export function meanSquaredError(a: Uint8Array, b: Uint8Array): number {
  return placePair(a, b).squared() / (a.length * 255 ** 2)
}

/** `-10 log10(mse)` in dB; Infinity for identical pictures. */
export function psnrFromMse(mse: number): number {
  return mse === 0 ? Infinity : -10 * Math.log10(mse)
}

/**
 * PSNR of a dataset in dB as the reference scripts report it: the error is averaged inside each batch before the
 * logarithm, and the batches' dB are averaged with their sizes as weights. It depends on the batch size and the order of
 * the pairs, and is never above the mean of the pairs' own PSNR; a batch size of 1 gives that mean.
 *
 * @param mses mean squared error of each pair, all of one picture size, in dataset order
 * @returns Infinity when some batch is without any error; undefined when there is no pair
 */
export function batchedPsnr(mses: ArrayLike<number>, batchSize: number): number | undefined {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`Not a batch size: ${batchSize}`)
  if (mses.length === 0) return undefined
  let weighted = 0
  for (let start = 0; start < mses.length; start += batchSize) {
    const end = Math.min(start + batchSize, mses.length)
    let batchSum = 0
    for (let i = start; i < end; i++) batchSum += mses[i]!
    weighted += psnrFromMse(batchSum / (end - start)) * (end - start)
  }
  return weighted / mses.length
}

/** Mean of the pairs' own PSNR in dB, independent of order and batch size; undefined when there is no pair. */
export function perImagePsnr(mses: ArrayLike<number>): number | undefined {
  return batchedPsnr(mses, 1)
}
