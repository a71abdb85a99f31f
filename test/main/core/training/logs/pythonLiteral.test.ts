import { describe, expect, it } from 'vitest'
import {
  PythonLiteralError,
  readPythonLiteral,
} from '../../../../../src/main/core/training/logs/pythonLiteral.ts'

const read = (text: string) => readPythonLiteral(text).value

describe('readPythonLiteral', () => {
  it('reads what repr writes', () => {
    expect(
      read(`{'a': 1, "b's": [True, False, None], 'c': {'d': -1.5e-3}, 'e': (1, 2), 'f': (1,), 'g': ('x')}`),
    ).toEqual({
      a: 1,
      "b's": [true, false, null],
      c: { d: -1.5e-3 },
      e: [1, 2],
      f: [1],
      g: 'x',
    })
    expect(read('[nan, inf, -inf, 0x1f, 1_000, 1.]')).toEqual([NaN, Infinity, -Infinity, 31, 1000, 1])
    expect(read('{1, 2}')).toEqual([1, 2])
    expect(read('{}')).toEqual({})
    expect(read('()')).toEqual([])
  })

  it('reads strings with quotes, braces, escapes and prefixes', () => {
    expect(
      read(String.raw`{'a': 'it\'s {not} a "dict", \n\x41\u4e2d\U0001f600', 'b': r'\d', 'c': 'x' 'y'}`),
    ).toEqual({
      a: 'it\'s {not} a "dict", \nA中😀',
      b: '\\d',
      c: 'xy',
    })
    expect(read(`'''a'b'''`)).toBe("a'b")
  })

  it('takes the number out of numpy and torch wrappers and keeps other objects as text', () => {
    expect(
      read(
        `{'a': np.float64(0.5), 'b': tensor(0.25, device='cuda:0'), 'c': PosixPath('x'), 'd': <S.STEPS: 'steps'>}`,
      ),
    ).toEqual({
      a: 0.5,
      b: 0.25,
      c: "PosixPath('x')",
      d: "<S.STEPS: 'steps'>",
    })
  })

  it('keeps dangerous keys as data', () => {
    const value = read(`{'__proto__': {'polluted': 1}}`) as object
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it.each(['{', "{'a': ", "{'a' 1}", "'open", '[1', 'f(', '', '@', '{'.repeat(10_000)])(
    'refuses %j',
    (text) => {
      expect(() => read(text.slice(0, 10_000))).toThrow(PythonLiteralError)
    },
  )
})
