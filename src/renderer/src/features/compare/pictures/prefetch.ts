/** Which positions to have ready, most urgent first. */
import { ahead, playedRange, type Playhead } from '../playback/playhead.ts'

/**
 * The present position, then those the playhead will come to (`forward` of them, following the loop), with a few on
 * the other side in between for the one who steps back.
 */
export function positionsWanted(head: Playhead, forward: number, backward: number): number[] {
  const wanted = new Set([head.position])
  const [from, to] = playedRange(head)
  const length = to - from + 1
  const isInside = head.position >= from && head.position <= to
  for (let frames = 1; frames <= Math.max(forward, backward); frames++) {
    if (frames <= forward) {
      if (isInside && frames < length) wanted.add(ahead(head, frames).position)
      else if (!isInside)
        wanted.add(Math.min(head.count - 1, Math.max(0, head.position + head.direction * frames)))
    }
    if (frames <= backward) {
      const behind = head.position - head.direction * frames
      if (behind >= 0 && behind < head.count) wanted.add(behind)
    }
  }
  return [...wanted]
}
