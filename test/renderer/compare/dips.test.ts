import { describe, expect, it } from 'vitest'
import {
  dipsOf,
  extentOf,
  extremes,
  nextDip,
  rankAt,
} from '../../../src/renderer/src/features/compare/playback/dips.ts'

const column = Float32Array.from([9, 8, 2, 8, 9, NaN, 9, 9, 9, 9, 1, 9, 9, Infinity])

describe('places worth looking at', () => {
  it('lists the worst first in the direction of the metric, frames without a value left out', () => {
    expect(extremes(column, 'higher', 'worst', 3)).toEqual([10, 2, 1])
    expect(extremes(column, 'lower', 'best', 2)).toEqual([10, 2])
    expect(extremes(column, 'higher', 'best', 1)).toEqual([13])
    expect(extremes(column, 'higher', 'worst', 3, 0, 4)).toEqual([2, 1, 3])
  })

  it('counts one bad stretch as one dip, at its worst frame', () => {
    const stretch = Float32Array.from([9, 9, 9, 9, 5, 4, 3, 4, 5, 9, 9, 9, 9, 9, 9, 2, 9, 9, 9, 9])
    expect(dipsOf(stretch, 'higher')).toEqual([6, 15])
    expect(
      dipsOf(
        stretch.map((value) => -value),
        'lower',
      ),
    ).toEqual([6, 15])
    expect(dipsOf(new Float32Array(4).fill(NaN), 'higher')).toEqual([])
  })

  it('goes from dip to dip and begins again at the other end', () => {
    expect(nextDip([6, 15], 6, 1)).toBe(15)
    expect(nextDip([6, 15], 15, 1)).toBe(6)
    expect(nextDip([6, 15], 6, -1)).toBe(15)
    expect(nextDip([], 6, 1)).toBeUndefined()
  })

  it('ranks by the direction, equal values alike', () => {
    expect(rankAt(column, 'higher', 13)).toEqual({ rank: 1, of: 13 })
    expect(rankAt(column, 'higher', 0)).toEqual({ rank: 2, of: 13 })
    expect(rankAt(column, 'higher', 10)).toEqual({ rank: 13, of: 13 })
    expect(rankAt(column, 'lower', 10)).toEqual({ rank: 1, of: 13 })
    expect(rankAt(column, 'lower', 5)).toBeUndefined()
  })

  it('leaves infinite values out of axes', () => {
    expect(extentOf([column])).toEqual({ min: 1, max: 9 })
    expect(extentOf([new Float32Array([NaN, Infinity])])).toBeUndefined()
  })
})
