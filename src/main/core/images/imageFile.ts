/** Pictures on disk. The first bytes are looked at before the rest is read, so that a wrong file costs little. */
import { open, type FileHandle } from 'node:fs/promises'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { decodeRgb, readImageHeader, type DecodeOptions } from './decode.ts'
import type { ImageHeader, RgbImage } from './rgbImage.ts'
import { unreadable } from './unreadable.ts'

const headerBytes = 64 << 10
/** Node reads no more than this into one buffer at once. */
const largestFileBytes = 2 ** 31 - 1

/**
 * Decodes a file to RGB as `decodeRgb` does; errors name the path unless `subject` is given.
 *
 * @throws AppError `unreadable`, or what `toAppError` says about a file that cannot be opened.
 */
export async function decodeImageFile(path: string, options: DecodeOptions = {}): Promise<RgbImage> {
  const named = { subject: path, ...options }
  return withFile(path, async (file, size) => {
    await headerOf(file, size, named)
    return decodeRgb(await readStart(file, size), named)
  })
}

/**
 * Format, mode and size of a file, reading 64 KiB of it, or all of a JPEG that begins with more metadata than that.
 *
 * @throws AppError as `decodeImageFile`, as far as the header shows it.
 */
export async function readImageFileHeader(path: string, options: DecodeOptions = {}): Promise<ImageHeader> {
  return withFile(path, (file, size) => headerOf(file, size, { subject: path, ...options }))
}

async function headerOf(
  file: FileHandle,
  size: number,
  options: DecodeOptions & { subject: string },
): Promise<ImageHeader> {
  if (size > largestFileBytes) throw unreadable(options.subject, 'the file is larger than 2 GiB')
  const start = await readStart(file, Math.min(size, headerBytes))
  try {
    return readImageHeader(start, options)
  } catch (caught) {
    const isLongJpeg = start[0] === 0xff && start[1] === 0xd8 && size > start.length
    if (!isLongJpeg) throw caught
    return readImageHeader(await readStart(file, size), options)
  }
}

async function readStart(file: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

async function withFile<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const stats = await file.stat()
    if (!stats.isFile())
      throw new AppError('usage', `${path} is not a file.`, { hint: 'Give the path of a picture.' })
    return await use(file, stats.size)
  } catch (caught) {
    throw toAppError(caught, path)
  } finally {
    await file?.close()
  }
}
