/** From a planned clip to the scene that worker threads draw. */
import { counted } from '../../../shared/domain/format.ts'
import { AppError } from '../../../shared/errors.ts'
import { pipeFormatOf } from './encoding.ts'
import type { FrameFile } from './frameFolder.ts'
import { formatScores, type FrameScores } from './frameScores.ts'
import { layOut, textPixels, type Size } from './layout.ts'
import { loadFrame } from './loadFrame.ts'
import type { MapFiles } from './mapFiles.ts'
import type { ClipPlan } from './planClips.ts'
import { posterSize, tileSize } from './previews.ts'
import type { ResolvedRequest } from './resolveRequest.ts'
import type { Scene, SceneFrame } from './scene.ts'
import { wordsOf } from './words.ts'

/**
 * What is drawn of each frame of a clip.
 *
 * @param scores those of the predictions, then those of each other run.
 */
export function sceneFrames(
  request: ResolvedRequest,
  plan: ClipPlan,
  [own, ...ofOthers]: readonly FrameScores[],
): SceneFrame[] {
  const { caption } = wordsOf[request.language]
  const scoresOf = (scores: FrameScores | undefined, frame: FrameFile | undefined) =>
    formatScores((frame && scores?.get(frame.stem)) ?? [])
  return plan.frames.map(({ prediction, reference, others }) => ({
    files: [prediction, reference, ...others].map((source) => source?.path),
    caption: caption(plan.track, prediction.frame, request.isRecorded),
    scores: [scoresOf(own, prediction), '', ...others.map((frame, run) => scoresOf(ofOthers[run], frame))],
  }))
}

/**
 * Size of one panel: that of the first prediction that can be read, or `panelWidth` with its proportions.
 *
 * @throws AppError `unreadable` when no prediction of the clip can be read.
 */
export async function clipPanel(
  frames: readonly SceneFrame[],
  panelWidth: number | undefined,
): Promise<Size> {
  let failure: unknown
  for (const { files } of frames) {
    if (files[0] === undefined) continue
    try {
      const { width, height } = await loadFrame(files[0])
      if (panelWidth === undefined) return { width, height }
      return { width: panelWidth, height: Math.max(2, Math.round((height * panelWidth) / width)) }
    } catch (error) {
      failure ??= error
    }
  }
  throw new AppError(
    'unreadable',
    `None of its ${counted(frames.length, 'frame')} can be read: ${(failure as Error | undefined)?.message ?? 'there are none'}`,
    {
      hint: 'Check that the files are complete JPEG, PNG, WebP or BMP pictures.',
      cause: failure,
    },
  )
}

/** The settings that change what a clip looks like or how it is stored. */
export function settingsOf(request: ResolvedRequest): Record<string, unknown> {
  const {
    layout,
    frameRate,
    format,
    preset,
    encoder,
    drawText,
    sourceLabels,
    language,
    stretch,
    panelWidth,
    amplify,
    scores,
    map,
  } = request
  return {
    layout,
    frameRate,
    format,
    preset,
    encoder,
    drawText,
    labels: sourceLabels,
    language,
    stretch,
    panelWidth,
    amplify,
    scores,
    map,
  }
}

/** @param panel size of one picture panel, from `clipPanel`. */
export function sceneOf(
  request: ResolvedRequest,
  plan: ClipPlan,
  panel: Size,
  map: MapFiles | undefined,
): Scene {
  const { canvas, panels } = layOut(request.layout, panel, {
    reference: request.referenceDir !== undefined,
    others: request.otherDirs.length,
  })
  return {
    canvas,
    panels,
    length: plan.frames.length,
    labels: request.sourceLabels,
    pipeFormat: pipeFormatOf(request.format),
    drawText: request.drawText,
    textPixels: Math.min(...panels.map(textPixels)),
    stretch: request.stretch,
    amplify: request.amplify,
    language: request.language,
    radar: map && {
      imageFile: map.imageFile,
      poses: plan.frames.map(
        ({ prediction }) => map.poses.get(poseKey(prediction.stem)) ?? map.poses.get(prediction.stem),
      ),
    },
    tile: tileSize(canvas),
    poster: posterSize(canvas),
  }
}

/** Poses are filed under the name as recorded; a prediction's name may have more around it. */
const poseKey = (stem: string) => /file_num\d+_frame_\d+/.exec(stem)?.[0] ?? stem
