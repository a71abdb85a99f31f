import { describe, expect, it } from 'vitest'
import { decimateMinMax, smoothEma } from '../../../src/shared/domain/trainLogSeries.ts'

describe('smoothEma', () => {
  it('starts at the first value and not at zero', () => {
    expect([...smoothEma([4, 4, 4], 0.9)].map((value) => value.toFixed(10))).toEqual([
      '4.0000000000',
      '4.0000000000',
      '4.0000000000',
    ])
    expect(smoothEma([1, 2], 0.5)[1]).toBeCloseTo((0.25 + 1) / 0.75, 12)
  })
  it('leaves values alone with weight 0 and passes over those that are not finite', () => {
    expect([...smoothEma([1, NaN, 3], 0)]).toEqual([1, NaN, 3])
    expect([...smoothEma([1, NaN, 1, Infinity], 0.5)]).toEqual([1, NaN, 1, Infinity])
  })
})

describe('decimateMinMax', () => {
  it('keeps short curves whole, and the first, the last and all extremes of long ones', () => {
    expect([...decimateMinMax([1, 2, 3], 10)]).toEqual([0, 1, 2])
    const values = Float64Array.from({ length: 1_000_000 }, (_, index) => Math.sin(index / 1000))
    values[777_777] = 50
    values[222_222] = -50
    const kept = decimateMinMax(values, 2000)
    expect(kept.length).toBeLessThanOrEqual(2000)
    expect([...kept]).toEqual([...kept].toSorted((a, b) => a - b))
    expect([kept[0], kept.at(-1)]).toEqual([0, 999_999])
    expect(kept).toContain(777_777)
    expect(kept).toContain(222_222)
  })
  it('leaves a gap where a stretch has no number', () => {
    const values = Float64Array.from({ length: 1000 }, (_, index) => (index > 300 && index < 600 ? NaN : 1))
    expect([...decimateMinMax(values, 50)].some((index) => Number.isNaN(values[index]))).toBe(true)
  })
})
