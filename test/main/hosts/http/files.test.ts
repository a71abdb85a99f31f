import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleFiles, parseRange } from '../../../../src/main/hosts/http/files.ts'
import { unpackBundle } from '../../../../src/shared/fileBundle.ts'
import { temporaryFolder } from '../../../support/frames.ts'

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

describe('files in one message', () => {
  it('never hold what was in its memory before, also when they have shrunk or gone since they were found', async () => {
    const folder = temporaryFolder('bundle')
    const path = (name: string) => join(folder, name)
    writeFileSync(path('whole'), 'abcdef')
    writeFileSync(path('shrunk'), 'ab')
    const find = (path: string) => Promise.resolve({ path, size: 6, modifiedMs: 0, contentType: 'image/png' })
    const used = (length: number) => new Uint8Array(length).fill(0x58)
    const message = await bundleFiles(['whole', 'shrunk', 'gone'].map(path), { find }, used)
    expect(
      unpackBundle(message).map((one) => ('bytes' in one ? String.fromCharCode(...one.bytes) : one)),
    ).toEqual(['abcdef', 'ab\0\0\0\0', '\0\0\0\0\0\0'])
  })
})
