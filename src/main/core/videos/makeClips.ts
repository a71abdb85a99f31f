/** Draws and encodes prepared clips, several at once, with one pool of threads for all. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Clip } from '../../../shared/contract/videos.ts'
import { framesPerSecond } from '../../../shared/domain/frameRate.ts'
import { toAppError, type AppError } from '../../../shared/errors.ts'
import { createPool } from '../../workers/pool.ts'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import { encodeClip, type EncodedClip } from './encodeClip.ts'
import { encoderNameOf, type EncodeSettings } from './encoding.ts'
import type { VideoDeps } from './videoDeps.ts'
import type { ClipPlan } from './planClips.ts'
import { writePreviews } from './previews.ts'
import type { ResolvedRequest } from './resolveRequest.ts'
import type { DrawnFrame, DrawTask, Scene, SceneFrame } from './scene.ts'

/** A clip that is ready to be drawn. */
export type PreparedClip = {
  plan: ClipPlan
  scene: Scene
  frames: readonly SceneFrame[]
  file: string
  identity: string
}

export type ClipWork = {
  request: ResolvedRequest
  ffmpeg: Ffmpeg
  encoder: EncodeSettings['encoder']
  deps: VideoDeps
  onDone(prepared: PreparedClip, clip: Clip): Promise<void>
  onFailed(file: string, error: AppError): void
}

/** Memory for frames that wait for their encoder, over all clips. */
const waitingBytes = 384 * 2 ** 20
const mostThreads = 16
const framesWorthAThread = 24
/** Consumer NVIDIA cards refuse more sessions than a few. */
const mostHardwareClips = 3

/** Makes clips until all are done, failed, or `deps.signal` is aborted. A failing clip does not stop the others. */
export async function makeClips(clips: readonly PreparedClip[], work: ClipWork): Promise<void> {
  const { request, ffmpeg, encoder, deps } = work
  const cores = availableParallelism()
  const mostClips = encoder === 'software' ? Math.max(2, Math.floor(cores / 2)) : mostHardwareClips
  const clipsAtOnce = Math.min(clips.length, mostClips, mostThreads)
  const total = clips.reduce((sum, { scene }) => sum + scene.length, 0)
  // A thread takes a while to start; a few frames are drawn sooner by one.
  const threads = Math.min(cores, mostThreads, Math.ceil(total / framesWorthAThread))
  const pool = createPool<DrawTask, DrawnFrame>({
    entry: deps.workerEntry('clip'),
    size: threads,
    data: { scenes: clips.map(({ scene }) => scene) },
  })
  let next = 0
  let finished = 0
  const advance = (frames: number) => {
    finished += frames
    deps.onProgress?.({ stage: 'Encoding', done: finished, total, unit: 'frames' })
  }

  async function makeOne(sceneIndex: number): Promise<void> {
    const prepared = clips[sceneIndex]
    const { scene, frames, file } = prepared
    const frameBytes = scene.canvas.width * scene.canvas.height * 3
    let sent = 0
    try {
      const made = await encodeClip({
        ffmpeg,
        pool,
        scene,
        frames,
        sceneIndex,
        settings: {
          format: request.format,
          preset: request.preset,
          encoder,
          frameRate: request.frameRate,
          ...scene.canvas,
          threads: Math.max(2, Math.ceil(cores / clipsAtOnce)),
        },
        file,
        ahead: Math.max(1, Math.min(threads + 2, Math.floor(waitingBytes / clipsAtOnce / frameBytes))),
        signal: deps.signal,
        onFrame: () => {
          sent++
          advance(1)
        },
      })
      for (const { reason } of made.unreadable) deps.log?.(reason)
      await work.onDone(prepared, clipOf(prepared, made, work, await previewsOf(prepared, made, deps)))
    } catch (error) {
      if (deps.signal.aborted) return
      // Bars reach their end also when a clip is given up.
      advance(scene.length - sent)
      work.onFailed(file, toAppError(error, file))
    }
  }

  async function makeInTurn(): Promise<void> {
    while (next < clips.length && !deps.signal.aborted) await makeOne(next++)
  }

  try {
    advance(0)
    await Promise.all(Array.from({ length: clipsAtOnce }, makeInTurn))
  } finally {
    await pool.close()
  }
}

/** Poster and strip; a cache that cannot be written to is no reason to give up a clip. */
async function previewsOf(
  { identity, scene }: PreparedClip,
  made: EncodedClip,
  deps: VideoDeps,
): Promise<Pick<Clip, 'poster' | 'strip'>> {
  try {
    const shape = { tile: scene.tile, frames: scene.length }
    return await writePreviews(join(deps.cacheDir, identity), await made.previews, shape)
  } catch (error) {
    deps.log?.(`No poster: ${toAppError(error, deps.cacheDir).message}`)
    return {}
  }
}

function clipOf(
  { plan, scene, frames, file }: PreparedClip,
  { bytes, unreadable }: EncodedClip,
  { request, encoder }: ClipWork,
  previews: Pick<Clip, 'poster' | 'strip'>,
): Clip {
  const fps = framesPerSecond(request.frameRate)
  const isShown = (source: number) =>
    scene.panels.some(({ content }) => content.kind === 'picture' && content.source === source)
  const lacksFile = (files: (string | undefined)[]) =>
    files.some((path, source) => path === undefined && isShown(source))
  return {
    file,
    frames: plan.frames.length,
    fps,
    ...scene.canvas,
    durationSeconds: plan.frames.length / fps,
    bytes,
    isReused: false,
    encoder: encoderNameOf(request.format, encoder),
    unreadable: [...new Set(unreadable.map((entry) => entry.file))],
    missing: frames.filter(({ files }) => lacksFile(files)).length,
    ...previews,
  }
}
