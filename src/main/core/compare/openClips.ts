/** Videos as sources of a comparison: how many frames they have, and which positions these stand at. */
import { basename } from 'node:path'
import type { ComparedClip, Comparison } from '../../../shared/contract/compare.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { StoredClip } from '../../../shared/contract/videos.ts'
import { parseFrameName } from '../../../shared/domain/frameName.ts'
import type { JobKind, Jobs } from '../jobs/jobs.ts'
import type { Media } from '../media/media.ts'
import type { VideoIndexes } from '../videoFrames/videoIndexes.ts'
import type { ClipsRepository } from '../videos/clips.repository.ts'

export type ClipStore = {
  media: Pick<Media, 'findVideo'>
  videoIndexes: VideoIndexes
  clips: Pick<ClipsRepository, 'ofFile' | 'list'>
}

/** Smaller files are decoded within seconds, while the page waits. */
const quickBytes = 24 * 2 ** 20

/**
 * Adds clips to what is known of the runs; without runs, the clips are the comparison.
 *
 * @throws AppError as `Media.findVideo`; `unreadable` for a file that holds no video.
 */
export async function withClips(
  runs: Omit<Comparison, 'clips'> | undefined,
  paths: readonly string[],
  store: ClipStore,
): Promise<Comparison> {
  const cautions: string[] = []
  const clips: ComparedClip[] = []
  for (const path of paths) {
    const file = await store.media.findVideo(path)
    const index = await store.videoIndexes.indexOf(file)
    const frames = index.checksums.length
    const made = store.clips.ofFile(path)
    const first = runs && made ? placeOfClip(runs.names, made, frames) : undefined
    if (runs && first === undefined)
      cautions.push(
        `${basename(path)} does not say which frames it was made from; it begins at frame 1. Shift it where it should stand.`,
      )
    clips.push({
      path,
      label: basename(path),
      frames,
      width: index.width,
      height: index.height,
      framesPerSecond: index.framesPerSecond,
      codec: index.codec,
      pixelFormat: index.pixelFormat,
      bits: bitsOf(index.pixelFormat),
      first: first ?? 0,
    })
  }
  if (runs) return { ...runs, clips, cautions: [...runs.cautions, ...cautions] }
  const length = Math.max(...clips.map(({ frames }) => frames))
  return {
    map: '',
    referenceDir: paths[0],
    names: Array.from({ length }, (_, position) => String(position + 1)),
    reference: Buffer.alloc(length).toString('base64'),
    trackStarts: [0],
    runs: [],
    clips,
    cautions,
  }
}

/**
 * The position of the frame that a clip of ours begins with; `undefined` when the frames from there on are not
 * those of the clip, such as in a comparison of another map.
 */
export function placeOfClip(
  names: readonly string[],
  { track: { track, firstFrame, lastFrame } }: Pick<StoredClip, 'track'>,
  frames: number,
): number | undefined {
  const isAt = (position: number, wanted: number) => {
    const place = names[position] === undefined ? undefined : parseFrameName(names[position])
    return place !== undefined && String(place.recording) === track && place.frame === wanted
  }
  const first = names.findIndex((_, position) => isAt(position, firstFrame))
  return first >= 0 && isAt(first + frames - 1, lastFrame) ? first : undefined
}

/** Bits per colour of a pixel format by ffmpeg's name: `yuv420p10le` has 10, `rgb48be` 16, others 8. */
export function bitsOf(pixelFormat: string): number {
  const planar = /(?:p|gray|x2rgb|x2bgr|p0)(9|10|12|14|16)(?:le|be)?$/.exec(pixelFormat)
  if (planar) return Number(planar[1])
  return /^(?:rgb48|bgr48|rgba64|bgra64)/.test(pixelFormat) ? 16 : 8
}

export type ReadClipRequest = { path: string }

/** Queues a job for each clip that has to be decoded first and is not small. */
export async function readClips(paths: readonly string[], store: ClipStore, jobs: Jobs): Promise<Job[]> {
  const started: Job[] = []
  for (const path of paths) {
    const file = await store.media.findVideo(path)
    if (file.size <= quickBytes || (await store.videoIndexes.known(file))) continue
    started.push(jobs.start('readClip', `Read ${basename(path)}`, { path } satisfies ReadClipRequest))
  }
  return started
}

/** The job behind `compare.readClips`. */
export function readClipJob(store: ClipStore): JobKind<ReadClipRequest, { path: string; frames: number }> {
  return {
    kind: 'readClip',
    lane: 'scan',
    async run({ path }, { signal, report }) {
      const index = await store.videoIndexes.indexOf(await store.media.findVideo(path), {
        signal,
        onFrame: (done, total) => report({ stage: 'Decoding', done, total, unit: 'frames' }),
      })
      return { path, frames: index.checksums.length }
    },
  }
}
