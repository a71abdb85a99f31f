import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanInterval } from '../../../../src/main/core/runs/pairedBootstrap.ts'

describe('the interval of a mean', () => {
  it('of one value many times is that value', () => {
    expect(meanInterval([3, 3, 3, 3])).toEqual([3, 3])
    expect(meanInterval([7])).toEqual([7, 7])
  })

  it('lies around the mean and inside the values, and is the same every time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const [low, high] = meanInterval(values)
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9)
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9)
          expect(meanInterval(values)).toEqual([low, high])
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is as wide as theory says for independent values', () => {
    // 400 values of a fixed normal-like sequence: sums of 12 uniforms; standard error of the mean 1/20.
    let state = 12345
    const uniform = () => (state = (state * 16807) % 2147483647) / 2147483647
    const values = Array.from(
      { length: 400 },
      () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value) - 6,
    )
    const [low, high] = meanInterval(values, 1)
    expect(high - low).toBeGreaterThan(2 * 1.96 * 0.05 * 0.85)
    expect(high - low).toBeLessThan(2 * 1.96 * 0.05 * 1.15)
  })

  it('is wider for values that resemble their neighbours than blocks of one would say', () => {
    const slow = Array.from({ length: 400 }, (_, index) => Math.sin(index / 20))
    const width = ([low, high]: [number, number]) => high - low
    expect(width(meanInterval(slow, 40))).toBeGreaterThan(2 * width(meanInterval(slow, 1)))
  })
})
