/** Shows what a metric really sees of a file: its RGB pixels, resized as a protocol would, and their hash. */
import { createHash, randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ImageInspection, ImageInspectionRequest } from '../../../shared/contract/images.ts'
import { toAppError } from '../../../shared/errors.ts'
import { decodeImageFile } from './imageFile.ts'
import { resize } from './resample.ts'
import type { RgbPixels } from './rgbImage.ts'
import { sharp } from './sharp.ts'

/**
 * Decodes the file, resizes it if asked, and hashes the interleaved RGB bytes; `save` writes these very pixels as PNG.
 *
 * @throws AppError `unreadable` for what Pillow refuses too, `not-found`, `permission`, `disk-full` as they happen.
 */
export async function inspectImage({
  path,
  resize: target,
  save,
}: ImageInspectionRequest): Promise<ImageInspection> {
  const image = await decodeImageFile(path)
  const pixels = target ? resize(image, target.width, target.height, target.filter) : image
  if (save !== undefined) await savePng(pixels, save)
  return {
    path: resolve(path),
    format: image.format,
    mode: image.mode,
    width: pixels.width,
    height: pixels.height,
    sha256: createHash('sha256').update(pixels.data).digest('hex'),
    ...(save === undefined ? {} : { saved: resolve(save) }),
  }
}

/** Writes RGB pixels as PNG. The file appears under its name only when it is whole. */
async function savePng({ width, height, data }: RgbPixels, path: string): Promise<void> {
  const unfinished = join(dirname(path), `.${randomUUID()}.part`)
  try {
    const png = await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .png()
      .toBuffer()
    await writeFile(unfinished, png)
    await rename(unfinished, path)
  } catch (caught) {
    await rm(unfinished, { force: true })
    throw toAppError(caught, path)
  }
}
