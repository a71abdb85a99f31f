import { describe, expect, it } from 'vitest'
import { median } from '../../../../../src/main/core/training/logs/pace.ts'
import { randomNumbers } from './samples.ts'

describe('median', () => {
  it('is the middle of the sorted values', () => {
    const random = randomNumbers(3)
    for (let round = 0; round < 2000; round++) {
      const kinds = 1 + Math.floor(random() * 30)
      const values = Array.from({ length: 1 + Math.floor(random() * 60) }, () =>
        random() < 0.02 ? Infinity : Math.floor(random() * kinds),
      )
      const sorted = values.toSorted((a, b) => a - b)
      const middle = sorted.length >> 1
      const wanted = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2
      expect(median(values), String(values)).toBe(wanted)
      expect(median(sorted)).toBe(wanted)
      expect(median(sorted.toReversed())).toBe(wanted)
    }
  })

  it('leaves the values as they are', () => {
    const values = Float64Array.of(3, 1, 2)
    expect(median(values)).toBe(2)
    expect(values).toEqual(Float64Array.of(3, 1, 2))
  })
})
