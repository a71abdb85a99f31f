import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameColumn } from '../../../../src/main/core/benchmark/frameColumn.ts'

const number = fc.double({ noNaN: true })
/** Frames with a number each, some frames left out. */
const frames = fc
  .array(fc.option(number, { nil: undefined }), { maxLength: 60 })
  .map(
    (all) => new Map(all.flatMap((value, index) => (value === undefined ? [] : [[index, value] as const]))),
  )
const columnOf = (map: ReadonlyMap<number, number>) => FrameColumn.of([...map.keys()], [...map.values()])
const entriesOf = (column: FrameColumn) => {
  const entries: [number, number][] = []
  column.forEach((value, index) => entries.push([index, value]))
  return entries
}

describe('a column of numbers by frame', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(frames, (map) => {
        const column = columnOf(map)
        expect(column.size).toBe(map.size)
        expect(entriesOf(column)).toEqual([...map])
        expect([...column.toArray()]).toEqual([...map.values()])
        for (let index = -1; index < 62; index++) {
          expect(column.get(index)).toBe(map.get(index))
          expect(column.has(index)).toBe(map.has(index))
        }
      }),
    )
  })

  it('changes and leaves out as a map of them would', () => {
    fc.assert(
      fc.property(frames, (map) => {
        const doubled = columnOf(map).map((value, index) => (index % 3 === 0 ? NaN : value * 2))
        expect(entriesOf(doubled)).toEqual(
          [...map].filter(([index]) => index % 3 !== 0).map(([index, value]) => [index, value * 2]),
        )
        const even = columnOf(map).filter((index) => index % 2 === 0)
        expect(entriesOf(even)).toEqual([...map].filter(([index]) => index % 2 === 0))
        expect(even.size).toBe([...map.keys()].filter((index) => index % 2 === 0).length)
      }),
    )
  })

  it('adds up in the order of the frames, so that rounding is the same every time', () => {
    const column = FrameColumn.of([0, 2, 3], [0.1, 0.2, 0.3])
    expect(column.sum()).toBe(0.1 + 0.2 + 0.3)
    expect(column.mean()).toBe((0.1 + 0.2 + 0.3) / 3)
    expect(FrameColumn.of([], []).mean()).toBeNaN()
  })
})
