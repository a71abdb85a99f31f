/** From folders of frames to the clips that will be made: which frames, in what order, under what name. */
import { basename } from 'node:path'
import type { SkippedTrack, VideoLayout } from '../../../shared/contract/videos.ts'
import { counted } from '../../../shared/domain/format.ts'
import { framesPerSecond, type FrameRate } from '../../../shared/domain/frameRate.ts'
import type { FrameNaming } from '../tracks/frameNaming.ts'
import { chunksOf, tracksOf } from '../tracks/tracks.ts'
import { frameLookup, type FrameFile, type FrameFolder } from './frameFolder.ts'

/** One moment of a clip: the prediction, and what stands beside it. */
export type ClipFrame = {
  prediction: FrameFile
  reference: FrameFile | undefined
  /** One entry per further run. */
  others: (FrameFile | undefined)[]
}

export type ClipPlan = {
  /** File name without extension. */
  name: string
  /** Recording number, or the folder's name where one folder is one track. */
  track: string
  frames: ClipFrame[]
}

export type PlanOptions = {
  naming: FrameNaming
  layout: VideoLayout
  frameRate: FrameRate
  maxDurationSeconds: number
  minFrames: number
  maxGap: number
  /** Only the track with this index, counted from 0 in the order of recordings and frames; all when left out. */
  trackIndex: number | undefined
  /** Name of the prediction folder, for tracks that have no recording number. */
  folderName: string
  map: string | undefined
}

/**
 * Plans the clips as `frames_to_video.py` does: tracks shorter than `minFrames` are left out, the others are cut into
 * pieces of at most `maxDurationSeconds`, and pieces shorter than half of `minFrames` are left out.
 */
export function planClips(
  folders: { predictions: FrameFolder; references: FrameFolder | undefined; others: readonly FrameFolder[] },
  options: PlanOptions,
): { clips: ClipPlan[]; skipped: SkippedTrack[] } {
  const { naming, minFrames, trackIndex } = options
  const clips: ClipPlan[] = []
  const skipped: SkippedTrack[] = []
  const framesPerClip = Math.max(
    1,
    Math.floor(options.maxDurationSeconds * framesPerSecond(options.frameRate) + 1e-9),
  )
  const shortestPiece = Math.floor(minFrames / 2)
  let index = -1
  for (const sequence of folders.predictions.sequences) {
    const inFolder = (folder: FrameFolder | undefined) =>
      frameLookup(folder?.sequences.find((candidate) => candidate.folder === sequence.folder))
    const reference = inFolder(folders.references)
    const others = folders.others.map(inFolder)
    for (const track of tracksOf(sequence.frames, naming.isFolderOneTrack ? Infinity : options.maxGap)) {
      index++
      if (trackIndex !== undefined && index !== trackIndex) continue
      const trackName = naming.isFolderOneTrack
        ? basename(sequence.folder === '' ? options.folderName : sequence.folder)
        : String(track[0].recording)
      const leaveOut = (frames: readonly FrameFile[], cause: SkippedTrack['cause'], fewest: number) => {
        const reason =
          cause === 'short-track'
            ? `Shorter than ${counted(fewest, 'frame')}.`
            : `A piece of a longer track, shorter than ${counted(fewest, 'frame')}.`
        skipped.push({ ...spanOf(trackName, frames), cause, fewestFrames: fewest, reason })
      }
      if (track.length < minFrames) {
        leaveOut(track, 'short-track', minFrames)
        continue
      }
      for (const piece of chunksOf(track, framesPerClip)) {
        if (piece.length < shortestPiece) {
          leaveOut(piece, 'short-piece', shortestPiece)
          continue
        }
        clips.push({
          name: clipName(options, trackName, piece),
          track: trackName,
          frames: piece.map((prediction) => ({
            prediction,
            reference: reference(prediction),
            others: others.map((find) => find(prediction)),
          })),
        })
      }
    }
  }
  return { clips: withUniqueNames(clips), skipped }
}

function spanOf(track: string, frames: readonly FrameFile[]) {
  return {
    track,
    firstFrame: frames[0].frame,
    lastFrame: frames[frames.length - 1].frame,
    frames: frames.length,
  }
}

/** The names of the user's scripts: `frames_to_video.py`, and for the radar `visualize_csgo_three_column_video.py`. */
function clipName({ layout, naming, map }: PlanOptions, track: string, frames: readonly FrameFile[]): string {
  const { firstFrame, lastFrame } = spanOf(track, frames)
  const span = `f${firstFrame}_to_f${lastFrame}`
  const recording = naming.isFolderOneTrack ? fileSafe(track) : `file${track}`
  switch (layout) {
    case 'single':
      return `track_${naming.isFolderOneTrack ? fileSafe(track) : track}_${span}`
    case 'pair':
      return `compare_${recording}_${span}`
    case 'three-column':
      return `three_column_video_${fileSafe(map ?? 'map')}_${recording}_${span}`
    case 'diff':
      return `diff_${recording}_${span}`
    case 'runs':
      return `runs_${recording}_${span}`
  }
}

/** A track that repeats positions (`a.jpg` beside `a.png`) can be cut into pieces with one name. */
function withUniqueNames(clips: ClipPlan[]): ClipPlan[] {
  const seen = new Map<string, number>()
  return clips.map((clip) => {
    const count = (seen.get(clip.name) ?? 0) + 1
    seen.set(clip.name, count)
    return count === 1 ? clip : { ...clip, name: `${clip.name}_${count}` }
  })
}

/** File systems take names of up to 255 bytes; a folder's name is cut so that ours and a temporary one still fit. */
const longestTrackBytes = 120

function fileSafe(text: string): string {
  let safe = text.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_')
  while (Buffer.byteLength(safe) > longestTrackBytes) safe = [...safe].slice(0, -1).join('')
  return safe
}
