/** Videos from folders of frames: plan, reuse what is there, draw and encode the rest, several clips at once. */
import { availableParallelism } from 'node:os'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clip, VideoRequest, VideoResult } from '../../../shared/contract/videos.ts'
import { framesPerSecond } from '../../../shared/domain/frameRate.ts'
import { metricCatalog } from '../../../shared/domain/metricCatalog.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { createPool, type WorkerEntry } from '../../workers/pool.ts'
import { findFfmpeg } from '../ffmpeg/findFfmpeg.ts'
import type { ProgressReport } from '../jobs/progressMeter.ts'
import type { ClipsRepository } from './clips.repository.ts'
import { encodeClip } from './encodeClip.ts'
import { chooseEncoder, encoderNameOf, type EncodeSettings } from './encoding.ts'
import { formatScores, type FrameScores } from './frameScores.ts'
import { clipIdentity, reuseClip } from './identity.ts'
import { findMapFiles, type MapFiles } from './mapFiles.ts'
import { prepareOutputFolder } from './outputFolder.ts'
import type { ClipPlan } from './planClips.ts'
import { writePreviews } from './previews.ts'
import { planVideos, type ResolvedRequest } from './resolveRequest.ts'
import type { DrawnFrame, DrawTask, Scene } from './scene.ts'
import { captionOf, clipPanel, sceneOf, settingsOf } from './sceneOf.ts'

export type VideoDeps = {
  /** Ends the work soon after it is aborted; finished clips stay. */
  signal: AbortSignal
  onProgress?(progress: ProgressReport): void
  /** Things worth knowing that stop nothing. */
  log?(text: string): void
  /** Folder for posters and strips. */
  cacheDir: string
  /** Remembers clips, so that they are not made twice. */
  repository?: ClipsRepository
  workerEntry: WorkerEntry
  /** Finds per-frame scores of a folder of predictions. */
  frameScores?(predictionDir: string, quantities: readonly string[]): FrameScores
  /** Variables to find ffmpeg with. */
  environment?: NodeJS.ProcessEnv
}

/** Memory for frames that wait for their encoder, over all clips. */
const waitingBytes = 384 * 2 ** 20
const mostThreads = 16
const framesWorthAThread = 24
/** Consumer NVIDIA cards refuse more sessions than a few. */
const mostHardwareClips = 3

type Prepared = { plan: ClipPlan; scene: Scene; file: string; identity: string }

/**
 * Makes the videos of a request. A clip that fails does not stop the others.
 *
 * @throws AppError when nothing could be started (usage, missing folder, no ffmpeg, unwritable output), when every
 *   clip failed (the first one's error), or `cancelled`.
 */
export async function makeVideos(raw: VideoRequest, deps: VideoDeps): Promise<VideoResult> {
  const { request, clips: plans, skipped, warnings } = await planVideos(raw)
  const result: VideoResult = { clips: [], skippedTracks: skipped, failedClips: [], warnings }
  if (plans.length === 0) return result
  const ffmpeg = await findFfmpeg(deps.environment)
  const encoder = await chooseEncoder(ffmpeg, request.format, request.preset, request.encoder)
  await prepareOutputFolder(request.outputDir)
  const map = await mapOf(request)
  warnings.push(...(map?.warnings ?? []))
  const scores = scoresOf(request, deps, warnings)
  for (const text of warnings) deps.log?.(text)

  const done = new Map<ClipPlan, Clip>()
  const failed = (file: string, error: AppError) => {
    result.failedClips.push({ file, error: error.toData() })
    deps.log?.(`${file}: ${error.message}`)
  }

  const toMake: Prepared[] = []
  for (const plan of plans) {
    if (deps.signal.aborted) throw new AppError('cancelled', 'Cancelled.')
    const file = join(request.outputDir, `${plan.name}.${request.format}`)
    const frames = plan.frames.map((frame) => ({
      files: [frame.prediction, frame.reference, ...frame.others].map((source) => source?.path),
      caption: captionOf(request, plan, frame.prediction.frame),
      scores: formatScores(scores?.get(frame.prediction.stem) ?? []),
    }))
    try {
      const settings = { ...settingsOf(request), encoder }
      const identity = await clipIdentity(frames, map?.files ?? [], settings)
      const earlier =
        request.fresh || !deps.repository ? undefined : await reuseClip(deps.repository, identity, file)
      if (earlier) {
        done.set(plan, earlier)
        await remember({ plan, file, identity }, earlier)
      } else {
        const panel = await clipPanel(frames, request.panelWidth)
        toMake.push({ plan, file, identity, scene: sceneOf(request, plan, frames, panel, map) })
      }
    } catch (error) {
      failed(file, toAppError(error, file))
    }
  }

  if (toMake.length > 0) await makeAll()
  result.clips = plans.flatMap((plan) => done.get(plan) ?? [])
  const [firstFailure] = result.failedClips
  if (result.clips.length === 0 && firstFailure)
    throw AppError.fromData(firstFailure.error as ReturnType<AppError['toData']>)
  return result

  async function makeAll(): Promise<void> {
    const cores = availableParallelism()
    const clipsAtOnce = Math.min(
      toMake.length,
      Math.max(2, Math.floor(cores / 2)),
      encoder === 'software' ? mostThreads : mostHardwareClips,
    )
    const total = toMake.reduce((sum, { scene }) => sum + scene.frames.length, 0)
    // A thread takes a while to start; a few frames are drawn sooner by one.
    const threads = Math.min(cores, mostThreads, Math.ceil(total / framesWorthAThread))
    let frames = 0
    const report = () => deps.onProgress?.({ stage: 'Encoding', done: frames, total, unit: 'frames' })
    report()
    const pool = createPool<DrawTask, DrawnFrame>({
      entry: deps.workerEntry('clip'),
      size: threads,
      data: { scenes: toMake.map(({ scene }) => scene) },
    })
    let next = 0
    const makeInTurn = async (): Promise<void> => {
      while (next < toMake.length && !deps.signal.aborted) {
        const sceneIndex = next++
        const prepared = toMake[sceneIndex]
        const { scene, file, plan } = prepared
        const before = frames
        const settings: EncodeSettings = {
          format: request.format,
          preset: request.preset,
          encoder,
          frameRate: request.frameRate,
          ...scene.canvas,
          threads: Math.max(2, Math.ceil(cores / clipsAtOnce)),
        }
        const frameBytes = scene.canvas.width * scene.canvas.height * 3
        const ahead = Math.max(1, Math.min(threads + 2, Math.floor(waitingBytes / clipsAtOnce / frameBytes)))
        const onFrame = () => {
          frames++
          report()
        }
        try {
          const made = await encodeClip({
            ffmpeg,
            pool,
            scene,
            sceneIndex,
            settings,
            file,
            ahead,
            signal: deps.signal,
            onFrame,
          })
          const previews = await writePreviews(join(deps.cacheDir, prepared.identity), {
            ...made,
            tile: scene.tile,
            frames: scene.frames.length,
          })
          const clip = clipOf(
            prepared,
            made.bytes,
            encoderNameOf(request.format, encoder),
            made.unreadable,
            previews,
          )
          for (const { file: bad, reason } of made.unreadable) deps.log?.(`${bad}: ${reason}`)
          done.set(plan, clip)
          await remember(prepared, clip)
        } catch (error) {
          if (deps.signal.aborted) return
          frames = before + scene.frames.length
          failed(file, toAppError(error, file))
        }
      }
    }
    try {
      await Promise.all(Array.from({ length: clipsAtOnce }, makeInTurn))
    } finally {
      await pool.close()
    }
    if (deps.signal.aborted)
      throw new AppError('cancelled', 'Cancelled.', {
        details: { finishedClips: [...done.values()].map(({ file }) => file) },
      })
  }

  function clipOf(
    { plan, scene, file }: Prepared,
    bytes: number,
    encoderName: string,
    unreadable: { file: string }[],
    previews: Pick<Clip, 'poster' | 'strip'>,
  ): Clip {
    const fps = framesPerSecond(request.frameRate)
    const isUsed = (source: number) =>
      scene.panels.some(({ content }) => content.kind === 'picture' && content.source === source)
    return {
      file,
      frames: plan.frames.length,
      fps,
      ...scene.canvas,
      durationSeconds: plan.frames.length / fps,
      bytes,
      isReused: false,
      encoder: encoderName,
      unreadable: [...new Set(unreadable.map((entry) => entry.file))],
      missing: scene.frames.filter(({ files }) =>
        files.some((path, source) => path === undefined && isUsed(source)),
      ).length,
      ...previews,
    }
  }

  async function remember({ plan, file, identity }: Omit<Prepared, 'scene'>, clip: Clip): Promise<void> {
    const { mtimeMs } = await stat(file)
    deps.repository?.save({
      identity,
      layout: request.layout,
      track: {
        track: plan.track,
        firstFrame: plan.frames[0].prediction.frame,
        lastFrame: plan.frames[plan.frames.length - 1].prediction.frame,
        frames: plan.frames.length,
      },
      settings: {
        ...settingsOf(request),
        predictionDir: request.predictionDir,
        referenceDir: request.referenceDir,
        otherDirs: request.otherDirs,
      },
      clip,
      modifiedAt: mtimeMs,
    })
  }
}

async function mapOf(request: ResolvedRequest): Promise<MapFiles | undefined> {
  const { layout, referenceDir } = request
  return layout === 'three-column' && referenceDir !== undefined
    ? await findMapFiles({ ...request, referenceDir })
    : undefined
}

function scoresOf(request: ResolvedRequest, deps: VideoDeps, warnings: string[]): FrameScores | undefined {
  if (request.scores.length === 0) return undefined
  const scores = deps.frameScores?.(request.predictionDir, request.scores)
  if (!scores || scores.size === 0) {
    warnings.push(
      `There are no per-frame scores of ${request.predictionDir} yet, so none are shown. Run parallax benchmark on it first.`,
    )
    return undefined
  }
  const known = new Set([...scores.values()].flatMap((entries) => entries.map(({ name }) => name)))
  const titleOf = (metric: string) =>
    metricCatalog.find(({ id }) => id.toLowerCase() === metric.toLowerCase())?.title
  const unknown = request.scores.filter((metric) => !known.has(titleOf(metric) ?? ''))
  if (unknown.length > 0) {
    warnings.push(`The benchmark of ${request.predictionDir} has no per-frame ${unknown.join(', ')}.`)
  }
  return scores
}
