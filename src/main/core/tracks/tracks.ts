/**
 * Tracks: runs of frames of one recording without a gap. Sequence metrics and comparison videos use the same cut, so
 * a dip in a curve and the clip beside it always speak of the same frames.
 */
import { compareFramePositions, type FramePosition } from '../../../shared/domain/frameName.ts'

/** Largest step between two frame indices that still continues a track (2: every second frame was kept). */
export const defaultMaxGap = 2

/**
 * Sorts frames numerically by (recording, frame) and cuts them where the recording changes or the step to the next
 * frame index is larger than `maxGap`. Frames with the same position (`.jpg` beside `.png`) stay in the track, in
 * the order given.
 *
 * @param maxGap at least 0; `Infinity` cuts only where the recording changes.
 */
export function tracksOf<Frame extends FramePosition>(
  frames: readonly Frame[],
  maxGap = defaultMaxGap,
): Frame[][] {
  const tracks: Frame[][] = []
  let last: Frame | undefined
  for (const frame of frames.toSorted(compareFramePositions)) {
    const continues =
      last !== undefined && last.recording === frame.recording && frame.frame - last.frame <= maxGap
    if (continues) tracks[tracks.length - 1].push(frame)
    else tracks.push([frame])
    last = frame
  }
  return tracks
}

/**
 * Cuts a track into consecutive pieces of `size` frames; the last one holds what is left.
 *
 * @param size whole number, at least 1.
 */
export function chunksOf<Frame>(track: readonly Frame[], size: number): Frame[][] {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`A chunk holds at least one frame, not ${size}.`)
  const chunks: Frame[][] = []
  for (let start = 0; start < track.length; start += size) chunks.push(track.slice(start, start + size))
  return chunks
}
