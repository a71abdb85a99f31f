/** Reads pixels of decoded pictures back, byte for byte as they were stored. */
import type { PixelRect } from '../pictures/statistics.ts'

let small: OffscreenCanvasRenderingContext2D | undefined

/** One pixel as red, green and blue. */
export function readPixel(bitmap: ImageBitmap, x: number, y: number): [number, number, number] {
  small ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!
  small.imageSmoothingEnabled = false
  small.clearRect(0, 0, 1, 1)
  small.drawImage(bitmap, x, y, 1, 1, 0, 0, 1, 1)
  const [red, green, blue] = small.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}

/** All pixels of a part of a picture, as RGBA. */
export function readPixels(bitmap: ImageBitmap, rect: PixelRect): Uint8ClampedArray {
  const context = new OffscreenCanvas(rect.width, rect.height).getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, rect.x, rect.y, rect.width, rect.height, 0, 0, rect.width, rect.height)
  return context.getImageData(0, 0, rect.width, rect.height).data
}
