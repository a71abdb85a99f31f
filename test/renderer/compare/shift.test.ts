import { describe, expect, it } from 'vitest'
import {
  bestShift,
  costsOfShifts,
  samplePositions,
  triedShifts,
} from '../../../src/renderer/src/features/compare/shift/lineUp.ts'

/** A pattern that moves by one pixel a frame. */
const picture = (frame: number, light = 0) =>
  Float32Array.from({ length: 64 }, (_, x) => 100 + light + 80 * Math.sin((x + frame) / 3))
const pictures = (from: number, to: number, of: (frame: number) => Float32Array) =>
  new Map(Array.from({ length: to - from }, (_, at) => [from + at, of(from + at)]))

describe('the proof that frames line up', () => {
  const positions = samplePositions(50, 100)

  it.each([0, 3, -5])('finds a source that runs %s frames late, also when it is darker', (late) => {
    const base = pictures(0, 100, (frame) => picture(frame))
    const source = pictures(0, 100, (frame) => picture(frame - late, -40))
    const costs = costsOfShifts(base, source, positions)
    expect(bestShift(costs)).toBe(late)
    expect(costs[triedShifts.indexOf(late)]).toBeLessThan(1)
  })

  it('proves nothing where the camera rests, or where there are no pictures', () => {
    const still = pictures(0, 100, () => picture(0))
    expect(bestShift(costsOfShifts(still, still, positions))).toBeUndefined()
    expect(bestShift(costsOfShifts(still, new Map(), positions))).toBeUndefined()
  })

  it('looks at frames around the playhead that exist', () => {
    expect(samplePositions(0, 100)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27])
    expect(samplePositions(99, 100).every((at) => at < 100)).toBe(true)
    expect(samplePositions(0, 1)).toEqual([0])
  })
})
