import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frechetDistance, type FrechetDistance } from '../../../../../src/main/core/metrics/frechet/kernel.ts'
import {
  covarianceOf,
  FeatureAccumulator,
  featureStatistics,
  type FeatureStatistics,
} from '../../../../../src/main/core/metrics/frechet/statistics.ts'
import { goldenFeatures, noiseFeatures, plainRootTrace, plainStatistics, rowsOf } from '../features.ts'
import { packageValues } from '../packagePairs.ts'

function distance(a: FeatureStatistics, b: FeatureStatistics): FrechetDistance {
  const result = frechetDistance(a, b)
  if ('reason' in result) throw new Error(result.reason)
  return result
}

/** The same statistics as they would come from a file: mean and covariance only. */
function asStored(statistics: FeatureStatistics): FeatureStatistics {
  return { ...statistics, count: undefined, spread: { kind: 'covariance', matrix: covarianceOf(statistics) } }
}

describe('the Fréchet distance', () => {
  // metrics.md 6.4
  test('of the golden features agrees with the specification', () => {
    const many = distance(
      featureStatistics(goldenFeatures(0, 24, 16), 16),
      featureStatistics(goldenFeatures(5, 20, 16), 16),
    )
    expect(many.value).toBeCloseTo(0.90708651, 7)
    expect(many.meanTerm).toBeCloseTo(0.11453389, 7)
    expect(many.traces[0]).toBeCloseTo(1.36281578, 7)
    expect(many.traces[1]).toBeCloseTo(1.2979745, 7)
    expect(many.note).toBeUndefined()
    const few = distance(
      featureStatistics(goldenFeatures(0, 8, 32), 32),
      featureStatistics(goldenFeatures(5, 6, 32), 32),
    )
    expect(few.value).toBeCloseTo(4.3732452, 6)
    expect(few.note).toContain('6 samples for 32 feature dimensions')
  })

  test.each(packageValues.frechet)(
    'of $count and $otherCount samples in $dimension dimensions equals torchmetrics',
    ({ seed, count, otherCount, dimension, torchmetrics }) => {
      const a = featureStatistics(noiseFeatures(seed, count, dimension), dimension)
      const b = featureStatistics(noiseFeatures(seed + 50, otherCount, dimension), dimension)
      // torchmetrics takes roots of rounding errors where a covariance is singular.
      expect(Math.abs(distance(a, b).value / torchmetrics - 1)).toBeLessThan(1e-6)
      expect(Math.abs(distance(asStored(a), b).value / distance(a, b).value - 1)).toBeLessThan(1e-6)
      expect(Math.abs(distance(asStored(a), asStored(b)).value / distance(a, b).value - 1)).toBeLessThan(1e-6)
    },
  )

  test('equals the definition by eigenvalues for any number of samples and dimensions', () => {
    const count = fc.integer({ min: 2, max: 24 })
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 1e6 }),
        (n1, n2, dimension, seed) => {
          const [x, y] = [noiseFeatures(seed, n1, dimension), noiseFeatures(seed + 9, n2, dimension)]
          const [p, q] = [plainStatistics(rowsOf(x, dimension)), plainStatistics(rowsOf(y, dimension))]
          const result = distance(featureStatistics(x, dimension), featureStatistics(y, dimension))
          expect(Math.abs(result.rootTrace - plainRootTrace(p.covariance, q.covariance))).toBeLessThan(2e-6)
          expect(result.meanTerm).toBeCloseTo(
            p.mean.reduce((sum, value, i) => sum + (value - q.mean[i]!) ** 2, 0),
            9,
          )
          const parts = result.meanTerm + result.traces[0] + result.traces[1] - 2 * result.rootTrace
          expect(result.value).toBe(Math.max(0, parts))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of a set with itself is 0 up to rounding, and never negative', () => {
    for (const [count, dimension] of [
      [300, 40],
      [40, 300],
      [3, 8],
    ] as const) {
      const statistics = featureStatistics(noiseFeatures(11, count, dimension), dimension)
      const { value, traces } = distance(statistics, statistics)
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThan(1e-12 * traces[0])
      expect(distance(asStored(statistics), statistics).value).toBeLessThan(1e-6 * traces[0])
    }
  })

  test('is symmetric and unchanged by features that are always the same', () => {
    const widen = (features: Float32Array): Float32Array =>
      Float32Array.from(rowsOf(features, 10).flatMap((row) => [...row, 7, 0]))
    const [x, y] = [noiseFeatures(1, 60, 10), noiseFeatures(2, 50, 10)]
    const forth = distance(featureStatistics(x, 10), featureStatistics(y, 10)).value
    const back = distance(featureStatistics(y, 10), featureStatistics(x, 10)).value
    const widened = distance(featureStatistics(widen(x), 12), featureStatistics(widen(y), 12)).value
    expect(back).toBeCloseTo(forth, 10)
    expect(widened).toBeCloseTo(forth, 10)
  })

  test('needs two samples on each side', () => {
    const [one, many] = [
      featureStatistics(noiseFeatures(1, 1, 8), 8),
      featureStatistics(noiseFeatures(2, 9, 8), 8),
    ]
    expect(frechetDistance(one, many)).toEqual({
      reason: 'A Fréchet distance needs at least 2 samples on each side; one side has 1.',
    })
  })

  test('refuses features of different networks', () => {
    const [a, b] = [
      featureStatistics(noiseFeatures(1, 9, 8), 8),
      featureStatistics(noiseFeatures(2, 9, 16), 16),
    ]
    expect(() => frechetDistance(a, b)).toThrow('8 and 16 dimensions')
  })
})

describe('feature statistics', () => {
  test('are the same however the vectors are handed over, before and after there are more than dimensions', () => {
    const features = noiseFeatures(3, 700, 12)
    const whole = featureStatistics(features, 12)
    const pieces = new FeatureAccumulator(12)
    for (const [from, to] of [
      [0, 1],
      [1, 9],
      [9, 13],
      [13, 14],
      [14, 400],
      [400, 700],
    ] as const) {
      pieces.add(features.subarray(from * 12, to * 12))
    }
    expect(pieces.count).toBe(700)
    expect(pieces.finish()).toEqual(whole)
  })

  test('can be asked for in between', () => {
    const features = noiseFeatures(3, 40, 6)
    const accumulator = new FeatureAccumulator(6)
    for (let count = 1; count <= 40; count++) {
      accumulator.add(features.subarray((count - 1) * 6, count * 6))
      const { mean, count: counted } = accumulator.finish()
      const expected = plainStatistics(rowsOf(features.subarray(0, count * 6), 6)).mean
      expect(counted).toBe(count)
      mean.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
    }
  })

  test('keep their accuracy when the mean is far larger than the spread', () => {
    const dimension = 5
    const far = noiseFeatures(4, 900, dimension).map((value) => 4096 + value / 4)
    const { covariance } = plainStatistics(rowsOf(far, dimension))
    covarianceOf(featureStatistics(far, dimension)).values.forEach((value, at) =>
      expect(Math.abs(value - covariance.flat()[at]!)).toBeLessThan(1e-12),
    )
  })

  test('refuse values that are not finite', () => {
    expect(() => featureStatistics(Float32Array.of(1, NaN, 2, 3), 2)).toThrow('not finite')
  })
})
