import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  batchedPsnr,
  meanSquaredError,
  perImagePsnr,
  psnrFromMse,
} from '../../../../../src/main/core/metrics/psnr/kernel.ts'
import { pairs } from '../arbitraries.ts'
import { packagePairs } from '../packagePairs.ts'
import { waves } from '../pictures.ts'

describe('PSNR', () => {
  const mses = [1, 2, 3].map((k) => meanSquaredError(waves(k).samples, waves(0).samples))

  // metrics.md 4.6
  test('of the golden wave pictures agrees with the specification', () => {
    const expected = [0.000817578, 0.00326063, 0.007296903]
    mses.forEach((mse, i) => expect(mse).toBeCloseTo(expected[i]!, 9))
    const decibels = [30.874708, 24.866985, 21.368615]
    mses.forEach((mse, i) => expect(Math.abs(psnrFromMse(mse) / decibels[i]! - 1)).toBeLessThan(1e-7))
  })

  test('of a dataset depends on the batch size as in the reference scripts', () => {
    expect(batchedPsnr(mses, 3)).toBeCloseTo(24.211657, 5)
    expect(batchedPsnr(mses, 2)).toBeCloseTo(25.059942, 5)
    expect(batchedPsnr(mses, 1)).toBeCloseTo(25.703436, 5)
    expect(perImagePsnr(mses)).toBe(batchedPsnr(mses, 1))
    expect(batchedPsnr(mses, 32)).toBe(batchedPsnr(mses, 3))
  })

  test.each(packagePairs)('of a pair of $title equals torchmetrics', ({ reference, prediction, values }) => {
    const psnr = psnrFromMse(meanSquaredError(prediction.samples, reference.samples))
    if (values.psnr === 'Infinity') expect(psnr).toBe(Infinity)
    // torchmetrics keeps the factor 10 / ln 10 in single precision.
    else expect(Math.abs(psnr / (values.psnr as number) - 1)).toBeLessThan(1e-7)
  })

  test('has the exact integer error on pictures of any size', () => {
    fc.assert(
      fc.property(pairs(1, 60), ({ a, b }) => {
        const sum = a.samples.reduce((total, value, i) => total + (value - b.samples[i]!) ** 2, 0)
        expect(meanSquaredError(a.samples, b.samples)).toBe(sum / (a.samples.length * 255 ** 2))
      }),
    )
  })

  test('does not overflow on a large picture of black against white', () => {
    const black = new Uint8Array(4096 * 2160 * 3)
    expect(meanSquaredError(black, new Uint8Array(black.length).fill(255))).toBe(1)
  })

  test('is infinite for identical pictures, and so is a dataset with an identical batch', () => {
    expect(psnrFromMse(0)).toBe(Infinity)
    expect(batchedPsnr([0.01, 0], 1)).toBe(Infinity)
    expect(batchedPsnr([0.01, 0], 2)).toBeCloseTo(psnrFromMse(0.005), 12)
  })

  test('of no pair at all does not exist', () => {
    expect(batchedPsnr([], 8)).toBeUndefined()
  })

  test('refuses pictures of different sizes', () => {
    expect(() => meanSquaredError(new Uint8Array(12), new Uint8Array(15))).toThrow('12 and 15 samples')
  })
})
