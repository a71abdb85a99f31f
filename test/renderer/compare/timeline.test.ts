import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  columnStates,
  decimate,
  worstStates,
} from '../../../src/renderer/src/features/compare/timeline/decimation.ts'
import { heightShare } from '../../../src/renderer/src/features/compare/timeline/drawTimeline.ts'
import {
  isWhole,
  moveRange,
  placeOfPosition,
  positionAt,
  revealPosition,
  wholeRange,
  zoomRange,
} from '../../../src/renderer/src/features/compare/timeline/range.ts'

describe('decimation', () => {
  it('never draws a single bad frame away, however many frames share a column', () => {
    const values = new Float32Array(100_000).fill(0.9)
    values[77_777] = 0.1
    const { min, max } = decimate(values, 0, values.length, 800)
    const column = Math.floor((77_777 / 100_000) * 800)
    expect(min[column]).toBeCloseTo(0.1)
    expect(max[column]).toBeCloseTo(0.9)
    expect(min.filter((value) => value < 0.5)).toHaveLength(1)
  })

  it('agrees with a plain search over the frames of each column', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.float({ min: -10, max: 10, noNaN: true }), fc.constant(NaN)), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.integer({ min: 1, max: 60 }),
        (list, columns) => {
          const values = Float32Array.from(list)
          const result = decimate(values, 0, values.length, columns)
          const all = [...values].filter((value) => !Number.isNaN(value))
          const mins = [...result.min].filter((value) => !Number.isNaN(value))
          const maxs = [...result.max].filter((value) => !Number.isNaN(value))
          expect(Math.min(...mins, Infinity)).toBe(Math.min(...all, Infinity))
          expect(Math.max(...maxs, -Infinity)).toBe(Math.max(...all, -Infinity))
          const worst = worstStates(values, () => false, 0, values.length, columns)
          expect(worst.includes(columnStates.missing)).toBe(all.length < values.length)
        },
      ),
    )
  })

  it('shows a single missing or failed frame among very many', () => {
    const values = new Float32Array(100_000).fill(0.9)
    values[10] = values[77_777] = NaN
    const worst = worstStates(values, (position) => position === 10, 0, values.length, 800)
    expect(worst[0]).toBe(columnStates.failed)
    expect(worst[Math.floor((77_777 / 100_000) * 800)]).toBe(columnStates.missing)
    expect(worst.filter((state) => state !== columnStates.whole)).toHaveLength(2)
    expect([...worstStates(values, () => false, 8, 12, 8)]).toEqual([0, 0, 0, 0, 1, 1, 0, 0])
  })

  it('spreads few frames over many columns', () => {
    const { min } = decimate(Float32Array.from([1, 2]), 0, 2, 4)
    expect([...min]).toEqual([1, 1, 2, 2])
  })

  it('shows only the range asked for', () => {
    const { min, max } = decimate(Float32Array.from([1, 2, 3, 4, 5, 6]), 2, 4, 2)
    expect([...min]).toEqual([3, 4])
    expect([...max]).toEqual([3, 4])
  })

  it('keeps infinite values as extremes and out of the mean', () => {
    const { max, mean } = decimate(Float32Array.from([20, Infinity]), 0, 2, 1)
    expect(max[0]).toBe(Infinity)
    expect(mean[0]).toBe(20)
  })
})

describe('the range of a timeline', () => {
  it('goes from place to position and back for every frame', () => {
    const range = { from: 120, to: 320 }
    for (let position = 120; position < 320; position++)
      expect(positionAt(range, placeOfPosition(range, position, 811), 811, 1000)).toBe(position)
  })

  it('keeps what is under the pointer while zooming, and stays inside', () => {
    const range = zoomRange(wholeRange(100_000), 10, 0.25, 100_000)
    expect(range.to - range.from).toBeCloseTo(10_000)
    expect(positionAt(range, 250, 1000, 100_000)).toBeCloseTo(25_000, -1)
    expect(zoomRange(range, 1e-9, 0.5, 100_000)).toEqual({ from: 0, to: 100_000 })
    expect(isWhole(wholeRange(5), 5)).toBe(true)
    expect(zoomRange(wholeRange(5), 100, 0.5, 5)).toEqual({ from: 0, to: 5 })
  })

  it('follows the playhead only when it leaves', () => {
    const range = { from: 100, to: 200 }
    expect(revealPosition(range, 150, 1000)).toEqual(range)
    const right = revealPosition(range, 240, 1000)
    expect(right.from).toBeLessThan(240)
    expect(right.to).toBeGreaterThan(240)
    expect(revealPosition(range, 0, 1000).from).toBe(0)
    expect(moveRange(range, 1e6, 1000)).toEqual({ from: 900, to: 1000 })
  })

  it('draws bad values low in both directions', () => {
    expect(heightShare(0.9, { min: 0, max: 1, direction: 'higher' })).toBeCloseTo(0.9)
    expect(heightShare(0.9, { min: 0, max: 1, direction: 'lower' })).toBeCloseTo(0.1)
    expect(heightShare(Infinity, { min: 0, max: 40, direction: 'higher' })).toBe(1)
  })
})
