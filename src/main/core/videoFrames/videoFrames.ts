/**
 * Single frames of videos, by number. Frames are decoded some at a time, for whoever wants one will want the next;
 * what was decoded is kept in memory, last used longest, within a bound.
 */
import { AppError } from '../../../shared/errors.ts'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import type { RgbPixels } from '../images/rgbImage.ts'
import { decodeSpan } from './decodeSpan.ts'
import type { VideoIndex } from './readVideo.ts'
import { videoKey, type VideoFile, type VideoIndexes } from './videoIndexes.ts'

export type VideoFrames = {
  /**
   * Frame `frame` (0 is the first) as the decoder gave it, in 8-bit RGB.
   *
   * @param signal a span that nobody waits for any more is given up.
   * @throws AppError `not-found` beyond the end, `unreadable`, `cancelled`.
   */
  frame(file: VideoFile, frame: number, signal?: AbortSignal): Promise<RgbPixels>
}

type Waiter = { frame: number; resolve(picture: RgbPixels): void; reject(error: unknown): void }
type Span = { waiters: Set<Waiter>; stop: AbortController }

const keptBytes = 192 * 2 ** 20
/** Decoded pictures of one span may take this much. */
const spanBytes = 48 * 2 ** 20
const longestSpan = 32
/** ffmpeg uses several threads itself. */
const mostDecoders = 2

export function createVideoFrames(ffmpeg: () => Promise<Ffmpeg>, indexes: VideoIndexes): VideoFrames {
  const kept = new Map<string, RgbPixels>()
  const spans = new Map<string, Span>()
  const queue: (() => void)[] = []
  let bytes = 0
  let decoders = 0

  function keep(key: string, picture: RgbPixels): void {
    if (kept.has(key)) return
    kept.set(key, picture)
    bytes += picture.data.length
    for (const [oldest, { data }] of kept) {
      if (bytes <= keptBytes || oldest === key) break
      kept.delete(oldest)
      bytes -= data.length
    }
  }

  async function turn(): Promise<void> {
    if (decoders >= mostDecoders) await new Promise<void>((resolve) => queue.push(resolve))
    decoders++
  }

  async function run(
    file: VideoFile,
    index: VideoIndex,
    key: string,
    number: number,
    span: Span,
  ): Promise<void> {
    await turn()
    const length = spanLength(index)
    const from = number * length
    try {
      await decodeSpan(
        await ffmpeg(),
        file.path,
        index,
        [from, Math.min(index.checksums.length, from + length) - 1],
        (frame, picture) => {
          keep(`${key} ${frame}`, picture)
          for (const waiter of span.waiters) {
            if (waiter.frame !== frame) continue
            span.waiters.delete(waiter)
            waiter.resolve(picture)
          }
        },
        span.stop.signal,
      )
      throw new AppError('cancelled', `${file.path}: the frame is no longer in memory.`)
    } catch (error) {
      for (const waiter of span.waiters) waiter.reject(error)
    } finally {
      decoders--
      queue.shift()?.()
    }
  }

  return {
    async frame(file, frame, signal) {
      const index = await indexes.indexOf(file)
      if (!Number.isInteger(frame) || frame < 0 || frame >= index.checksums.length)
        throw new AppError('not-found', `${file.path} has ${index.checksums.length} frames.`)
      const key = videoKey(file)
      const name = `${key} ${frame}`
      const known = kept.get(name)
      if (known) {
        kept.delete(name)
        kept.set(name, known)
        return known
      }
      const number = Math.floor(frame / spanLength(index))
      const spanKey = `${key} span ${number}`
      let span = spans.get(spanKey)
      if (!span) {
        const started: Span = { waiters: new Set(), stop: new AbortController() }
        span = started
        spans.set(spanKey, started)
        void run(file, index, key, number, started).finally(() => {
          if (spans.get(spanKey) === started) spans.delete(spanKey)
        })
      }
      return wait(span, frame, signal, () => {
        if (spans.get(spanKey) === span) spans.delete(spanKey)
      })
    },
  }
}

const spanLength = ({ width, height }: VideoIndex): number =>
  Math.min(longestSpan, Math.max(1, Math.floor(spanBytes / (width * height * 3))))

/** Waits for a frame of a span; the last one to lose interest stops the span. */
function wait(
  span: Span,
  frame: number,
  signal: AbortSignal | undefined,
  onStop: () => void,
): Promise<RgbPixels> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      span.waiters.delete(waiter)
      reject(new AppError('cancelled', 'No longer wanted.'))
      if (span.waiters.size > 0) return
      onStop()
      span.stop.abort()
    }
    const settle = () => signal?.removeEventListener('abort', leave)
    const waiter: Waiter = {
      frame,
      resolve: (picture) => (settle(), resolve(picture)),
      reject: (error) => (settle(), reject(error as Error)),
    }
    if (signal?.aborted) return leave()
    signal?.addEventListener('abort', leave, { once: true })
    span.waiters.add(waiter)
  })
}
