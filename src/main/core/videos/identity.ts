/** When are two clips the same? When they were made from the same files with the same settings. */
import { createHash } from 'node:crypto'
import { copyFile, rename, rm, stat } from 'node:fs/promises'
import type { Clip } from '../../../shared/contract/videos.ts'
import type { ClipsRepository } from './clips.repository.ts'
import type { SceneFrame } from './scene.ts'

/** Raised when the same request would give other pictures than before. */
const drawingVersion = 1

/**
 * Hash of everything a clip is made from: each file by path, size and time of change, and the settings.
 *
 * @param settings plain data; everything that changes pixels, rate or container.
 */
export async function clipIdentity(
  frames: readonly SceneFrame[],
  extraFiles: readonly string[],
  settings: unknown,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([drawingVersion, settings]))
  const stamps = await Promise.all([...frames.flatMap(({ files }) => files), ...extraFiles].map(stamp))
  for (const text of stamps) hash.update(`${text}\n`)
  for (const { caption, scores } of frames) hash.update(`${caption}\n${scores}\n`)
  return hash.digest('hex')
}

async function stamp(path: string | undefined): Promise<string> {
  if (path === undefined) return '-'
  const found = await stat(path).catch(() => undefined)
  return found ? `${path}|${found.size}|${found.mtimeMs}` : `${path}|gone`
}

/**
 * Gives a clip that was made earlier from the same inputs, at the wanted place; one made for another folder is copied.
 *
 * @returns `undefined` when there is none whose file is still as it was written.
 */
export async function reuseClip(
  repository: ClipsRepository,
  identity: string,
  file: string,
): Promise<Clip | undefined> {
  const candidates = repository
    .withIdentity(identity)
    .sort((a, b) => Number(b.file === file) - Number(a.file === file))
  for (const { modifiedAt, ...made } of candidates) {
    const found = await stat(made.file).catch(() => undefined)
    if (!found || found.size !== made.bytes || found.mtimeMs !== modifiedAt) continue
    const {
      frames,
      fps,
      width,
      height,
      durationSeconds,
      bytes,
      encoder,
      unreadable,
      missing,
      poster,
      strip,
    } = made
    const clip: Clip = {
      file,
      frames,
      fps,
      width,
      height,
      durationSeconds,
      bytes,
      encoder,
      unreadable,
      missing,
      poster,
      strip,
      isReused: true,
    }
    if (made.file === file) return clip
    const part = `${file}.${process.pid}.part`
    try {
      await copyFile(made.file, part)
      await rename(part, file)
    } finally {
      await rm(part, { force: true })
    }
    return clip
  }
  return undefined
}
