import { readFileSync } from 'node:fs'
import { decodeRgb } from '../images/decode.ts'
import type { AllocateBytes, RgbPixels } from '../images/rgbImage.ts'
import { exifOrientation, upright } from './exifOrientation.ts'

/**
 * Reads a picture as it is meant to be seen: upright, 8-bit RGB. Reading waits for the disk: it is meant for threads
 * that have nothing else to do, where four trips through the event loop cost more than reading a frame.
 *
 * @param allocate gives memory for the pixels.
 * @throws AppError or a system error when it cannot be read or decoded.
 */
export async function loadFrame(path: string, allocate?: AllocateBytes): Promise<RgbPixels> {
  const bytes = readFileSync(path)
  return upright(await decodeRgb(bytes, { subject: path, allocate }), exifOrientation(bytes))
}
