import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { deflateSync, crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRgb, readImageHeader } from '../../../../src/main/core/images/decode.ts'
import { AppError } from '../../../../src/shared/errors.ts'

const fixtures = new URL('../../../fixtures/images/', import.meta.url)
type Expected = {
  files: Record<string, [mode: string, width: number, height: number, sha256: string] | 'error'>
}
const { files } = JSON.parse(await readFile(new URL('expected.json', fixtures), 'utf8')) as Expected
const names = Object.keys(files)
const good = names.filter((name) => files[name] !== 'error')
const bad = names.filter((name) => files[name] === 'error')
const fixture = (name: string) => readFile(new URL(name, fixtures))

async function summary(bytes: Uint8Array) {
  const { mode, width, height, data } = await decodeRgb(bytes)
  expect(data.length).toBe(width * height * 3)
  return [mode, width, height, createHash('sha256').update(data).digest('hex')]
}

async function refusal(bytes: Uint8Array, options?: Parameters<typeof decodeRgb>[1]): Promise<AppError> {
  const caught: unknown = await decodeRgb(bytes, options).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(caught instanceof AppError)) throw new Error(`Expected a refusal, got ${String(caught)}`)
  return caught
}

function pngOf(width: number, height: number, scanLines: Uint8Array): Buffer {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(scanLines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('decodeRgb', () => {
  test.each(good)('gives the mode, size and RGB bytes that Pillow gives for %s', async (name) => {
    expect(await summary(await fixture(name))).toEqual(files[name])
  })

  test.each(bad)('refuses %s as Pillow does, with a sentence that names the file', async (name) => {
    const error = await refusal(await fixture(name), { subject: name })
    expect(error.code).toBe('unreadable')
    expect(error.message).toMatch(new RegExp(`^${name.replace('.', '\\.')} cannot be decoded: .+\\.$`))
  })

  test('says of a picture that was cut off that it is', async () => {
    for (const name of ['half.jpg', 'half.png', 'half.webp', 'half.bmp']) {
      expect((await refusal(await fixture(name))).message).toContain('cut off')
    }
  })

  test('decides by content, whatever the file is called', async () => {
    const bytes = await fixture('rgb_420.jpg')
    expect((await decodeRgb(bytes, { subject: 'frame.png' })).format).toBe('jpeg')
  })

  test('says that an empty file is empty', async () => {
    expect((await refusal(new Uint8Array(0))).message).toContain('the file is empty')
  })

  test.each([
    'Hello',
    'GIF89a',
    'RIFF1234WAVEfmt ',
    'B',
    'BM',
    '\xff\xd8\xff',
    '\x89PNG\r\n\x1a\n',
    'RIFF\x00\x00\x00\x00WEBP',
  ])('refuses the bytes %j', async (text) => {
    expect((await refusal(Buffer.from(text, 'latin1'))).code).toBe('unreadable')
  })

  test('refuses a header that announces more pixels than the limit, before decoding', async () => {
    const bomb = pngOf(200_000, 200_000, new Uint8Array(10))
    expect((await refusal(bomb)).message).toContain(
      '200000 x 200000 pixels, more than the limit of 178956970',
    )
    const small = pngOf(4, 4, new Uint8Array(4 * 13))
    expect((await refusal(small, { maxPixels: 15 })).code).toBe('unreadable')
    expect((await decodeRgb(small, { maxPixels: 16 })).width).toBe(4)
  })

  test('sets no memory aside for a small file that announces a large picture', async () => {
    const before = process.memoryUsage().arrayBuffers
    const error = await refusal(pngOf(13_000, 13_000, new Uint8Array(1000)))
    expect(error.message).toContain('cut off')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 << 20)
  })

  test('either decodes or refuses whatever damage a picture has', async () => {
    const originals = await Promise.all(
      ['rgb_420.jpg', 'cmyk.jpg', 'animated.png', 'runs4.bmp', 'animated.webp'].map(fixture),
    )
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...originals), damage, fc.nat(), async (original, changes, cut) => {
        const bytes = Uint8Array.from(original)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const shortened = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes
        const result = await decodeRgb(shortened, { maxPixels: 1 << 20 }).catch((error: unknown) => error)
        if (result instanceof Error) {
          expect(result).toBeInstanceOf(AppError)
          expect((result as AppError).code).toBe('unreadable')
        } else {
          const { width, height, data } = result as Awaited<ReturnType<typeof decodeRgb>>
          expect(data.length).toBe(width * height * 3)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('readImageHeader', () => {
  test.each(good)('reads mode and size of %s without its picture', async (name) => {
    const bytes = await fixture(name)
    const { mode, width, height } = readImageHeader(bytes.subarray(0, 2000))
    expect([mode, width, height]).toEqual((files[name] as unknown[]).slice(0, 3))
  })
})

const reference = process.env['PARALLAX_REFERENCE_DATA']

// Larger pictures decoded and resized by Pillow 9.4. They are not ours to ship.
describe.skipIf(!reference)('reference pictures (skipped without PARALLAX_REFERENCE_DATA)', async () => {
  const folder = `${reference}/data/decode`
  const expected = reference
    ? (JSON.parse(await readFile(`${folder}/expected.json`, 'utf8')) as {
        good: Record<string, Record<string, string> & { size: unknown }>
        bad: string[]
      })
    : { good: {}, bad: [] }
  const { resize } = await import('../../../../src/main/core/images/resample.ts')

  test.each(Object.keys(expected.good))('%s equals Pillow, as it is and resized', async (name) => {
    const { size, rgb, ...resized } = expected.good[name]!
    const image = await decodeRgb(await readFile(`${folder}/${name}`))
    const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
    expect([image.width, image.height]).toEqual(size)
    expect(hash(image.data)).toBe(rgb)
    for (const [key, sha256] of Object.entries(resized)) {
      const [, side, filter] = key.split('_') as [string, string, Parameters<typeof resize>[3]]
      expect([key, hash(resize(image, Number(side), Number(side), filter).data)]).toEqual([key, sha256])
    }
  })

  test.each(expected.bad)('%s is refused', async (name) => {
    expect((await refusal(await readFile(`${folder}/${name}`))).code).toBe('unreadable')
  })
})
