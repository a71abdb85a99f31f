import { readFileSync } from 'node:fs'
import { decodeRgb, readImageHeader } from '../images/decode.ts'
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
  if (readImageHeader(bytes, { subject: path }).mode === 'I;16') return await scaledGrey(bytes, path)
  return upright(await decodeRgb(bytes, { subject: path, allocate }), exifOrientation(bytes))
}

/** 16-bit grey, scaled to 8 bits. Metrics see it as Pillow does, which turns all but the darkest 256 levels white. */
async function scaledGrey(bytes: Uint8Array, path: string): Promise<RgbPixels> {
  // What is damaged is refused in the same words as every other picture.
  await decodeRgb(bytes, { subject: path })
  // Loaded when it is needed: the start of every thread would wait for it.
  const { sharp } = await import('../images/sharp.ts')
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
