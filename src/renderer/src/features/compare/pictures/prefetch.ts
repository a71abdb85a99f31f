/** Which positions to have ready, most urgent first. */
import { ahead, playedRange, type Playhead } from '../playback/playhead.ts'

export type Reach = {
  /** How many positions in the direction of the playhead, and on its other side. */
  forward: number
  backward: number
  /** Frames between two positions: more than 1 where the playhead skips some anyway. */
  stride: number
}

/**
 * The present position, then those the playhead will come to (following the loop while it plays), with a few on the
 * other side in between for the one who steps back.
 *
 * While it plays with a stride, positions are multiples of it, so that they stay the same as the playhead moves on.
 */
export function positionsWanted(head: Playhead, { forward, backward, stride }: Reach): number[] {
  const wanted = new Set([head.position])
  const [from, to] = playedRange(head)
  const length = to - from + 1
  const isInside = head.position >= from && head.position <= to
  const shift = head.isPlaying ? (head.position * head.direction) % stride : 0
  for (let turn = 1; turn <= Math.max(forward, backward); turn++) {
    const frames = turn * stride
    if (turn <= forward) {
      const toMultiple = frames - ((shift + stride) % stride)
      if (isInside && frames < length) wanted.add(ahead(head, toMultiple).position)
      else if (!isInside)
        wanted.add(Math.min(head.count - 1, Math.max(0, head.position + head.direction * frames)))
    }
    if (turn <= backward) {
      const behind = head.position - head.direction * frames
      if (behind >= 0 && behind < head.count) wanted.add(behind)
    }
  }
  return [...wanted]
}

/** Pictures a screen shows in a second; more cannot be seen. */
const screenRate = 60

/** A longer stride shows in what is ready after this time; a shorter one only when the gaps it leaves are filled. */
const settlingMs = { longer: 400, shorter: 1200 }
/** How long a shorter stride is not tried again after it failed; twice as long after each further failure. */
const pauseMs = { first: 2000, longest: 30_000 }
const longestStride = 64

/**
 * How many frames to go on between two that are shown, so that playing keeps its speed where pictures do not come fast
 * enough: longer when hardly any picture is ready ahead of the playhead, shorter again when many are. Strides are powers
 * of two, so that what is ready for one is also a part of what the next shorter one needs.
 */
export function keepPace(): (
  head: Pick<Playhead, 'framesPerSecond' | 'speed'>,
  readyAhead: number,
  wantedAhead: number,
  nowMs: number,
) => number {
  let stride = 1
  let settledAtMs = -Infinity
  /** A shorter stride was chosen, and it is not known yet whether pictures come fast enough for it. */
  let isTrial = false
  let nextTrialMs = -Infinity
  let pause = pauseMs.first
  return ({ framesPerSecond, speed }, readyAhead, wantedAhead, nowMs) => {
    const least = powerOfTwo((framesPerSecond * speed) / screenRate - 0.05)
    stride = Math.max(stride, least)
    if (nowMs < settledAtMs) return stride
    if (readyAhead <= 2 && stride < longestStride) {
      if (isTrial) {
        nextTrialMs = nowMs + pause
        pause = Math.min(pause * 2, pauseMs.longest)
      }
      isTrial = false
      stride *= 2
      settledAtMs = nowMs + settlingMs.longer
    } else if (readyAhead > wantedAhead * 0.7) {
      if (isTrial) pause = pauseMs.first
      isTrial = stride > least && nowMs >= nextTrialMs
      if (isTrial) {
        stride /= 2
        settledAtMs = nowMs + settlingMs.shorter
      }
    }
    return stride
  }
}

/** The smallest power of two that is at least `value`, and at least 1. */
const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, value)))

/** A hand on the timeline that moves on within this time will move on as far again. */
const movingMs = 250
const longestJump = 64

/** Guesses where a person goes who drags the playhead: as far again, in the same direction. */
export function followHand(): (position: number, nowMs: number) => { stride: number; direction: 1 | -1 } {
  let before: { position: number; atMs: number; jump: number } | undefined
  return (position, nowMs) => {
    const { position: from, atMs, jump } = before ?? { position, atMs: -Infinity, jump: 0 }
    const isMoving = nowMs - atMs < movingMs
    const moved = position === from && isMoving ? jump : position - from
    before = { position, atMs: position === from ? atMs : nowMs, jump: moved }
    const isGuess = isMoving && moved !== 0 && Math.abs(moved) <= longestJump
    return { stride: isGuess ? Math.abs(moved) : 1, direction: isGuess && moved < 0 ? -1 : 1 }
  }
}
