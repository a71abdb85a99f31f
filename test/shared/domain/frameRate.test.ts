import { describe, expect, it } from 'vitest'
import { formatFrameRate, framesPerSecond, parseFrameRate } from '../../../src/shared/domain/frameRate.ts'

describe('parseFrameRate', () => {
  it.each([
    ['10', 10, 1],
    [10, 10, 1],
    ['12.5', 25, 2],
    [12.5, 25, 2],
    ['30000/1001', 30000, 1001],
    ['60/2', 30, 1],
    ['29.97', 2997, 100],
    [' 24 ', 24, 1],
    ['0.5', 1, 2],
    ['1000', 1000, 1],
  ])('reads %j', (text, numerator, denominator) => {
    expect(parseFrameRate(text)).toEqual({ numerator, denominator })
  })

  it.each(['', '0', '-5', 'fast', '10/0', '1001', 'NaN', '1e3', '5000000000/4999999999', NaN, Infinity])(
    'refuses %j',
    (text) => {
      expect(parseFrameRate(text)).toBeUndefined()
    },
  )

  it('writes rates as ffmpeg reads them', () => {
    expect(formatFrameRate({ numerator: 25, denominator: 1 })).toBe('25')
    expect(formatFrameRate({ numerator: 30000, denominator: 1001 })).toBe('30000/1001')
    expect(framesPerSecond({ numerator: 30000, denominator: 1001 })).toBeCloseTo(29.97003, 5)
  })
})
