import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExact,
  formatNumber,
  formatRate,
  formatRelativeTime,
  shortenPath,
} from '../../../src/renderer/src/ui/format.ts'

/** Thin spaces written as plain ones, to be readable here. */
const plain = (text: string) => text.replaceAll('\u2009', ' ')

describe('numbers', () => {
  it.each([
    [17.8349, '17.83'],
    [0.28, '0.2800'],
    [0.00124567, '0.001246'],
    [1.449e-5, '1.45e−5'],
    [9.9999, '10.00'],
    [999.96, '1000'],
    [12_345.6, '12 346'],
    [-0.00021, '−0.0002100'],
    [0, '0'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('%d is written %s', (value, text) => {
    expect(plain(formatNumber(value))).toBe(text)
  })

  it('writes counts with thin spaces and whole values for copying', () => {
    expect(formatCount(1_234_567)).toBe('1\u2009234\u2009567')
    expect(formatCount(-1200)).toBe('−1\u2009200')
    expect(formatCount(999)).toBe('999')
    expect(formatExact(0.1 + 0.2)).toBe('0.30000000000000004')
    expect(formatExact(Infinity)).toBe('Infinity')
  })
})

describe('durations, sizes and rates', () => {
  it.each([
    [0, '0 s'],
    [0.44, '0.4 s'],
    [9.4, '9 s'],
    [59.6, '1 min'],
    [192, '3 min 12 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [90_000, '1 d 1 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(plain(formatDuration(seconds))).toBe(text)
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [6009, '6.0 kB'],
    [95_628_359, '95.6 MB'],
    [1_710_671_599, '1.7 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text)
  })

  it('writes rates with as many digits as they need', () => {
    expect([1240, 85.2, 9.44, 0.0333].map((rate) => plain(formatRate(rate)))).toEqual([
      '1 240',
      '85',
      '9.4',
      '0.033',
    ])
  })
})

describe('moments', () => {
  const now = Date.UTC(2026, 0, 31)
  const minute = 60_000

  it('are told from now, in either language', () => {
    expect(formatRelativeTime(now - 5 * minute, now, 'en', 'just now')).toBe('5 minutes ago')
    expect(formatRelativeTime(now - 24 * 60 * minute, now, 'en', 'just now')).toBe('yesterday')
    expect(formatRelativeTime(now - 2 * 60 * minute, now, 'zh-CN', '刚刚')).toBe('2小时前')
    expect(formatRelativeTime(now - 20_000, now, 'zh-CN', '刚刚')).toBe('刚刚')
  })
})

describe('long paths', () => {
  it('keep their beginning and, above all, their end', () => {
    const path = '/home/user/UniLIP/outputs_eval/exp5_gen/test_20260205_134439/gen_imgs/de_nuke'
    const short = shortenPath(path, 40)
    expect(short).toHaveLength(40)
    expect(short.startsWith('/home')).toBe(true)
    expect(short.endsWith('gen_imgs/de_nuke')).toBe(true)
    expect(shortenPath('/short', 40)).toBe('/short')
  })
})
