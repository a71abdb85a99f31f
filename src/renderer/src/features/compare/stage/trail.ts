/** Which position is shown while the pictures of the one asked for are still on their way. */

/** A hand that moves again within this time is dragging. */
const dragMs = 250
/** Pictures further from the playhead than this would mislead. */
const longestTrail = 64

export type Trail = {
  /** The playhead has come to a position. */
  add(position: number, nowMs: number): void
  /** The position to show. */
  shown(isReady: (position: number) => boolean): number
}

/**
 * Until all panes have the new frame, all of them keep an old one: they never show different frames. While a hand
 * drags the playhead faster than pictures come, that is the frame nearest to the hand on the way it came.
 */
export function newTrail(start: number): Trail {
  let wanted = start
  let held = start
  let movedMs = -Infinity
  let isDragged = false
  return {
    add(position, nowMs) {
      if (position === wanted) return
      isDragged = nowMs - movedMs < dragMs
      movedMs = nowMs
      wanted = position
    },
    shown(isReady) {
      const back = Math.sign(held - wanted)
      const steps = isDragged ? Math.min(longestTrail, Math.abs(held - wanted)) : 0
      for (let step = 0; step <= steps; step++) {
        const position = wanted + back * step
        if (isReady(position)) return (held = position)
      }
      return isReady(held) ? held : wanted
    },
  }
}
