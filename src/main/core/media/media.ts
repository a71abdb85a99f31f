/**
 * Pictures and videos for the pages. A page may see what lies in the workspaces that were opened, in the folders of
 * benchmark runs, and what the studio itself made; nothing else on the machine, whatever path it asks for.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, isAbsolute, join } from 'node:path'
import sharp from 'sharp'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { decodeRgb } from '../images/decode.ts'
import type { VideoFrames } from '../videoFrames/videoFrames.ts'
import { realRoots } from './realRoots.ts'
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
  '.m4v': 'video/mp4',
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.avi': 'video/x-msvideo',
}

/** Files that are read as videos, frame by frame. */
const videoTypes = new Set([
  '.gif',
  ...Object.keys(contentTypes).filter((key) => contentTypes[key].startsWith('video/')),
])

/** Whether a file is read as a video, by its name. */
export const isVideo = (name: string): boolean => videoTypes.has(extname(name).toLowerCase())

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
  /** As `find`, for videos. @throws AppError `unsupported` for other files. */
  findVideo(path: string): Promise<MediaFile>
  /** One frame of a video as a picture of its own. @throws AppError as `findVideo` and `VideoFrames.frame`. */
  videoFrame(path: string, frame: number, look: FrameLook, signal?: AbortSignal): Promise<MediaBytes>
}

/** How a frame of a video is sent. */
export type FrameLook = {
  /** A JPEG at most this wide. Left out: a PNG with exactly the frame's pixels. */
  width?: number
  /** Compress the PNG: for a slow link. Otherwise it is merely wrapped, which is ten times faster. */
  isPacked?: boolean
}

export type MediaBytes = { bytes: Uint8Array<ArrayBuffer>; contentType: string }

/**
 * @param allowedRoots folders a page may see into at this moment, since workspaces come and go.
 * @param cacheDir where thumbnails are kept; those looked at longest ago go when they grow too many.
 * @param videos decodes frames of videos.
 */
export function createMedia(
  allowedRoots: () => readonly string[],
  cacheDir: string,
  videos: VideoFrames,
): Media {
  const isAllowed = realRoots(allowedRoots)
  const hasGrown = pruneWhenIdle(cacheDir, largestCacheBytes)
  /** Thumbnails being made, by their files: two windows ask for the same ones at the same moment. */
  const making = new Map<string, Promise<void>>()

  async function find(path: string): Promise<MediaFile> {
    if (!isAbsolute(path) || path.includes('\0'))
      throw new AppError('usage', 'A media path must be absolute.')
    const contentType = contentTypes[extname(path).toLowerCase()]
    if (contentType === undefined) throw new AppError('unsupported', `${path} is no picture or video.`)
    // Links are followed first: a link inside a workspace must not lead out of it.
    const real = await realpath(path).catch((error: unknown) => {
      throw toAppError(error, path)
    })
    if (!(await isAllowed(real))) {
      throw new AppError('permission', `${path} lies outside the open workspaces.`, {
        hint: 'Open the folder as a workspace first.',
      })
    }
    const found = await stat(real)
    // Reading a pipe or a device would never end.
    if (!found.isFile()) throw new AppError('unsupported', `${path} is no file.`)
    return { path: real, contentType, size: found.size, modifiedMs: found.mtimeMs }
  }

  async function findVideo(path: string): Promise<MediaFile> {
    if (!isVideo(path))
      throw new AppError('unsupported', `${path} is no video.`, {
        hint: `Videos are ${[...videoTypes].join(', ')} files.`,
      })
    return find(path)
  }

  return {
    find,
    findVideo,
    async videoFrame(path, frame, { width: widest, isPacked }, signal) {
      const { data, width, height } = await videos.frame(await findVideo(path), frame, signal)
      const picture = sharp(data, { raw: { width, height, channels: 3 } })
      const encoded =
        widest === undefined
          ? picture.png({ compressionLevel: isPacked ? 6 : 0 })
          : picture.resize({ width: widest, withoutEnlargement: true }).jpeg({ quality: 80 })
      return {
        bytes: Uint8Array.from(await encoded.toBuffer()),
        contentType: widest === undefined ? 'image/png' : 'image/jpeg',
      }
    },
    async thumbnail(path, width) {
      const source = await find(path)
      const key = createHash('sha256')
        .update(`${source.path}|${source.size}|${source.modifiedMs}|${width}`)
        .digest('hex')
      const file = join(cacheDir, key.slice(0, 2), `${key}.jpg`)
      const describe = async (): Promise<MediaFile> => {
        const { size, mtimeMs } = await stat(file)
        return { path: file, contentType: 'image/jpeg', size, modifiedMs: mtimeMs }
      }
      const known = await describe().catch(() => undefined)
      if (known) {
        void noteUse(file)
        return known
      }
      const made = making.get(file) ?? makeThumbnail(source.path, file, width)
      making.set(file, made)
      await made.finally(() => making.delete(file))
      hasGrown()
      return describe()
    },
  }
}

/** Writes the thumbnail under another name first, so that nobody is sent half of it. */
async function makeThumbnail(path: string, file: string, widest: number): Promise<void> {
  const { data, width, height } = await decodeRgb(await readFile(path), { subject: path })
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: widest, withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer()
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, bytes)
  await rename(temporary, file)
}
