/** Whether full pictures come too slowly to be looked at in passing, from when the last ones were under way. */
import type { Transfer } from './workerMessages.ts'

export type LinkSpeed = {
  note(transfer: Transfer): void
  /** A link on which a full picture takes longer than this is slow; `undefined` before the first picture. */
  isSlow(): boolean | undefined
  /** So fast that pictures may come over it which perhaps nobody will look at. */
  isQuick(): boolean
}

/** Of a full picture. */
const slowMs = 140
const quickMs = 50
/** Older transfers count for less: a link gets faster and slower. */
const fading = 0.85

/**
 * Transfers at the same time share the link, so what counts is the time in which any was under way. That a picture
 * waits for its turn says nothing about the link.
 */
export function measureLink(): LinkSpeed {
  let busyMs = 0
  let pictures = 0
  let busyUntilMs = 0
  return {
    note({ fromMs, toMs }) {
      pictures = pictures * fading + 1
      busyMs = busyMs * fading + Math.max(0, toMs - Math.max(fromMs, busyUntilMs))
      busyUntilMs = Math.max(busyUntilMs, toMs)
    },
    isSlow: () => (pictures === 0 ? undefined : busyMs / pictures > slowMs),
    isQuick: () => pictures > 0 && busyMs / pictures <= quickMs,
  }
}
