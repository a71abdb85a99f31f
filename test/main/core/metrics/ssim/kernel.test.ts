import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ssim, ssimMap } from '../../../../../src/main/core/metrics/ssim/kernel.ts'
import { pairs } from '../arbitraries.ts'
import { packagePairs } from '../packagePairs.ts'
import { madePicture, waves } from '../pictures.ts'
import { plainSsimMeans, plainSsimSamples } from './plainSsim.ts'

describe('SSIM', () => {
  // metrics.md 4.6; torchmetrics 1.9.0 in double precision gives 0.85986052, 0.60905298, 0.41346699 for the full map.
  test.each([
    [1, 0.85986052, 0.859083],
    [2, 0.60905298, 0.607149],
    [3, 0.41346699, 0.411159],
  ])('of the golden wave picture %i agrees with the specification', (k, full, cropped) => {
    const score = ssim(waves(k).samples, waves(0).samples, 224, 224)
    expect(score.full).toBeCloseTo(full, 8)
    expect(score.cropped).toBeCloseTo(cropped, 6)
  })

  test.each(packagePairs)(
    'of a pair of $title equals torchmetrics in double precision',
    ({ reference, prediction, values }) => {
      const { full } = ssim(prediction.samples, reference.samples, reference.width, reference.height)
      expect(full).toBeCloseTo(values.ssim, 12)
    },
  )

  test('is within single precision of what torchmetrics gives for float32 pictures', () => {
    for (const { reference, prediction, values } of packagePairs) {
      const { full } = ssim(prediction.samples, reference.samples, reference.width, reference.height)
      expect(Math.abs((full as number) / values.ssimSinglePrecision - 1)).toBeLessThan(1e-4)
    }
  })

  test('and its map equal the definition on pictures of any size and kind', () => {
    fc.assert(
      fc.property(pairs(6, 40), ({ a, b }) => {
        const [width, height] = [a.width, a.height]
        const samples = plainSsimSamples(a.samples, b.samples, width, height, 255)
        const expected = plainSsimMeans(samples, width, height)
        const score = ssim(a.samples, b.samples, width, height)
        expect(Math.abs((score.full as number) - expected.full)).toBeLessThan(1e-9)
        if (Math.min(width, height) < 11) expect(score.cropped).toHaveProperty('reason')
        else expect(Math.abs((score.cropped as number) - expected.cropped)).toBeLessThan(1e-9)
        const map = ssimMap(a.samples, b.samples, width, height) as Float32Array
        expect(map).toHaveLength(width * height)
        map.forEach((value, pixel) => {
          const mean = (samples[3 * pixel]! + samples[3 * pixel + 1]! + samples[3 * pixel + 2]!) / 3
          expect(Math.abs(value - mean)).toBeLessThan(1e-6)
        })
      }),
      { numRuns: 40 },
    )
  })

  test('of identical pictures is exactly 1, in the map too', () => {
    const { samples } = madePicture(3, 61, 47, 40)
    expect(ssim(samples, samples, 61, 47)).toEqual({ full: 1, cropped: 1 })
    expect(new Set(ssimMap(samples, samples, 61, 47) as Float32Array)).toEqual(new Set([1]))
  })

  test('does not depend on the pictures computed before', () => {
    const [small, large] = [madePicture(1, 20, 15, 9), madePicture(2, 300, 200, 9)]
    const before = ssim(small.samples, small.samples.toReversed(), 20, 15)
    ssim(large.samples, large.samples.toReversed(), 300, 200)
    expect(ssim(small.samples, small.samples.toReversed(), 20, 15)).toEqual(before)
  })

  test('refuses arrays that are not a picture of the given size', () => {
    const { samples } = madePicture(1, 20, 15, 0)
    expect(() => ssim(samples, samples, 21, 15)).toThrow('900 samples are no 21×15 RGB picture')
    expect(() => ssimMap(samples, samples.subarray(3), 20, 15)).toThrow('897 samples')
  })

  test('gives a reason for pictures that cannot be reflected by 5 pixels', () => {
    const { samples } = madePicture(1, 5, 80, 0)
    const reason = 'SSIM needs pictures of at least 6×6 pixels; these are 5×80.'
    expect(ssim(samples, samples, 5, 80)).toEqual({ full: { reason }, cropped: { reason } })
    expect(ssimMap(samples, samples, 5, 80)).toEqual({ reason })
  })
})
