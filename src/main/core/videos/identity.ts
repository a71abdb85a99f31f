/** When are two clips the same? When they were made from the same files, by the same programs, with the same settings. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { SceneFrame } from './scene.ts'

/** Raised when the same request would give other pictures than before. */
const drawingVersion = 2

/**
 * Hash of everything a clip is made from: each file by path, size and times of change, and the settings.
 *
 * @param settings plain data; everything that changes pixels, rate or container, programs and fonts included.
 */
export async function clipIdentity(
  frames: readonly SceneFrame[],
  extraFiles: readonly string[],
  settings: unknown,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([drawingVersion, settings]))
  const stamps = await Promise.all([...frames.flatMap(({ files }) => files), ...extraFiles].map(stamp))
  for (const text of stamps) hash.update(`${text}\n`)
  for (const { caption, scores } of frames) hash.update(`${JSON.stringify([caption, scores])}\n`)
  return hash.digest('hex')
}

/** The time of the last write can be set to any value (`cp -p`, `rsync -t`), that of the last change cannot. */
async function stamp(path: string | undefined): Promise<string> {
  if (path === undefined) return '-'
  const found = await stat(path).catch(() => undefined)
  return found ? `${path}|${found.size}|${found.mtimeMs}|${found.ctimeMs}` : `${path}|gone`
}
