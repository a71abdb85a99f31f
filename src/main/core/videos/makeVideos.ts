/** Videos from folders of frames: plan, reuse what is there, draw and encode the rest, several clips at once. */
import { basename, join } from 'node:path'
import type { Clip, VideoRequest, VideoResult } from '../../../shared/contract/videos.ts'
import { counted } from '../../../shared/domain/format.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { findFfmpeg } from '../ffmpeg/findFfmpeg.ts'
import { chooseEncoder } from './chooseEncoder.ts'
import { fontsInstalled } from './drawing/fontFiles.ts'
import { findScores } from './frameScores.ts'
import { clipIdentity } from './identity.ts'
import { makeClips, type PreparedClip } from './makeClips.ts'
import { findMapFiles, type MapFiles } from './mapFiles.ts'
import { prepareOutputFolder } from './outputFolder.ts'
import type { ClipPlan } from './planClips.ts'
import { planVideos, type ResolvedRequest } from './resolveRequest.ts'
import { rememberClip } from './rememberClip.ts'
import { reuseClip } from './reuseClip.ts'
import type { VideoDeps } from './videoDeps.ts'
import { clipPanel, sceneFrames, sceneOf, settingsOf } from './sceneOf.ts'

/**
 * Makes the videos of a request. A clip that fails does not stop the others.
 *
 * @throws AppError when nothing could be started (usage, missing folder, no ffmpeg, unwritable output), when every
 *   clip failed (the first one's error), or `cancelled`.
 */
export async function makeVideos(raw: VideoRequest, deps: VideoDeps): Promise<VideoResult> {
  const { request, clips: plans, skipped, warnings } = await planVideos(raw)
  const result: VideoResult = { clips: [], skippedTracks: skipped, failedClips: [], warnings }
  const warn = (text: string) => {
    if (!warnings.includes(text)) warnings.push(text)
    deps.log?.(text)
  }
  warnings.forEach(warn)
  if (plans.length === 0) return result
  const ffmpeg = await findFfmpeg(deps.environment)
  const encoder = await chooseEncoder(ffmpeg, request.format, request.preset, request.encoder)
  if (request.encoder === 'auto' && encoder === 'software')
    warn('No hardware encoder works here, so the processor encodes.')
  await prepareOutputFolder(request.outputDir)
  const map = await mapOf(request)
  map?.warnings.forEach(warn)
  const scores = [request.predictionDir, ...(request.layout === 'runs' ? request.otherDirs : [])].map(
    (folder) => findScores(folder, request.scores, deps.frameScores, warn),
  )

  const done = new Map<ClipPlan, Clip>()
  const failed = (file: string, error: AppError) => {
    result.failedClips.push({ file, error: error.toData() })
    // The failure of the only clip is that of the whole job, which says it.
    if (plans.length > 1) deps.log?.(`${basename(file)} could not be made: ${error.message}`)
  }

  const fonts = request.drawText ? fontsInstalled() : []
  const toMake: PreparedClip[] = []
  for (const plan of plans) {
    if (deps.signal.aborted) throw new AppError('cancelled', 'Cancelled.')
    const file = join(request.outputDir, `${plan.name}.${request.format}`)
    const frames = sceneFrames(request, plan, scores)
    try {
      const settings = { ...settingsOf(request), encoder, ffmpeg: ffmpeg.version, fonts }
      const identity = await clipIdentity(frames, map?.files ?? [], settings)
      const earlier =
        request.fresh || !deps.repository ? undefined : await reuseClip(deps.repository, identity, file)
      if (earlier) {
        done.set(plan, earlier)
        await rememberClip(deps.repository, request, { plan, identity }, earlier)
      } else {
        const panel = await clipPanel(frames, request.panelWidth)
        toMake.push({ plan, frames, file, identity, scene: sceneOf(request, plan, panel, map) })
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
    deps.log?.(
      `${done.size} of ${counted(plans.length, 'clip')} had been finished and ${done.size === 1 ? 'is' : 'are'} kept.`,
    )
    throw new AppError('cancelled', 'Cancelled.')
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
