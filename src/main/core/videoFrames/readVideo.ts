/**
 * The list of a video's frames, from decoding it once. Only the decoder knows how many frames there are and in what
 * order: packets may hold none, half of one or several, and time stamps may be missing or wrong.
 */
import { AppError } from '../../../shared/errors.ts'
import { passThroughArguments, type Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import { processFailure, startProcess } from '../processes/runProcess.ts'
import {
  parseDuration,
  parseFrameLine,
  parseHasMatrix,
  parseStream,
  parseTimeBase,
  type DecodedFrame,
} from './showInfo.ts'

export type VideoIndex = {
  /** Size of a shown picture in pixels; turned as the file says. */
  width: number
  height: number
  /** ffmpeg's names, such as `h264` and `yuv420p`. */
  codec: string
  pixelFormat: string
  /** Nominal rate; frames may still come at uneven times. */
  framesPerSecond: number
  /** Whether the file says which matrix makes RGB of its YUV. */
  hasMatrix: boolean
  /** Seconds of one tick of `pts`, and the time in seconds at which the file begins. */
  timeBase: number
  startSeconds: number
  /** Presentation time of each frame in ticks, null where the file has none. */
  pts: (number | null)[]
  /** Checksum of each frame's decoded planes. */
  checksums: string[]
}

/** Arguments that open a file's video; times stay as they are in the file. */
export const inputArguments = (path: string, seekSeconds?: number): string[] => [
  '-hide_banner',
  '-nostats',
  '-copyts',
  ...(seekSeconds === undefined ? [] : ['-ss', seekSeconds.toFixed(6)]),
  '-i',
  path,
  '-map',
  '0:v:0',
]

/**
 * Decodes a video from beginning to end.
 *
 * @param onFrame told the number of frames so far, and an estimate of all of them (0 where there is none).
 * @throws AppError `unreadable` when no frame can be decoded, `cancelled`.
 */
export async function readVideo(
  ffmpeg: Ffmpeg,
  path: string,
  options: { signal?: AbortSignal; onFrame?: (done: number, total: number) => void } = {},
): Promise<VideoIndex> {
  const command = {
    file: ffmpeg.path,
    args: [
      ...inputArguments(path),
      '-vf',
      'showinfo',
      ...passThroughArguments(ffmpeg.version),
      '-f',
      'null',
      '-',
    ],
  }
  const pts: (number | null)[] = []
  const checksums: string[] = []
  let first: DecodedFrame | undefined
  let timeBase = 0
  let hasMatrix: boolean | undefined
  let duration: ReturnType<typeof parseDuration>
  let stream: ReturnType<typeof parseStream>
  const running = startProcess(command, {
    signal: options.signal,
    onLine: (line) => {
      const frame = parseFrameLine(line)
      if (frame) {
        first ??= frame
        pts.push(frame.pts ?? null)
        checksums.push(frame.checksum)
        const total = Math.round((duration?.durationSeconds ?? 0) * (stream?.framesPerSecond ?? 0))
        options.onFrame?.(checksums.length, Math.max(total, checksums.length))
        return
      }
      timeBase = parseTimeBase(line) ?? timeBase
      hasMatrix ??= parseHasMatrix(line)
      duration ??= parseDuration(line)
      stream ??= parseStream(line)
    },
  })
  running.stdin.end()
  const outcome = await running.ended
  if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.')
  // A file that was cut off ends in an error after good frames; those can be looked at.
  if (!first || !stream) {
    const { message, details } = processFailure(command, outcome, path)
    throw new AppError('unreadable', `${path} holds no video that can be decoded.`, {
      hint: 'Check that the file is complete and that it is a video.',
      details: { ...details, message },
    })
  }
  return {
    width: first.width,
    height: first.height,
    codec: stream.codec,
    pixelFormat: first.pixelFormat,
    framesPerSecond: stream.framesPerSecond ?? 10,
    hasMatrix: hasMatrix ?? false,
    timeBase,
    startSeconds: duration?.startSeconds ?? 0,
    pts,
    checksums,
  }
}
