/** From a request to decisions: absolute paths, layout, naming, map. Reads folders, starts nothing. */
import { join, resolve } from 'node:path'
import type { SkippedTrack, VideoLayout, VideoRequest } from '../../../shared/contract/videos.ts'
import { counted } from '../../../shared/domain/format.ts'
import { framesPerSecond, parseFrameRate, type FrameRate } from '../../../shared/domain/frameRate.ts'
import { AppError } from '../../../shared/errors.ts'
import { frameNaming } from '../tracks/frameNaming.ts'
import { distinctNames, readFrameFolder, type FrameFolder } from './frameFolder.ts'
import { mapOfFolders } from './mapFiles.ts'
import { planClips, type ClipPlan } from './planClips.ts'
import { wordsOf } from './words.ts'

export type ResolvedRequest = VideoRequest & {
  /** Absolute, as are all paths of a resolved request. */
  predictionDir: string
  layout: VideoLayout
  frameRate: FrameRate
  /** One name per source: prediction, reference, others. */
  sourceLabels: string[]
  /** True when clips are named by recording number. */
  isRecorded: boolean
}

export type VideoPlan = {
  request: ResolvedRequest
  clips: ClipPlan[]
  skipped: SkippedTrack[]
  warnings: string[]
}

/** A picture of a GIF lasts whole hundredths of a second; viewers play one that lasts a single one ten times slower. */
const fastestGif = 50

/**
 * Decides what a request means and which clips it gives.
 *
 * @throws AppError `usage` when the request contradicts itself, `not-found` when a folder is missing or holds no frame.
 */
export async function planVideos(raw: VideoRequest): Promise<VideoPlan> {
  const naming = frameNaming(raw.pattern)
  const request = resolveRequest(raw, !naming.isFolderOneTrack)
  const predictions = await readFrameFolder(request.predictionDir, naming)
  const usesReference = request.referenceDir !== undefined && request.layout !== 'single'
  const references = usesReference ? await readFrameFolder(request.referenceDir ?? '', naming) : undefined
  const others =
    request.layout === 'runs'
      ? await Promise.all(request.otherDirs.map((folder) => readFrameFolder(folder, naming)))
      : []
  if (predictions.sequences.length === 0) throw noFrames(request, predictions)

  const { clips, skipped } = planClips(
    { predictions, references, others },
    {
      naming,
      layout: request.layout,
      frameRate: request.frameRate,
      maxDurationSeconds: request.maxDurationSeconds,
      minFrames: request.minFrames,
      maxGap: request.maxGap,
      trackIndex: request.trackIndex,
      folderName: request.predictionDir,
      map:
        request.layout === 'three-column'
          ? (request.map ?? mapOfFolders(request.predictionDir, request.referenceDir))
          : undefined,
    },
  )
  if (request.trackIndex !== undefined && clips.length + skipped.length === 0) {
    throw new AppError('usage', `There is no track ${request.trackIndex} in ${request.predictionDir}.`, {
      hint: 'Tracks are counted from 0 in the order of recordings and frames. Leave --track_index out for all.',
    })
  }
  const warnings: string[] = []
  if (predictions.unparsed.length > 0) {
    warnings.push(
      `Left out of ${request.predictionDir}: ${counted(predictions.unparsed.length, 'picture')} with names of another form, such as ${predictions.unparsed[0]}.`,
    )
  }
  const hasReference = clips.some(({ frames }) => frames.some(({ reference }) => reference !== undefined))
  if (usesReference && clips.length > 0 && !hasReference) {
    warnings.push(
      `No frame of ${request.predictionDir} has a counterpart in ${request.referenceDir}. Are these the right folders?`,
    )
  }
  return { request, clips, skipped, warnings }
}

function resolveRequest(raw: VideoRequest, isRecorded: boolean): ResolvedRequest {
  const absolute = (path: string) => resolve(raw.workspace, path)
  const maybeAbsolute = (path: string | undefined) =>
    path === undefined || path === 'auto' ? undefined : absolute(path)
  const frameRate = parseFrameRate(raw.fps)
  if (!frameRate)
    throw new AppError('usage', `"${raw.fps}" is not a frame rate.`, {
      hint: 'Examples: 10, 12.5, 30000/1001.',
    })
  if (raw.format === 'gif' && framesPerSecond(frameRate) > fastestGif) {
    throw new AppError('usage', `GIF shows at most ${fastestGif} pictures a second, not ${raw.fps}.`, {
      hint: `Use --fps ${fastestGif} or less, or another --format.`,
    })
  }
  const layout =
    raw.layout ?? (raw.otherDirs.length > 0 ? 'runs' : raw.referenceDir === undefined ? 'single' : 'pair')
  if (
    (layout === 'pair' || layout === 'diff' || layout === 'three-column') &&
    raw.referenceDir === undefined
  ) {
    throw new AppError('usage', `The layout ${layout} needs ground truth to compare with.`, {
      hint: 'Add --gt_dir, or use --layout single.',
    })
  }
  if (layout === 'runs' && raw.otherDirs.length === 0) {
    throw new AppError('usage', 'The layout runs needs another run to put beside the first.', {
      hint: 'Add --compare_dir.',
    })
  }
  const predictionDir = absolute(raw.predictionDir)
  const otherDirs = raw.otherDirs.map(absolute)
  return {
    ...raw,
    predictionDir,
    referenceDir: maybeAbsolute(raw.referenceDir),
    otherDirs,
    outputDir: absolute(raw.outputDir),
    dataDir: absolute(raw.dataDir),
    map: raw.map === 'auto' ? undefined : raw.map,
    mapImage: maybeAbsolute(raw.mapImage),
    poseFiles: raw.poseFiles.filter((file) => file !== 'auto').map(absolute),
    layout,
    frameRate,
    sourceLabels: sourceLabels(raw, layout, [predictionDir, ...otherDirs]),
    isRecorded,
  }
}

/** What each source is called: as the request says, else by its role, else (runs) by what tells the folders apart. */
function sourceLabels(
  { labels, referenceDir, language }: VideoRequest,
  layout: VideoLayout,
  runs: readonly string[],
): string[] {
  const words = wordsOf[language]
  const names = layout === 'runs' ? distinctNames(runs) : [layout === 'single' ? '' : words.prediction]
  const [prediction, ...others] = names
  const given = referenceDir === undefined ? [labels[0], undefined, ...labels.slice(1)] : labels
  return [prediction, words.reference, ...others].map((name, source) => given[source] ?? name)
}

function noFrames(request: ResolvedRequest, { unparsed, passedOver }: FrameFolder): AppError {
  const folder = request.predictionDir
  if (unparsed.length > 0) {
    return new AppError(
      'not-found',
      `None of the ${counted(unparsed.length, 'picture')} in ${folder} has a name of the expected form; the first is ${unparsed[0]}.`,
      {
        hint: request.isRecorded
          ? 'Frames are expected as file_num<N>_frame_<M>. For numbered frames in one folder, add --pattern numbered.'
          : 'Check --pattern; "numbered" takes the last number of each name.',
      },
    )
  }
  return new AppError('not-found', `${folder} holds no pictures.`, {
    hint:
      passedOver.length > 0
        ? `Give one of its folders, such as ${join(folder, passedOver[0])}, or --pattern numbered where each folder is one track.`
        : 'Give the folder that holds the frames themselves (.jpg, .png, .webp or .bmp).',
  })
}
