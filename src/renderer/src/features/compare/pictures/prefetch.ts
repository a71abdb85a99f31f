/** Which positions to have ready, most urgent first, and how far apart while the playhead moves. */
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
/** Pictures further apart than this say little about those between them. */
const longestStride = 64

/**
 * How many frames to go on between two that are shown, so that playing keeps its speed where pictures do not come fast
 * enough: longer when hardly any picture is ready ahead of the playhead, shorter again when many are. Strides are powers
 * of two, so that what is ready for one is also a part of what the next shorter one needs.
 */
export function keepPace(): (
  framesPerSecond: number,
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
  return (framesPerSecond, readyAhead, wantedAhead, nowMs) => {
    const least = leastStride(framesPerSecond)
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

/** Frames from one picture of the screen to the next, as a power of two. */
const leastStride = (framesPerSecond: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(1, framesPerSecond / screenRate - 0.05)))

/** A hand that moves on within this time is still moving. */
const movingMs = 250
/** How much the newest movement counts for the speed of a hand, which is never even. */
const newest = 0.4

/** How a person moves the playhead. */
export type Motion = {
  /** It has moved more than once within a moment. */
  isMoving: boolean
  /** 0 where it does not move. */
  framesPerSecond: number
  direction: 1 | -1
}

export const atRest: Motion = { isMoving: false, framesPerSecond: 0, direction: 1 }

/**
 * The positions to have ready for a hand that goes on as it does. Unlike playing, a hand does not wait: what it will
 * have passed before it can be there is of use only after all else. That leaves out as many as do not come in time.
 *
 * @param leadMs how long a picture is under way.
 */
export function positionsForHand(
  head: Playhead,
  { framesPerSecond, direction }: Motion,
  leadMs: number,
): number[] {
  const stride = leastStride(framesPerSecond)
  // A hand that jumps from place to place does not come by the pictures on its way.
  if (stride > longestStride) return [head.position]
  // It goes no further than an end, and out of a loop.
  const moving = { ...head, isPlaying: true, isLooping: false, loop: undefined, direction }
  const [, ...ahead] = positionsWanted(moving, { forward: 24, backward: 0, stride })
  const passed = Math.floor((framesPerSecond * leadMs) / 1000 / stride)
  return [...ahead.slice(passed), head.position, ...ahead.slice(0, passed)]
}

/** Tells from the places where the playhead is put how a person moves it: it will go on like that for a moment. */
export function followHand(): (position: number, nowMs: number) => Motion {
  let last: { position: number; atMs: number } | undefined
  let motion = atRest
  return (position, nowMs) => {
    const elapsedMs = last ? nowMs - last.atMs : Infinity
    const moved = last ? position - last.position : 0
    if (elapsedMs >= movingMs) motion = atRest
    if (last && moved === 0) return motion
    last = { position, atMs: nowMs }
    if (elapsedMs >= movingMs) return motion
    const direction = moved > 0 ? 1 : -1
    // Two events in one moment would be infinitely fast.
    const speed = (Math.abs(moved) / Math.max(elapsedMs, 1)) * 1000
    const isGoingOn = motion.isMoving && motion.direction === direction
    const framesPerSecond = isGoingOn ? motion.framesPerSecond * (1 - newest) + speed * newest : speed
    motion = { isMoving: true, framesPerSecond, direction }
    return motion
  }
}
