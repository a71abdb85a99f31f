/**
 * The playhead: which frame is shown and how it moves. Positions are whole numbers; time is only ever turned into a
 * whole number of frames, so nothing drifts. Pure: every function gives a new playhead.
 */

export type Playhead = {
  /** Number of frames; at least 1. */
  count: number
  position: number
  isPlaying: boolean
  direction: 1 | -1
  /** Factor of `framesPerSecond`, 0.1 to 8. */
  speed: number
  framesPerSecond: number
  /** First and last position that are played; the whole sequence when absent. */
  loop?: readonly [from: number, to: number]
  /** Begin again at the end of what is played. */
  isLooping: boolean
  /**
   * Frames that are due and not yet shown, below 1 unless pictures are waited for; or, below 0, how much sooner than due
   * the last one was shown.
   */
  carry: number
}

export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8] as const

export const newPlayhead = (count: number, position = 0): Playhead => ({
  count,
  position: Math.min(Math.max(0, position), count - 1),
  isPlaying: false,
  direction: 1,
  speed: 1,
  framesPerSecond: 10,
  isLooping: true,
  carry: 0,
})

/** First and last position that playing stays within. */
export function playedRange({ loop, count }: Playhead): readonly [number, number] {
  return loop ?? [0, count - 1]
}

/** Goes to a position, kept inside the sequence. */
export function seek(head: Playhead, position: number): Playhead {
  const whole = Number.isFinite(position) ? Math.round(position) : head.position
  return { ...head, position: Math.min(Math.max(0, whole), head.count - 1), carry: 0 }
}

/** Steps by whole frames and stops playing. Ends hold; nothing wraps under a key that is held down. */
export const step = (head: Playhead, frames: number): Playhead => ({
  ...seek(head, head.position + frames),
  isPlaying: false,
})

/** Starts or stops. Playing that starts at the end of its range begins at the other end. */
export function togglePlay(head: Playhead, direction: 1 | -1 = 1): Playhead {
  if (head.isPlaying && head.direction === direction) return { ...head, isPlaying: false, carry: 0 }
  const [from, to] = playedRange(head)
  const isOutside = head.position < from || head.position > to
  const isAtEnd = direction === 1 ? head.position === to : head.position === from
  const start = isOutside || isAtEnd ? (direction === 1 ? from : to) : head.position
  return { ...head, position: start, direction, isPlaying: true, carry: 0 }
}

/** Next faster or slower speed of the list. */
export function changeSpeed(head: Playhead, by: 1 | -1): Playhead {
  const at = speeds.findIndex((speed) => speed >= head.speed - 1e-9)
  return { ...head, speed: speeds[Math.min(speeds.length - 1, Math.max(0, at + by))] }
}

/** Sets the range that is played; one frame or less takes it away. The position moves inside only when it plays. */
export function setLoop(head: Playhead, range: readonly [number, number] | undefined): Playhead {
  if (!range) return { ...head, loop: undefined }
  const [a, b] = range.map((at) => Math.min(Math.max(0, Math.round(at)), head.count - 1))
  const loop = [Math.min(a, b), Math.max(a, b)] as const
  if (loop[0] === loop[1]) return { ...head, loop: undefined }
  const isInside = head.position >= loop[0] && head.position <= loop[1]
  return { ...head, loop, position: head.isPlaying && !isInside ? loop[0] : head.position }
}

/** Where the playhead would be `frames` frames later in its direction, wrapping or stopping at the range's end. */
export function ahead(head: Playhead, frames: number): { position: number; isAtEnd: boolean } {
  const [from, to] = playedRange(head)
  const length = to - from + 1
  const target = head.position + head.direction * frames
  if (target >= from && target <= to) return { position: target, isAtEnd: false }
  if (!head.isLooping) return { position: head.direction === 1 ? to : from, isAtEnd: true }
  return { position: from + ((((target - from) % length) + length) % length), isAtEnd: false }
}

/**
 * Lets time pass. Of the frames that are due, the furthest that can be shown is shown; when none can, the playhead
 * waits instead of running away from the picture.
 *
 * @param isReady whether the pictures of a position are there.
 * @param patience how many frames may fall due while it waits; those are left out, so that playing keeps its speed.
 * @returns the new playhead, and how many frames were passed over without being shown.
 */
export function advance(
  head: Playhead,
  elapsedSeconds: number,
  isReady: (position: number) => boolean,
  patience = 1,
): { head: Playhead; dropped: number } {
  if (!head.isPlaying) return { head, dropped: 0 }
  const step = elapsedSeconds * head.framesPerSecond * head.speed
  const passed = head.carry + step
  const due = dueFrames(passed, step)
  if (due < 1) return { head: { ...head, carry: passed }, dropped: 0 }
  // After a pause of the page (a hidden tab), one second is made up for at most.
  const most = Math.min(due, Math.max(1, Math.ceil(head.framesPerSecond * head.speed)))
  for (let frames = most; frames >= 1; frames--) {
    const { position, isAtEnd } = ahead(head, frames)
    if (!isReady(position)) continue
    return {
      head: {
        ...head,
        position,
        carry: isAtEnd ? 0 : Math.min(patience, passed - frames),
        isPlaying: !isAtEnd,
      },
      dropped: isAtEnd ? 0 : frames - 1,
    }
  }
  return { head: { ...head, carry: Math.min(passed, patience) }, dropped: 0 }
}

/**
 * How many frames to go on. The screen's pictures are never quite evenly apart, so that one frame a picture would be none
 * now and two then, which is seen as stutter: the same whole number is kept until it is half a frame early or one late.
 */
const dueFrames = (passed: number, step: number): number =>
  Math.min(Math.round(passed), Math.max(Math.floor(passed + 1e-9), Math.round(step)))

/** Position at which the track of `position` begins and the last one of it. */
export function trackAt(
  trackStarts: readonly number[],
  count: number,
  position: number,
): { index: number; from: number; to: number } {
  let low = 0
  let high = trackStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (trackStarts[middle] <= position) low = middle
    else high = middle - 1
  }
  return { index: low, from: trackStarts[low] ?? 0, to: (trackStarts[low + 1] ?? count) - 1 }
}

/** Start of the next track, or of this one and then the previous (as a tape deck does). */
export function neighbourTrack(
  trackStarts: readonly number[],
  count: number,
  position: number,
  direction: 1 | -1,
): number {
  const { index, from } = trackAt(trackStarts, count, position)
  if (direction === 1) return trackStarts[index + 1] ?? position
  return position > from ? from : (trackStarts[index - 1] ?? from)
}
