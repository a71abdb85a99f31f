import { readFile } from 'node:fs/promises'
import { decodeRgb } from '../images/decode.ts'
import type { RgbPixels } from '../images/rgbImage.ts'
import { exifOrientation, upright } from './exifOrientation.ts'

/**
 * Reads a picture as it is meant to be seen: upright, 8-bit RGB.
 *
 * @throws AppError or a system error when it cannot be read or decoded.
 */
export async function loadFrame(path: string): Promise<RgbPixels> {
  const bytes = await readFile(path)
  return upright(await decodeRgb(bytes, { subject: path }), exifOrientation(bytes))
}
