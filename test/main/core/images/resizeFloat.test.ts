import { describe, expect, test } from 'vitest'
import {
  resizeFloatPillowBicubic,
  resizeTf1Bilinear,
  resizeTorchBilinear,
} from '../../../../src/main/core/images/resizeFloat.ts'
import type { RgbPixels } from '../../../../src/main/core/images/rgbImage.ts'

function pattern(width: number, height: number): RgbPixels {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) data[at++] = (7 * x + 13 * y + 29 * c + 3 * ((x * y) % 31)) % 256
  }
  return { width, height, data }
}

/** Red of a row of grey pixels. */
const red = (values: Float32Array) => [...values].filter((_, index) => index % 3 === 0)
const greyRow = (values: number[]): RgbPixels => ({
  width: values.length,
  height: 1,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
})

describe('resizeTorchBilinear', () => {
  test('samples between pixel centres and holds the borders', () => {
    // Positions max(0, (i + 0.5) / 2 - 0.5) = 0, 0.25, 0.75, 1.25 -> 1 (the last pixel).
    expect(red(resizeTorchBilinear(greyRow([0, 100]), 4, 1))).toEqual([0, 25, 75, 100])
  })

  test('does not smooth when shrinking', () => {
    // Positions 1.5 and 5.5 of eight pixels.
    expect(red(resizeTorchBilinear(greyRow([0, 10, 20, 30, 40, 50, 60, 255]), 2, 1))).toEqual([15, 55])
  })
})

describe('resizeTf1Bilinear', () => {
  test('samples from the corner without half a pixel of offset', () => {
    expect(red(resizeTf1Bilinear(greyRow([0, 100]), 4, 1))).toEqual([0, 50, 100, 100])
    expect(red(resizeTf1Bilinear(greyRow([0, 10, 20, 30, 40, 50, 60, 255]), 2, 1))).toEqual([0, 40])
  })
})

describe('resizeFloatPillowBicubic', () => {
  test('keeps fractions and limits overshoot to 0..255', () => {
    const values = red(resizeFloatPillowBicubic(greyRow([0, 0, 255, 255]), 8, 1))
    expect(Math.min(...values)).toBe(0)
    expect(Math.max(...values)).toBe(255)
    expect(values.some((value) => !Number.isInteger(value))).toBe(true)
  })

  test('gives the samples themselves when the size stays', () => {
    const image = pattern(6, 5)
    expect([...resizeFloatPillowBicubic(image, 6, 5)]).toEqual([...image.data])
  })
})

// Values by the reference packages on the same pattern: torch 2.15.0 `interpolate(..., align_corners=False)`,
// torch-fidelity 0.4.0 `interpolate_bilinear_2d_like_tensorflow1x`, clean-fid 0.1.35 `make_resizer('PIL', False,
// 'bicubic', size)` with Pillow 13.0. Sums over all samples; then row 20, column 30. The first two are fp32 sums of
// four products whose order differs from ours: one unit in the last place.
const golden = [
  ['torch', 120, 80, 581355.3882541656, [208.050964, 188.155151, 20.471552]],
  ['tf1', 120, 80, 580104.0347805023, [184.334656, 163.215271, 142.264099]],
  ['clean', 120, 80, 580575.7525892258, [222.135071, 143.398041, 48.364967]],
  ['torch', 17, 90, 581049.9990639687, [107.12516, 56.388943, 85.388939]],
  ['tf1', 17, 90, 589769.3152725697, [101.218475, 79.760773, 69.272194]],
  ['clean', 17, 90, 588378.4107866287, [142.470551, 53.780308, 76.493202]],
  ['torch', 20, 11, 615856.2513823509, [171.148972, 105.477936, 95.242577]],
  ['tf1', 20, 11, 617213.2461481094, [101.211548, 41.615738, 61.840488]],
  ['clean', 20, 11, 615563.5695862919, [162.321808, 80.713928, 108.369049]],
] as const

describe('parity with the reference packages', () => {
  test.each(golden)('%s from %i x %i to 41 x 37', (name, width, height, sum, pixel) => {
    const resizers = { torch: resizeTorchBilinear, tf1: resizeTf1Bilinear, clean: resizeFloatPillowBicubic }
    const values = resizers[name](pattern(width, height), 41, 37)
    expect(values.length).toBe(41 * 37 * 3)
    expect(values.reduce((total, value) => total + value, 0) / sum).toBeCloseTo(1, 7)
    const at = (20 * 41 + 30) * 3
    pixel.forEach((value, channel) => expect(values[at + channel]).toBeCloseTo(value, 4))
  })
})
