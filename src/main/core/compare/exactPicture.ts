/** Pictures a browser would show with other pixels than metrics see, as PNG files with exactly those pixels. */
import { createHash } from 'node:crypto'
import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toAppError } from '../../../shared/errors.ts'
import { decodeImageFile } from '../images/imageFile.ts'
import { sharp } from '../images/sharp.ts'
import type { Media } from '../media/media.ts'
import { noteUse, pruneWhenIdle } from '../media/thumbnailCache.ts'

/** Those looked at longest ago go when they take more. */
const largestCacheBytes = 1024 ** 3

/**
 * Gives a function that writes the PNG of a picture below `folder`, once per state of the file, and gives its path,
 * which says nothing about where the picture came from.
 *
 * @returns throws AppError `permission` when a page may not see the picture, `unreadable` when it cannot be decoded.
 */
export function exactPictures(media: Pick<Media, 'find'>, folder: string): (path: string) => Promise<string> {
  const hasGrown = pruneWhenIdle(folder, largestCacheBytes)
  return async (path) => {
    const file = await exactPicture(path, media, folder)
    hasGrown()
    return file
  }
}

async function exactPicture(path: string, media: Pick<Media, 'find'>, folder: string): Promise<string> {
  const source = await media.find(path)
  const key = createHash('sha256').update(`${source.path}|${source.size}|${source.modifiedMs}`).digest('hex')
  const file = join(folder, `${key}.png`)
  if (await stat(file).catch(() => undefined)) {
    await noteUse(file)
    return file
  }
  const { data, width, height } = await decodeImageFile(source.path)
  try {
    await mkdir(folder, { recursive: true })
    const temporary = `${file}.${process.pid}.tmp`
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 3 })
      .toFile(temporary)
    await rename(temporary, file)
  } catch (error) {
    throw toAppError(error, file)
  }
  return file
}
