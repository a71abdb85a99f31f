/**
 * JPEG as Pillow 10.4 reads it (`JpegImagePlugin.py`, libjpeg-turbo with default settings). The common kind goes
 * through our own kernel, everything else and every damaged file through sharp.
 */
import { decodeBaselineJpeg } from './baselineJpeg.ts'
import { readJpegHeader } from './jpegHeader.ts'
import type { AllocateBytes, ImageHeader, RgbPixels } from './rgbImage.ts'
import { decodeWithSharp } from './sharpJpeg.ts'
import type { Subject } from './unreadable.ts'

/**
 * Decodes to RGB. The caller has checked the size.
 *
 * @param allocate gives memory for the pixels.
 * @throws AppError `unreadable`
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  subject: Subject,
  allocate?: AllocateBytes,
): Promise<ImageHeader & RgbPixels> {
  const header = readJpegHeader(bytes, subject)
  const { format, mode, width, height } = header
  const data = decodeBaselineJpeg(bytes, header, allocate) ?? (await decodeWithSharp(bytes, header, subject))
  return { format, mode, width, height, data }
}
