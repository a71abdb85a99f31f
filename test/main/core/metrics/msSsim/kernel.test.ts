import { describe, expect, test } from 'vitest'
import { msSsim } from '../../../../../src/main/core/metrics/msSsim/kernel.ts'
import { packagePairs } from '../packagePairs.ts'
import { madePicture, waves } from '../pictures.ts'

describe('MS-SSIM', () => {
  // metrics.md 4.6
  test.each([
    [1, 0.926353],
    [2, 0.77498],
    [3, 0.627787],
  ])('of the golden wave picture %i agrees with the specification', (k, expected) => {
    expect(
      Math.abs((msSsim(waves(k).samples, waves(0).samples, 224, 224) as number) - expected),
    ).toBeLessThan(3e-6)
  })

  const largeEnough = packagePairs.filter(({ values }) => values.msSsim !== null)
  // torchmetrics keeps the exponents in single precision, which moves the eighth digit.
  test.each(largeEnough)(
    'of a pair of $title agrees with torchmetrics',
    ({ reference, prediction, values }) => {
      const score = msSsim(prediction.samples, reference.samples, reference.width, reference.height)
      expect(score).toBeCloseTo(values.msSsim!, 7)
    },
  )

  test('is 0, not negative, when a picture is compared with its negative', () => {
    const { samples } = waves(2)
    expect(
      msSsim(
        samples,
        samples.map((value) => 255 - value),
        224,
        224,
      ),
    ).toBe(0)
  })

  test('gives a reason for a side under 176 pixels and a number from there on', () => {
    const short = madePicture(1, 175, 400, 0).samples
    const enough = madePicture(1, 176, 176, 0).samples
    expect(msSsim(short, short, 175, 400)).toEqual({
      reason: 'MS-SSIM needs pictures of at least 176×176 pixels; these are 175×400.',
    })
    expect(msSsim(enough, enough, 176, 176)).toBe(1)
  })
})
