/** Pillow's nearest-neighbour resize (`ImagingScaleAffine` in `src/libImaging/Geometry.c`). */
import type { RgbPixels } from './rgbImage.ts'

/** Takes for each output pixel the input pixel under its centre. */
export function resizeNearest(image: RgbPixels, width: number, height: number): RgbPixels {
  const columns = sampledPositions(image.width, width)
  const rows = sampledPositions(image.height, height)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, out = 0; y < height; y++) {
    const rowStart = rows[y]! * image.width
    for (let x = 0; x < width; x++, out += 3) {
      const at = (rowStart + columns[x]!) * 3
      data[out] = image.data[at]!
      data[out + 1] = image.data[at + 1]!
      data[out + 2] = image.data[at + 2]!
    }
  }
  return { width, height, data }
}

/** Positions by repeated addition, as Pillow does: multiplying would round differently in rare cases. */
function sampledPositions(inputSize: number, outputSize: number): Int32Array {
  const step = inputSize / outputSize
  const positions = new Int32Array(outputSize)
  let position = step * 0.5
  for (let index = 0; index < outputSize; index++, position += step) {
    positions[index] = Math.min(inputSize - 1, Math.trunc(position))
  }
  return positions
}
