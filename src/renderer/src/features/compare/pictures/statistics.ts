/** Histogram and waveform of a part of a picture, from RGBA bytes. */
import type { Size } from '../stage/alignment.ts'

/** Whole pixels of a picture, clipped to it by the caller. */
export type PixelRect = { x: number; y: number; width: number; height: number }

/** Counts per level 0..255 of red, green and blue. */
export function histogramOf(rgba: Uint8ClampedArray, size: Size, rect: PixelRect): Uint32Array[] {
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)]
  eachPixel(size, rect, (at) => {
    counts[0][rgba[at]]++
    counts[1][rgba[at + 1]]++
    counts[2][rgba[at + 2]]++
  })
  return counts
}

/**
 * Waveform monitor: for each column of `columns`, how often each luma level 0..255 (Rec. 601) occurs.
 *
 * @returns `columns * 256` counts, level 0 first in each column.
 */
export function waveformOf(
  rgba: Uint8ClampedArray,
  size: Size,
  rect: PixelRect,
  columns: number,
): Uint32Array {
  const counts = new Uint32Array(columns * 256)
  eachPixel(size, rect, (at, x) => {
    const column = Math.min(columns - 1, Math.floor(((x - rect.x) / rect.width) * columns))
    const luma = Math.round(0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2])
    counts[column * 256 + luma]++
  })
  return counts
}

/** Mean and population standard deviation of red, green and blue. */
export function meansOf(
  rgba: Uint8ClampedArray,
  size: Size,
  rect: PixelRect,
): { mean: number[]; deviation: number[] } {
  const sums = [0, 0, 0]
  const squares = [0, 0, 0]
  eachPixel(size, rect, (at) => {
    for (let channel = 0; channel < 3; channel++) {
      sums[channel] += rgba[at + channel]
      squares[channel] += rgba[at + channel] ** 2
    }
  })
  const n = Math.max(1, rect.width * rect.height)
  const mean = sums.map((sum) => sum / n)
  return { mean, deviation: squares.map((square, at) => Math.sqrt(Math.max(0, square / n - mean[at] ** 2))) }
}

function eachPixel({ width }: Size, rect: PixelRect, visit: (at: number, x: number) => void): void {
  for (let y = rect.y; y < rect.y + rect.height; y++)
    for (let x = rect.x; x < rect.x + rect.width; x++) visit((y * width + x) * 4, x)
}
