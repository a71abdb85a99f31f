/** Decodes a few frames out of a video, and only gives those that are proven to be the frames asked for. */
import { AppError } from '../../../shared/errors.ts'
import { passThroughArguments, type Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import type { RgbPixels } from '../images/rgbImage.ts'
import { startProcess } from '../processes/runProcess.ts'
import { inputArguments, type VideoIndex } from './readVideo.ts'
import { parseFrameLine, type DecodedFrame } from './showInfo.ts'

/** Frames by which the tries begin before the first one asked for. */
const leads = [0, 100]

/**
 * Gives the frames `from` to `to` (both included) to `onFrame`, in order.
 *
 * The fast way seeks to the time of the first frame. Seeking trusts the file's time stamps and key frames, so each
 * frame must have the time and the checksum that decoding from the beginning gave it. Where one is missing (after the
 * key frame of an open group, in a transport stream) it begins earlier, and at last at the video's beginning, where
 * frames are counted.
 *
 * @throws AppError `unreadable` when a frame does not come either way, `cancelled`.
 */
export async function decodeSpan(
  ffmpeg: Ffmpeg,
  path: string,
  index: VideoIndex,
  [from, to]: readonly [number, number],
  onFrame: (frame: number, picture: RgbPixels) => void,
  signal: AbortSignal,
): Promise<void> {
  const numbers = new Map<string, number>()
  for (let frame = from; frame <= to; frame++)
    numbers.set(identityOf(index.pts[frame], index.checksums[frame]), frame)
  const missing = new Set(Array.from({ length: to - from + 1 }, (_, at) => from + at))
  const give = (frame: number | undefined, picture: RgbPixels) => {
    if (frame !== undefined && missing.delete(frame)) onFrame(frame, picture)
  }
  for (const lead of leads) {
    const seekSeconds = seekTime(index, from - lead)
    if (seekSeconds === undefined || missing.size === 0 || signal.aborted) break
    await decode(
      ffmpeg,
      [...inputArguments(path, seekSeconds), '-frames:v', String(to - from + 1 + lead)],
      'showinfo',
      index,
      ({ pts, checksum }, _order, picture) => give(numbers.get(identityOf(pts ?? null, checksum)), picture),
      signal,
    )
  }
  if (missing.size > 0 && !signal.aborted)
    await decode(
      ffmpeg,
      inputArguments(path),
      `select=between(n\\,${from}\\,${to}),showinfo`,
      index,
      (_frame, order, picture) => give(from + order, picture),
      signal,
      to - from + 1,
    )
  if (signal.aborted) throw new AppError('cancelled', 'No longer wanted.')
  if (missing.size > 0)
    throw new AppError('unreadable', `${path}: frame ${[...missing][0] + 1} could not be decoded.`, {
      hint: 'The file may have been changed or cut off since it was opened.',
    })
}

const identityOf = (pts: number | null, checksum: string) => `${pts} ${checksum}`

/** A time just before a frame, in seconds from the file's beginning; `undefined` where times are of no use. */
function seekTime({ pts, timeBase, startSeconds }: VideoIndex, frame: number): number | undefined {
  const [before, here] = [pts[frame - 1] ?? null, pts[frame]]
  if (here === null || before === null || before >= here) return undefined
  return Math.max(0, ((before + here) / 2) * timeBase - startSeconds)
}

/** Runs ffmpeg with a filter that ends in `showinfo`, and joins each picture with what is said about it. */
async function decode(
  ffmpeg: Ffmpeg,
  input: readonly string[],
  filter: string,
  index: VideoIndex,
  onPicture: (frame: DecodedFrame, order: number, picture: RgbPixels) => void,
  signal: AbortSignal,
  most = Infinity,
): Promise<void> {
  const { width, height } = index
  const bytes = width * height * 3
  const stop = new AbortController()
  const told: DecodedFrame[] = []
  const waiting: Uint8Array[] = []
  let order = 0
  let picture = new Uint8Array(bytes)
  let filled = 0
  const match = () => {
    while (order < told.length && waiting.length > 0) {
      onPicture(told[order], order, { width, height, data: waiting.shift()! })
      order++
    }
    if (order >= most) stop.abort()
  }
  const running = startProcess(
    {
      file: ffmpeg.path,
      args: [
        ...input,
        '-vf',
        `${filter},${toRgb(index)}`,
        ...passThroughArguments(ffmpeg.version),
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        'pipe:1',
      ],
    },
    {
      signal: AbortSignal.any([signal, stop.signal]),
      graceMs: 500,
      onLine: (line, stream) => {
        const frame = stream === 'stderr' ? parseFrameLine(line) : undefined
        if (!frame) return
        told.push(frame)
        match()
      },
      onBytes: (chunk) => {
        for (let at = 0; at < chunk.length;) {
          const taken = Math.min(bytes - filled, chunk.length - at)
          picture.set(chunk.subarray(at, at + taken), filled)
          filled += taken
          at += taken
          if (filled < bytes) continue
          waiting.push(picture)
          picture = new Uint8Array(bytes)
          filled = 0
        }
        match()
      },
    },
  )
  running.stdin.end()
  await running.ended
}

/** Files that name no matrix are shown as players do: BT.709 from 720 lines on, else BT.601. */
function toRgb({ width, height, hasMatrix }: VideoIndex): string {
  const matrix = hasMatrix ? '' : `:in_color_matrix=${height >= 720 ? 'bt709' : 'bt601'}`
  return `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int${matrix}`
}
