/**
 * The way a JPEG wants to be turned. `frames_to_video.py` reads with OpenCV, which turns pictures by their EXIF
 * orientation; the metrics do not (Pillow leaves them), so this belongs to videos alone.
 */
import type { RgbPixels } from '../images/rgbImage.ts'

const orientationTag = 0x0112

/** EXIF orientation 1 to 8 of a JPEG file; 1 (upright) for files without one and for other formats. */
export function exifOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return 1
  let at = 2
  while (at + 4 <= bytes.length) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    if (marker === 0xffe1 && isExif(bytes, at + 4))
      return readOrientation(bytes.subarray(at + 10, at + 2 + length))
    // Start of scan, or bytes that are no marker: the headers are over.
    if (marker === 0xffda || marker < 0xff00 || length < 2) return 1
    at += 2 + length
  }
  return 1
}

const isExif = (bytes: Uint8Array, at: number) =>
  [0x45, 0x78, 0x69, 0x66, 0].every((byte, index) => bytes[at + index] === byte)

function readOrientation(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const isLittleEndian = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, isLittleEndian)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, isLittleEndian)
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12
    if (at + 12 > tiff.length) return 1
    if (view.getUint16(at, isLittleEndian) !== orientationTag) continue
    const value = view.getUint16(at + 8, isLittleEndian)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** Turns and mirrors a picture so that it is upright. Gives the same picture when it already is. */
export function upright(image: RgbPixels, orientation: number): RgbPixels {
  if (orientation <= 1) return image
  const isTurned = orientation >= 5
  const width = isTurned ? image.height : image.width
  const height = isTurned ? image.width : image.height
  const data = new Uint8Array(image.data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [column, row] = sourceOf(orientation, x, y, image.width - 1, image.height - 1)
      const from = (row * image.width + column) * 3
      data[to] = image.data[from]
      data[to + 1] = image.data[from + 1]
      data[to + 2] = image.data[from + 2]
    }
  }
  return { width, height, data }
}

/** Which stored pixel stands at (x, y) of the upright picture. */
function sourceOf(
  orientation: number,
  x: number,
  y: number,
  right: number,
  bottom: number,
): [number, number] {
  switch (orientation) {
    case 2:
      return [right - x, y]
    case 3:
      return [right - x, bottom - y]
    case 4:
      return [x, bottom - y]
    case 5:
      return [y, x]
    case 6:
      return [y, bottom - x]
    case 7:
      return [right - y, bottom - x]
    case 8:
      return [right - y, x]
    default:
      return [x, y]
  }
}
