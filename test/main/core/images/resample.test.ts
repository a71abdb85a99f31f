import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resize } from '../../../../src/main/core/images/resample.ts'
import type { RgbPixels } from '../../../../src/main/core/images/rgbImage.ts'
import { resizeFilters, type ResizeFilter } from '../../../../src/shared/domain/protocol.ts'
import { referenceResize } from './referenceResize.ts'

/** Noise that many pixels of 0 and 255 make hard: sums overshoot and must be limited. */
function noise(width: number, height: number, seed: number): RgbPixels {
  const data = new Uint8Array(width * height * 3)
  let state = seed | 1
  for (let index = 0; index < data.length; index++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    const byte = (state >>> 12) & 255
    data[index] = byte < 80 ? 0 : byte > 176 ? 255 : byte
  }
  return { width, height, data }
}

const weighted = resizeFilters.filter((filter) => filter !== 'nearest')

// The test picture and Pillow's values (Pillow 9.4 to 12, all the same) for it resized to a square.
const golden: [size: number, ResizeFilter, sum: number, first: number[], centre: number[], last: number[]][] =
  [
    [224, 'box', 19218862, [38, 67, 96], [79, 66, 81], [145, 174, 203]],
    [224, 'bilinear', 19195691, [51, 80, 109], [90, 68, 85], [134, 163, 192]],
    [224, 'hamming', 19195052, [44, 73, 102], [88, 62, 83], [144, 173, 202]],
    [224, 'bicubic', 19194517, [42, 71, 101], [82, 58, 81], [143, 172, 201]],
    [224, 'lanczos', 19194188, [40, 68, 98], [79, 55, 80], [145, 173, 202]],
    [448, 'bicubic', 76780022, [12, 41, 70], [116, 76, 62], [152, 181, 210]],
    [299, 'bicubic', 34199711, [26, 55, 84], [176, 117, 76], [156, 185, 214]],
    [299, 'bilinear', 34198856, [32, 61, 90], [170, 116, 80], [150, 179, 208]],
  ]

describe('resize', () => {
  test.each(golden)(
    'gives Pillow’s values for 1280 x 720 to %i with %s',
    (size, filter, sum, first, centre, last) => {
      const [width, height] = [1280, 720]
      const data = new Uint8Array(width * height * 3)
      for (let y = 0, at = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let c = 0; c < 3; c++) data[at++] = (7 * x + 13 * y + 29 * c + 3 * ((x * y) % 31)) % 256
        }
      }
      const resized = resize({ width, height, data }, size, size, filter).data
      const middle = (Math.floor(size / 2) * size + Math.floor(size / 2)) * 3
      expect(resized.reduce((total, value) => total + value, 0)).toBe(sum)
      expect([...resized.subarray(0, 3)]).toEqual(first)
      expect([...resized.subarray(middle, middle + 3)]).toEqual(centre)
      expect([...resized.subarray(-3)]).toEqual(last)
    },
  )

  test('equals the definition for any sizes and filters', () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 90 }))
    const check = (
      width: number,
      height: number,
      toWidth: number,
      toHeight: number,
      filter: ResizeFilter,
      seed: number,
    ) => {
      const image = noise(width, height, seed)
      const resized = resize(image, toWidth, toHeight, filter)
      expect(resized).toEqual(referenceResize(image, toWidth, toHeight, filter))
    }
    fc.assert(fc.property(side, side, side, side, fc.constantFrom(...weighted), fc.integer(), check), {
      numRuns: 300,
    })
  })

  test.each([
    ['shrinks a very wide row', 20_000, 1, 3, 1],
    ['shrinks a very tall column', 1, 20_000, 1, 3],
    ['enlarges one pixel', 1, 1, 130, 70],
    ['enlarges a row', 2, 1, 1, 900],
    ['shrinks across and enlarges down', 5000, 2, 7, 300],
  ])('%s as the definition says', (_, width, height, toWidth, toHeight) => {
    const image = noise(width, height, 5)
    for (const filter of weighted) {
      expect(resize(image, toWidth, toHeight, filter)).toEqual(
        referenceResize(image, toWidth, toHeight, filter),
      )
    }
  })

  test('works off pictures in strips when the rows between the passes would take too much memory', () => {
    // 90,000 rows of 120 pixels between the passes are 32 MB, more than one strip may take.
    const image = noise(3, 90_000, 11)
    const whole = resize(image, 120, 40, 'box')
    const reference = referenceResize(image, 120, 40, 'box')
    expect(Buffer.compare(whole.data, reference.data)).toBe(0)
  })

  test('gives a copy when the size stays', () => {
    const image = noise(9, 4, 3)
    const copy = resize(image, 9, 4, 'lanczos')
    expect(copy).toEqual(image)
    copy.data[0]! ^= 255
    expect(copy.data[0]).not.toBe(image.data[0])
  })

  test('does not depend on pictures resized before', () => {
    const image = noise(50, 40, 21)
    const before = resize(image, 20, 30, 'bicubic')
    resize(noise(700, 500, 22), 333, 222, 'lanczos')
    expect(resize(image, 20, 30, 'bicubic')).toEqual(before)
  })

  test('takes the pixel under each centre with nearest', () => {
    const data = Uint8Array.from({ length: 5 * 3 }, (_, index) => Math.floor(index / 3) * 10)
    const rows = (width: number) => resize({ width: 5, height: 1, data }, width, 2, 'nearest').data
    // Centres of 3 pixels over 5: 0.83, 2.5, 4.17; of 7: 0.36, 1.07, 1.79, 2.5, 3.21, 3.93, 4.64.
    expect([...rows(3)].filter((_, index) => index % 3 === 0)).toEqual([0, 20, 40, 0, 20, 40])
    expect([...rows(7)].filter((_, index) => index % 3 === 0).slice(0, 7)).toEqual([
      0, 10, 10, 20, 30, 30, 40,
    ])
  })

  test.each([
    [0, 5],
    [5, 0],
    [2.5, 5],
    [Number.NaN, 5],
  ])('refuses the size %d x %d', (width, height) => {
    expect(() => resize(noise(4, 4, 1), width, height, 'box')).toThrow('whole numbers of at least 1')
  })
})
