import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import sharp, { type JpegOptions } from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeBaselineJpeg } from '../../../../src/main/core/images/baselineJpeg.ts'
import { readJpegHeader } from '../../../../src/main/core/images/jpegHeader.ts'
import type { AllocateBytes } from '../../../../src/main/core/images/rgbImage.ts'
import { decodeWithSharp } from '../../../../src/main/core/images/sharpJpeg.ts'

const fixture = (name: string) => readFile(new URL(`../../../fixtures/images/${name}`, import.meta.url))
const ours = (bytes: Uint8Array, allocate?: AllocateBytes) =>
  decodeBaselineJpeg(bytes, readJpegHeader(bytes, 'it'), allocate)
const sharps = (bytes: Uint8Array) => decodeWithSharp(bytes, readJpegHeader(bytes, 'it'), 'it')

/** Noise, flat fields and slopes, which reach every kind of block. */
function picture(width: number, height: number, channels: 1 | 3, kind: number): Buffer {
  let state = width * 7919 + height * 104_729 + kind + 1
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const pixels = Buffer.alloc(width * height * channels)
  for (let i = 0; i < pixels.length; i++) {
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    const noise = random()
    if (kind === 0) pixels[i] = noise * 256
    else if (kind === 1) pixels[i] = noise < 0.5 ? 0 : 255
    else if (kind === 2) pixels[i] = ((x * 3 + y * 5 + (i % channels) * 40) >> 1) & 255
    else pixels[i] = (x >> 3) * 31 + (y >> 3) * 17 + (i % channels) * 60
  }
  return pixels
}

async function encoded(
  [width, height]: readonly [number, number],
  channels: 1 | 3,
  kind: number,
  options: JpegOptions,
): Promise<Buffer> {
  const raw = { width, height, channels }
  const image = sharp(picture(width, height, channels, kind), { raw })
  return (channels === 1 ? image.toColourspace('b-w') : image).jpeg(options).toBuffer()
}

describe('decodeBaselineJpeg', () => {
  const sizes = [[5, 1], [6, 2], [7, 16], [8, 8], [15, 17], [16, 16], [17, 15], [33, 31], [48, 3], [131, 67], [640, 360]] as const // prettier-ignore

  test.each(sizes)(
    'gives the bytes of libjpeg-turbo for every way to encode %i x %i pixels',
    async (...size) => {
      for (const quality of [1, 30, 75, 92, 100])
        for (const kind of [0, 1, 2, 3])
          for (const [channels, chromaSubsampling, optimiseCoding] of [
            [3, '4:2:0', true],
            [3, '4:4:4', false],
            [1, '4:4:4', true],
          ] as const) {
            const bytes = await encoded(size, channels, kind, { quality, chromaSubsampling, optimiseCoding })
            const data = ours(bytes)
            if (data === undefined)
              throw new Error(`not decoded: ${JSON.stringify({ quality, kind, channels })}`)
            expect(
              Buffer.compare(data, await sharps(bytes)),
              JSON.stringify({ quality, kind, channels }),
            ).toBe(0)
          }
    },
  )

  // Their bytes are those of Pillow by decode.test.ts; here it counts that the kernel made them.
  test.each([
    'rgb_420.jpg',
    'rgb_422.jpg',
    'rgb_444.jpg',
    'grey.jpg',
    'restarts.jpg',
    'metadata.jpg',
    'trailing_bytes.jpg',
  ])('takes %s itself', async (name) => {
    const bytes = await fixture(name)
    expect(Buffer.from(ours(bytes)!).equals(await sharps(bytes))).toBe(true)
  })

  test.each([
    'rgb_420_progressive.jpg', 'rgb_411.jpg', 'rgb_440.jpg', 'rgb_114.jpg', 'stored_rgb.jpg', 'adobe_rgb_0.jpg',
    'cmyk.jpg', 'ycck.jpg', 'half.jpg', 'half_with_end.jpg', 'no_end.jpg', 'stray_marker.jpg', 'tiny_2x3.jpg',
  ])('leaves %s to the decoder that knows such files', async (name) => {
    expect(ours(await fixture(name))).toBeUndefined()
  }) // prettier-ignore

  test('writes into the memory it is given, and nothing beyond the picture', async () => {
    const [first, second] = [await encoded([33, 31], 3, 2, { quality: 80 }), await fixture('rgb_420.jpg')]
    const kept = new Uint8Array(100_000).fill(7)
    const allocate = (byteLength: number) => kept.subarray(0, byteLength)
    for (const bytes of [first, second]) {
      const data = ours(bytes, allocate)!
      expect(data.buffer).toBe(kept.buffer)
      expect(Buffer.compare(data, await sharps(bytes))).toBe(0)
    }
    expect(kept.subarray(33 * 31 * 3).filter((byte) => byte !== 7)).toHaveLength(0)
  })

  test('gives what libjpeg-turbo gives, or leaves it to it, whatever the damage', async () => {
    const originals = await Promise.all([
      ...['rgb_420.jpg', 'rgb_422.jpg', 'restarts.jpg', 'grey.jpg'].map(fixture),
      encoded([40, 24], 3, 0, { quality: 60, optimiseCoding: false }),
      encoded([24, 40], 3, 2, { quality: 95, chromaSubsampling: '4:4:4' }),
    ])
    const value = fc.oneof(fc.constantFrom(0, 0xff, 0xd0, 0xd9, 0xda), fc.integer({ min: 0, max: 255 }))
    const damage = fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 3 })
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...originals), damage, fc.nat(), async (original, changes, cut) => {
        const whole = Uint8Array.from(original)
        // What makes it a JPEG stays; `decodeRgb` asks for that first.
        for (const [at, byte] of changes) whole[3 + (at % (whole.length - 3))] = byte
        const bytes = cut % 8 === 0 ? whole.subarray(0, 3 + (cut % (whole.length - 3))) : whole
        let header: ReturnType<typeof readJpegHeader>
        try {
          header = readJpegHeader(bytes, 'it')
        } catch {
          return
        }
        const data = header.width * header.height < 1 << 20 && decodeBaselineJpeg(bytes, header)
        if (!data) return
        taken += 1
        expect(Buffer.compare(data, await decodeWithSharp(bytes, header, 'it'))).toBe(0)
      }),
      { numRuns: 3000, seed: 20_261_124 },
    )
    expect(taken).toBeGreaterThan(100)
  })
})
