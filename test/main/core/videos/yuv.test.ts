import { describe, expect, it } from 'vitest'
import { createYuvCanvas, yuv420Bytes } from '../../../../src/main/core/videos/yuv.ts'

function convert(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const yuv = new Uint8Array(yuv420Bytes(width, height))
  const canvas = createYuvCanvas(width, height)
  canvas.rgb.set(rgb)
  canvas.convert(yuv)
  return yuv
}

/** The same conversion in floating point, sample by sample, straight from the recommendation. */
function reference(rgb: Uint8Array, width: number, height: number): number[] {
  const at = (x: number, y: number, c: number) => rgb[(y * width + Math.max(0, x)) * 3 + c]
  const luma = (r: number, g: number, b: number) => 0.2126 * r + 0.7152 * g + 0.0722 * b
  const planes: number[][] = [[], [], []]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      planes[0].push(16 + (219 / 255) * luma(at(x, y, 0), at(x, y, 1), at(x, y, 2)))
  }
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const [r, g, b] = [0, 1, 2].map((c) => {
        const column = (i: number) => at(i, y, c) + at(i, y + 1, c)
        return (column(x - 1) + 2 * column(x) + column(x + 1)) / 8
      })
      planes[1].push(128 + ((224 / 255) * (b - luma(r, g, b))) / 1.8556)
      planes[2].push(128 + ((224 / 255) * (r - luma(r, g, b))) / 1.5748)
    }
  }
  return planes.flat()
}

function noise(length: number): Uint8Array {
  let state = 12345
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  })
}

describe('createYuvCanvas', () => {
  it.each([
    [2, 2],
    [6, 4],
    [14, 2],
    [16, 2],
    [18, 6],
    [30, 4],
    [906, 4],
    [1290, 2],
  ])('agrees with BT.709 in floating point at %i x %i', (width, height) => {
    const rgb = noise(width * height * 3)
    const expected = reference(rgb, width, height)
    const yuv = convert(rgb, width, height)
    expect(yuv.length).toBe(expected.length)
    const worst = Math.max(...expected.map((value, index) => Math.abs(value - yuv[index])))
    expect(worst).toBeLessThan(0.52)
  })

  it('gives black, white and greys exactly, without colour', () => {
    for (const [grey, luma] of [
      [0, 16],
      [255, 235],
      [128, 126],
    ]) {
      const yuv = convert(new Uint8Array(32 * 2 * 3).fill(grey), 32, 2)
      expect([...new Set(yuv.subarray(0, 64))]).toEqual([luma])
      expect([...new Set(yuv.subarray(64))]).toEqual([128])
    }
  })

  it('keeps working when a larger picture follows a smaller one', () => {
    convert(noise(4 * 4 * 3), 4, 4)
    const large = noise(2000 * 100 * 3)
    const yuv = convert(large, 2000, 100)
    expect(yuv[1999]).toBe(
      Math.round(16 + (219 / 255) * (0.2126 * large[5997] + 0.7152 * large[5998] + 0.0722 * large[5999])),
    )
  })
})
