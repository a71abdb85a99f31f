/** Makes one clip: frames come from the worker pool in any order and go to ffmpeg in theirs. */
import { once } from 'node:events'
import { rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { Pool } from '../../workers/pool.ts'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import {
  processFailure,
  startProcess,
  type ProcessOutcome,
  type RunningProcess,
} from '../processes/runProcess.ts'
import { encodeArguments, type EncodeSettings } from './encoding.ts'
import { partOf } from './partFiles.ts'
import { encodePreviews, posterFrame, stripFrames, type Previews } from './previews.ts'
import type { DrawnFrame, DrawTask, Scene, SceneFrame } from './scene.ts'

export type EncodedClip = {
  bytes: number
  unreadable: { file: string; reason: string }[]
  previews: Promise<Previews>
}

/** What is known when the last frame has been sent. */
type SentFrames = {
  unreadable: EncodedClip['unreadable']
  poster: Uint8Array | undefined
  tiles: Uint8Array[]
}

export type EncodeJob = {
  ffmpeg: Ffmpeg
  pool: Pool<DrawTask, DrawnFrame>
  scene: Scene
  frames: readonly SceneFrame[]
  /** Index of the scene in the pool. */
  sceneIndex: number
  settings: EncodeSettings
  /** Where the finished clip goes. It appears there whole or not at all. */
  file: string
  /** Most frames drawn ahead of the encoder; bounds the memory of a clip. */
  ahead: number
  signal: AbortSignal
  onFrame(): void
}

/**
 * Draws and encodes a clip.
 *
 * @throws AppError `cancelled`, `process-failed` with ffmpeg's last lines, `disk-full`, `permission`, or `unreadable`
 *   when not one frame of the clip could be read. The file is then as it was before.
 */
export async function encodeClip(job: EncodeJob): Promise<EncodedClip> {
  const part = partOf(job.file)
  const command = { file: job.ffmpeg.path, args: encodeArguments(job.settings, part) }
  // Whatever ends the clip early also ends its ffmpeg.
  const stopper = new AbortController()
  const encoder = startProcess(command, { signal: AbortSignal.any([job.signal, stopper.signal]) })
  try {
    const { unreadable, ...drawn } = await sendFrames(job, encoder)
    // Made while ffmpeg writes its last frames. Who makes the clip decides what a failure means.
    const previews = encodePreviews(drawn, job.scene)
    previews.catch(() => {})
    const outcome = await encoder.ended
    if (job.signal.aborted) throw new AppError('cancelled', 'Cancelled.')
    if (outcome.exitCode !== 0)
      throw explained(processFailure(command, outcome, basename(job.file)), job.file)
    const { size } = await stat(part)
    if (size === 0) throw explained(processFailure(command, outcome, basename(job.file)), job.file)
    await rename(part, job.file)
    return { bytes: size, unreadable, previews }
  } catch (error) {
    stopper.abort()
    await encoder.ended.catch(() => {})
    if (job.signal.aborted) throw new AppError('cancelled', 'Cancelled.', { cause: error })
    throw toAppError(error, job.file)
  } finally {
    await rm(part, { force: true })
  }
}

async function sendFrames(job: EncodeJob, encoder: RunningProcess): Promise<SentFrames> {
  const { frames, pool } = job
  const total = frames.length
  const tileFrames = new Set(stripFrames(total))
  const result: SentFrames = { unreadable: [], poster: undefined, tiles: [] }
  let outcome: ProcessOutcome | undefined
  const ended = encoder.ended.then((value) => (outcome = value))
  const waiting: Promise<DrawnFrame>[] = []
  // Frames that ffmpeg has taken give their memory to later ones.
  const spares: Uint8Array<ArrayBuffer>[] = []
  let next = 0
  const draw = () => {
    const spare = spares.pop()
    const task = {
      scene: job.sceneIndex,
      index: next,
      frame: frames[next],
      wantsPoster: next === posterFrame(total),
      wantsTile: tileFrames.has(next),
      spare,
    }
    const drawing = pool.run(task, spare ? [spare.buffer] : [])
    // Awaited in order below; until then a failure must not count as unhandled.
    drawing.catch(() => {})
    waiting.push(drawing)
    next++
  }
  try {
    for (let sent = 0; sent < total; sent++) {
      while (next < total && waiting.length < job.ahead) draw()
      const frame = await waiting.shift()
      if (outcome || job.signal.aborted || !frame) break
      result.unreadable.push(...frame.unreadable)
      result.poster ??= frame.poster
      if (frame.tile) result.tiles.push(frame.tile)
      if (!encoder.stdin.write(frame.pixels, () => void spares.push(frame.pixels)))
        await Promise.race([once(encoder.stdin, 'drain').catch(() => {}), ended])
      job.onFrame()
    }
  } finally {
    encoder.stdin.end()
  }
  return result
}

/** ffmpeg says some things that have better names; its own lines stay in the message. */
function explained(failure: AppError, file: string): AppError {
  const about = { details: failure.details, cause: failure }
  if (/No space left on device|Disk quota exceeded/i.test(failure.message)) {
    return new AppError('disk-full', `${file} could not be written: the disk is full.\n${failure.message}`, {
      ...about,
      hint: 'Free some space and run the same command again; finished clips are kept.',
    })
  }
  if (/Permission denied|Read-only file system|Operation not permitted/i.test(failure.message)) {
    return new AppError('permission', `${file} may not be written.\n${failure.message}`, {
      ...about,
      hint: 'Choose another --output_dir.',
    })
  }
  return failure
}
