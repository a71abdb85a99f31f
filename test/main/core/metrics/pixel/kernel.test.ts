import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  pixelCounts,
  pixelScores,
  type PixelCounts,
} from '../../../../../src/main/core/metrics/pixel/kernel.ts'
import { pairs } from '../arbitraries.ts'
import { waves } from '../pictures.ts'

function plainCounts(a: Uint8Array, b: Uint8Array): PixelCounts {
  const counts = { absoluteSum: 0, exact: 0, withinOne: 0, pixels: a.length / 3 }
  for (let at = 0; at < a.length; at += 3) {
    const differences = [0, 1, 2].map((c) => Math.abs(a[at + c]! - b[at + c]!))
    counts.absoluteSum += differences.reduce((sum, value) => sum + value, 0)
    if (differences.every((value) => value === 0)) counts.exact += 1
    if (differences.every((value) => value <= 1)) counts.withinOne += 1
  }
  return counts
}

describe('pixel metrics', () => {
  // metrics.md 4.6
  test.each([
    [1, 6.180983, 0.00197305],
    [2, 12.359581, 0],
    [3, 18.495755, 0],
  ])('of the golden wave picture %i agree with the specification', (k, mae, withinOne) => {
    const scores = pixelScores([pixelCounts(waves(k).samples, waves(0).samples)])!
    expect(scores.mae255).toBeCloseTo(mae, 6)
    expect(scores.withinOneAccuracy).toBeCloseTo(withinOne, 8)
    expect(scores.exactAccuracy).toBe(0)
  })

  test('count exactly on pictures of any size and kind', () => {
    fc.assert(
      fc.property(pairs(1, 40), ({ a, b }) => {
        const near = b.samples.map((value, i) =>
          i % 5 === 0 ? value : Math.min(255, a.samples[i]! + (i % 2)),
        )
        expect(pixelCounts(a.samples, b.samples)).toEqual(plainCounts(a.samples, b.samples))
        expect(pixelCounts(a.samples, near)).toEqual(plainCounts(a.samples, near))
      }),
    )
  })

  test('weigh every pixel of a dataset alike', () => {
    const small = { absoluteSum: 30, exact: 0, withinOne: 5, pixels: 10 }
    const large = { absoluteSum: 0, exact: 90, withinOne: 90, pixels: 90 }
    expect(pixelScores([small, large])).toEqual({ mae255: 0.1, exactAccuracy: 0.9, withinOneAccuracy: 0.95 })
    expect(pixelScores([])).toBeUndefined()
  })
})
