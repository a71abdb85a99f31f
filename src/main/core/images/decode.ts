/**
 * Decoding, equal in every byte to Pillow 10.4's `Image.open(file).convert('RGB')`: full size, no rotation by EXIF, no
 * colour profile, no gamma, alpha dropped. The content decides the format, not the file's name.
 */
import { decodeBmp, readBmpHeader } from './bmp.ts'
import { decodeJpeg } from './jpeg.ts'
import { readJpegHeader } from './jpegHeader.ts'
import { decodePng, pngSignature, readPngHeader } from './png.ts'
import {
  pillowPixelLimit,
  type AllocateBytes,
  type ImageFormat,
  type ImageHeader,
  type RgbImage,
  type RgbPixels,
} from './rgbImage.ts'
import { unreadable } from './unreadable.ts'
import { decodeWebp, readWebpHeader } from './webp.ts'

type Codec = {
  readHeader(bytes: Uint8Array, subject: string): ImageHeader
  decode(
    bytes: Uint8Array,
    subject: string,
    allocate?: AllocateBytes,
  ): (ImageHeader & RgbPixels) | Promise<ImageHeader & RgbPixels>
}

const codecs: Record<ImageFormat, Codec> = {
  jpeg: { readHeader: readJpegHeader, decode: decodeJpeg },
  png: { readHeader: readPngHeader, decode: decodePng },
  webp: { readHeader: readWebpHeader, decode: decodeWebp },
  bmp: { readHeader: readBmpHeader, decode: decodeBmp },
}

export type DecodeOptions = {
  /** What errors call the picture, usually its path. */
  subject?: string
  /** Larger pictures are refused before anything is decoded. Pillow's own limit unless given. */
  maxPixels?: number
  /** Gives memory for the pixels, where the decoder can choose. Fresh memory costs a fifth of the decoding of a JPEG. */
  allocate?: AllocateBytes
}

/**
 * Decodes the bytes of a JPEG, PNG, WebP or BMP file to RGB.
 *
 * @throws AppError `unreadable` for damaged, cut off, empty or too large pictures and for other formats.
 */
export async function decodeRgb(bytes: Uint8Array, options: DecodeOptions = {}): Promise<RgbImage> {
  const { subject = 'The picture', allocate } = options
  const { format } = readImageHeader(bytes, options)
  return codecs[format].decode(bytes, subject, allocate)
}

/**
 * Format, mode and size from the first bytes, without decoding. Nothing is known yet about the rest of the file, and
 * `bytes` may be just its beginning; 64 KiB suffice unless a JPEG begins with large profiles or thumbnails.
 *
 * @throws AppError `unreadable` as `decodeRgb`, as far as the header shows it.
 */
export function readImageHeader(bytes: Uint8Array, options: DecodeOptions = {}): ImageHeader {
  const { subject = 'The picture', maxPixels = pillowPixelLimit } = options
  const { format, mode, width, height } = codecs[formatOf(bytes, subject)].readHeader(bytes, subject)
  if (width * height > maxPixels) {
    throw unreadable(
      subject,
      `its header announces ${width} x ${height} pixels, more than the limit of ${maxPixels}`,
    )
  }
  return { format, mode, width, height }
}

function formatOf(bytes: Uint8Array, subject: string): ImageFormat {
  if (bytes.length === 0) throw unreadable(subject, 'the file is empty')
  const text = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString('latin1')
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (pngSignature.every((byte, index) => bytes[index] === byte)) return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (text(0, 2) === 'BM') return 'bmp'
  throw unreadable(subject, 'it is none of JPEG, PNG, WebP and BMP')
}
