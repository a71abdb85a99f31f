/** Lists of frames, made once per state of a file and kept on disk. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import { readVideo, type VideoIndex } from './readVideo.ts'

/** A file in one state: what is known of its frames is gone when it is written anew. */
export type VideoFile = { path: string; size: number; modifiedMs: number }

export type VideoIndexes = {
  /** What is known already, without decoding. */
  known(file: VideoFile): Promise<VideoIndex | undefined>
  /** The list of frames, by decoding the file when it is not known. Callers at the same time share the work. */
  indexOf(
    file: VideoFile,
    options?: { signal?: AbortSignal; onFrame?: (done: number, total: number) => void },
  ): Promise<VideoIndex>
}

const stored = z.object({
  width: z.number(),
  height: z.number(),
  codec: z.string(),
  pixelFormat: z.string(),
  framesPerSecond: z.number(),
  hasMatrix: z.boolean(),
  timeBase: z.number(),
  startSeconds: z.number(),
  pts: z.array(z.number().nullable()),
  checksums: z.array(z.string()),
})

/** A list of 100,000 frames takes 2 MB. */
const mostFiles = 200

/** Names a file in one state. */
export const videoKey = ({ path, size, modifiedMs }: VideoFile): string =>
  createHash('sha256').update(`${path}|${size}|${modifiedMs}`).digest('hex')

/** @param folder where lists are kept. */
export function createVideoIndexes(ffmpeg: () => Promise<Ffmpeg>, folder: string): VideoIndexes {
  const underWay = new Map<string, Promise<VideoIndex>>()
  const inMemory = new Map<string, VideoIndex>()
  const fileOf = (key: string) => join(folder, `${key}.json`)

  async function known(file: VideoFile): Promise<VideoIndex | undefined> {
    const key = videoKey(file)
    const remembered = inMemory.get(key)
    if (remembered) return remembered
    try {
      const index = stored.parse(JSON.parse(await readFile(fileOf(key), 'utf8')))
      inMemory.set(key, index)
      const now = new Date()
      await utimes(fileOf(key), now, now)
      return index
    } catch {
      // Absent, or written by another version: it is made anew.
      return undefined
    }
  }

  async function make(file: VideoFile, options: Parameters<VideoIndexes['indexOf']>[1]): Promise<VideoIndex> {
    const index = await readVideo(await ffmpeg(), file.path, options)
    const key = videoKey(file)
    inMemory.set(key, index)
    await mkdir(folder, { recursive: true })
    const temporary = `${fileOf(key)}.${process.pid}.tmp`
    await writeFile(temporary, JSON.stringify(index))
    await rename(temporary, fileOf(key))
    await removeOldest(folder, mostFiles)
    return index
  }

  return {
    known,
    async indexOf(file, options) {
      const found = await known(file)
      if (found) return found
      const key = videoKey(file)
      const making = underWay.get(key) ?? make(file, options).finally(() => underWay.delete(key))
      underWay.set(key, making)
      return making
    },
  }
}

/** Keeps the files of a cache folder that were used last. */
async function removeOldest(folder: string, most: number): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= most) return
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path, usedMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 }
    }),
  )
  files.sort((a, b) => b.usedMs - a.usedMs)
  await Promise.all(files.slice(most).map(({ path }) => rm(path, { force: true })))
}
