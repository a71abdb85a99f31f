import { describe, expect, it } from 'vitest'
import { cursor, readNumber } from '../../../../../src/main/core/training/logs/numbers.ts'

const read = (text: string) => {
  const bytes = Buffer.from(text)
  const value = readNumber(bytes, 0, bytes.length)
  return { value, rest: text.slice(cursor.end) }
}

describe('readNumber', () => {
  it('gives exactly the double that Number gives for the decimals Python prints', () => {
    // A fixed generator, so that a failure can be repeated.
    let seed = 12345
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
    for (let index = 0; index < 50_000; index++) {
      const value = (next() - 0.5) * 10 ** Math.floor(next() * 40 - 20)
      const texts = [
        String(value),
        value.toFixed(6),
        value.toExponential(4),
        value.toPrecision(17),
        String(Math.fround(value)),
      ]
      for (const text of texts)
        if (!Object.is(read(text).value, Number(text))) expect(read(text).value, text).toBe(Number(text))
    }
  })

  it.each([
    ['9007199254740993', 9007199254740992],
    ['9007199254740992.9999', 9007199254740992],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['5e-324', 5e-324],
    ['1e400', Infinity],
    ['-0.0', -0],
    ['123456789012345678901234567890', Number('123456789012345678901234567890')],
    ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
    ['nan', NaN],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['+4.5', 4.5],
    ['.5', 0.5],
    ['5.', 5],
  ])('reads %s', (text, value) => expect(read(text).value).toBe(value))

  it('stops where the number ends and reads nothing from words', () => {
    expect(read('1.5s,')).toEqual({ value: 1.5, rest: 's,' })
    expect(read('2e')).toEqual({ value: 2, rest: 'e' })
    expect(read('None')).toEqual({ value: undefined, rest: 'None' })
    expect(read('nano')).toEqual({ value: undefined, rest: 'nano' })
    expect(read('-')).toEqual({ value: undefined, rest: '-' })
  })
})
