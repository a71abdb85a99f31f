/**
 * Pictures and videos for the pages. A page may see what lies in the workspaces that were opened, in the folders of
 * benchmark runs, and what the studio itself made; nothing else on the machine, whatever path it asks for.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { extname, isAbsolute, join, relative } from 'node:path'
import sharp from 'sharp'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { decodeRgb } from '../images/decode.ts'
import { noteUse, pruneWhenIdle } from './thumbnailCache.ts'

const contentTypes: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.gif': 'image/gif',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
}

/** About forty thousand thumbnails. */
const largestCacheBytes = 512 * 1024 * 1024

export type MediaFile = { path: string; contentType: string; size: number; modifiedMs: number }

export type Media = {
  /**
   * The file behind a path. @throws AppError `permission` when it lies outside, `unsupported` for other kinds of
   * files, `not-found`.
   */
  find(path: string): Promise<MediaFile>
  /** A JPEG of the picture, at most `width` wide, made once and kept. */
  thumbnail(path: string, width: number): Promise<MediaFile>
}

/**
 * @param allowedRoots folders a page may see into; asked each time, since workspaces come and go.
 * @param cacheDir where thumbnails are kept; those looked at longest ago go when they grow too many.
 */
export function createMedia(allowedRoots: () => readonly string[], cacheDir: string): Media {
  const hasGrown = pruneWhenIdle(cacheDir, largestCacheBytes)

  async function find(path: string): Promise<MediaFile> {
    if (!isAbsolute(path) || path.includes('\0'))
      throw new AppError('usage', 'A media path must be absolute.')
    const contentType = contentTypes[extname(path).toLowerCase()]
    if (contentType === undefined) throw new AppError('unsupported', `${path} is no picture or video.`)
    // Links are followed first: a link inside a workspace must not lead out of it.
    const real = await realpath(path).catch((error: unknown) => {
      throw toAppError(error, path)
    })
    if (!(await isAllowed(real, allowedRoots()))) {
      throw new AppError('permission', `${path} lies outside the open workspaces.`, {
        hint: 'Open the folder as a workspace first.',
      })
    }
    const found = await stat(real)
    // Reading a pipe or a device would never end.
    if (!found.isFile()) throw new AppError('unsupported', `${path} is no file.`)
    return { path: real, contentType, size: found.size, modifiedMs: found.mtimeMs }
  }

  return {
    find,
    async thumbnail(path, width) {
      const source = await find(path)
      const key = createHash('sha256')
        .update(`${source.path}|${source.size}|${source.modifiedMs}|${width}`)
        .digest('hex')
      const folder = join(cacheDir, key.slice(0, 2))
      const file = join(folder, `${key}.jpg`)
      const describe = async (): Promise<MediaFile> => {
        const { size, mtimeMs } = await stat(file)
        return { path: file, contentType: 'image/jpeg', size, modifiedMs: mtimeMs }
      }
      const known = await describe().catch(() => undefined)
      if (known) {
        void noteUse(file)
        return known
      }
      const {
        data,
        width: w,
        height: h,
      } = await decodeRgb(await readFile(source.path), { subject: source.path })
      const bytes = await sharp(data, { raw: { width: w, height: h, channels: 3 } })
        .resize({ width, withoutEnlargement: true })
        .jpeg({ quality: 80 })
        .toBuffer()
      await mkdir(folder, { recursive: true })
      const temporary = `${file}.${process.pid}.tmp`
      await writeFile(temporary, bytes)
      await rename(temporary, file)
      hasGrown()
      return describe()
    },
  }
}

async function isAllowed(real: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined)
    if (realRoot === undefined) continue
    const inside = relative(realRoot, real)
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return true
  }
  return false
}
