import { describe, expect, it } from 'vitest'
import { parseRange } from '../../../../src/main/hosts/http/files.ts'

describe('a range of a file of 100 bytes', () => {
  it.each([
    ['bytes=0-9', [0, 9]],
    ['bytes=90-', [90, 99]],
    ['bytes=90-500', [90, 99]],
    ['bytes=-5', [95, 99]],
    ['bytes=-500', [0, 99]],
    [' bytes=0-0 ', [0, 0]],
  ])('%s is bytes %j', (header, expected) => expect(parseRange(header, 100)).toEqual(expected))

  it.each(['bytes=100-', 'bytes=500-600', 'bytes=-0'])('%s cannot be satisfied', (header) =>
    expect(parseRange(header, 100)).toBe('unsatisfiable'),
  )

  it.each([null, '', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=9-3', 'bytes=0-1,5-6', 'pages=1-2'])(
    '%s is ignored, as RFC 9110 asks',
    (header) => expect(parseRange(header, 100)).toBeUndefined(),
  )
})
