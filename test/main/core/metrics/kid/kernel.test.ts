import { describe, expect, test } from 'vitest'
import {
  kernelDistance,
  type KernelDistance,
  type KidOptions,
} from '../../../../../src/main/core/metrics/kid/kernel.ts'
import { MersenneTwister } from '../../../../../src/main/core/metrics/mersenneTwister.ts'
import { goldenFeatures, noiseFeatures, rowsOf, type Rows } from '../features.ts'

function distance(a: Float32Array, b: Float32Array, dimension: number, options?: KidOptions): KernelDistance {
  const result = kernelDistance(a, b, dimension, options)
  if ('reason' in result) throw new Error(result.reason)
  return result
}

/** The unbiased estimate, term by term. */
function plainDiscrepancy(a: Rows, b: Rows): number {
  const kernel = (x: number[], y: number[]): number =>
    (x.reduce((sum, value, i) => sum + value * y[i]!, 0) / x.length + 1) ** 3
  const meanOverPairs = (
    first: Rows,
    second: Rows,
    isExcluded: (i: number, j: number) => boolean,
  ): number => {
    let [sum, count] = [0, 0]
    first.forEach((x, i) =>
      second.forEach((y, j) => {
        if (isExcluded(i, j)) return
        sum += kernel(x, y)
        count += 1
      }),
    )
    return sum / count
  }
  const sameSample = (i: number, j: number): boolean => i === j
  return (
    meanOverPairs(a, a, sameSample) + meanOverPairs(b, b, sameSample) - 2 * meanOverPairs(a, b, () => false)
  )
}

describe('KID', () => {
  // metrics.md 7.2
  test('of the golden features agrees with the specification', () => {
    const [x, y] = [goldenFeatures(0, 24, 16).subarray(0, 20 * 16), goldenFeatures(5, 20, 16)]
    expect(distance(x, y, 16, 'all').mean).toBeCloseTo(0.00449696778, 9)
    const { mean, standardDeviation, subsets, note } = distance(x, y, 16)
    expect([mean, standardDeviation, subsets]).toEqual([distance(x, y, 16, 'all').mean, 0, 1])
    expect(note).toBe('Subsets of 20 samples instead of 1000: one side has only 20.')
  })

  test('draws the subsets that torch-fidelity draws', () => {
    // numpy 2.4.6, with RandomState(2020) and the steps of torch-fidelity in double precision.
    const result = distance(goldenFeatures(0, 60, 16), goldenFeatures(5, 50, 16), 16, {
      subsets: 10,
      subsetSize: 20,
      seed: 2020,
    })
    expect(result.mean).toBeCloseTo(-0.007380500722956684, 8)
    expect(result.standardDeviation).toBeCloseTo(0.009832908202688348, 8)
    expect(result).toMatchObject({ subsets: 10, subsetSize: [20, 20] })
  })

  test('gives the same with and without a table of all kernel values', () => {
    const [x, y] = [noiseFeatures(1, 80, 6), noiseFeatures(2, 70, 6)]
    // One subset of few samples is cheaper without the table, many are cheaper with it.
    const [rowsX, rowsY] = [rowsOf(x, 6), rowsOf(y, 6)]
    for (const subsets of [1, 40]) {
      const random = new MersenneTwister(5)
      const expected = Array.from({ length: subsets }, () => {
        const [chosenX, chosenY] = [random.choice(80, 30), random.choice(70, 30)]
        return plainDiscrepancy(
          [...chosenX].map((i) => rowsX[i]!),
          [...chosenY].map((i) => rowsY[i]!),
        )
      })
      const mean = expected.reduce((sum, value) => sum + value, 0) / subsets
      expect(distance(x, y, 6, { subsets, subsetSize: 30, seed: 5 }).mean).toBeCloseTo(mean, 8)
    }
  })

  test('takes everything of sets of different size when asked for all', () => {
    const [x, y] = [noiseFeatures(1, 21, 4), noiseFeatures(2, 34, 4)]
    const { mean, subsetSize } = distance(x, y, 4, 'all')
    expect(mean).toBeCloseTo(plainDiscrepancy(rowsOf(x, 4), rowsOf(y, 4)), 8)
    expect(subsetSize).toEqual([21, 34])
  })

  test('shrinks subsets to the smaller side and says so', () => {
    const result = distance(noiseFeatures(1, 50, 4), noiseFeatures(2, 12, 4), 4, {
      subsets: 3,
      subsetSize: 30,
      seed: 1,
    })
    expect(result).toMatchObject({ subsets: 3, subsetSize: [12, 12] })
    expect(result.note).toBe('Subsets of 12 samples instead of 30: one side has only 12.')
  })

  test('needs two samples on each side', () => {
    expect(kernelDistance(noiseFeatures(1, 1, 4), noiseFeatures(2, 9, 4), 4)).toEqual({
      reason: 'KID needs at least 2 samples on each side; one side has 1.',
    })
  })
})
