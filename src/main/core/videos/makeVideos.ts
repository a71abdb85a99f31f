/** Videos from folders of frames: plan, reuse what is there, draw and encode the rest, several clips at once. */
import { join } from 'node:path'
import type { Clip, VideoRequest, VideoResult } from '../../../shared/contract/videos.ts'
import { metricCatalog } from '../../../shared/domain/metricCatalog.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { findFfmpeg } from '../ffmpeg/findFfmpeg.ts'
import { chooseEncoder } from './chooseEncoder.ts'
import { formatScores, type FrameScores } from './frameScores.ts'
import { clipIdentity, reuseClip } from './identity.ts'
import { makeClips, type PreparedClip } from './makeClips.ts'
import { findMapFiles, type MapFiles } from './mapFiles.ts'
import { prepareOutputFolder } from './outputFolder.ts'
import type { ClipPlan } from './planClips.ts'
import { planVideos, type ResolvedRequest } from './resolveRequest.ts'
import { rememberClip } from './rememberClip.ts'
import type { VideoDeps } from './videoDeps.ts'
import { captionOf, clipPanel, sceneOf, settingsOf } from './sceneOf.ts'

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

  const toMake: PreparedClip[] = []
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
        await rememberClip(deps.repository, request, { plan, identity }, earlier)
      } else {
        const panel = await clipPanel(frames, request.panelWidth)
        toMake.push({ plan, file, identity, scene: sceneOf(request, plan, frames, panel, map) })
      }
    } catch (error) {
      failed(file, toAppError(error, file))
    }
  }

  if (toMake.length > 0) {
    const onDone = async (prepared: PreparedClip, clip: Clip): Promise<void> => {
      done.set(prepared.plan, clip)
      await rememberClip(deps.repository, request, prepared, clip)
    }
    await makeClips(toMake, { request, ffmpeg, encoder, deps, onDone, onFailed: failed })
  }
  if (deps.signal.aborted) {
    const finishedClips = [...done.values()].map(({ file }) => file)
    throw new AppError('cancelled', 'Cancelled.', { details: { finishedClips } })
  }
  result.clips = plans.flatMap((plan) => done.get(plan) ?? [])
  const [firstFailure] = result.failedClips
  if (result.clips.length === 0 && firstFailure)
    throw AppError.fromData(firstFailure.error as ReturnType<AppError['toData']>)
  return result
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
