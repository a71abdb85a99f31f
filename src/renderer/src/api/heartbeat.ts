/** Notices when an engine no longer answers although its line stands: it hangs, or a tunnel died without a word. */

/** How often the line is tried while nothing else is heard. */
const everyMs = 5_000
/** A ping that waited this long for its answer tells of silence. */
const silentAfterMs = 8_000
/** After this long the line is given up; where it can be, another one is opened. */
const deadAfterMs = 30_000

export type HeartbeatEvents = {
  ping(): void
  /** The engine stopped answering, or answers again. */
  onSilent(isSilent: boolean): void
  /** It has been silent for half a minute. */
  onDead(): void
}

export type Heartbeat = {
  start(): void
  /** Something was heard from the engine. */
  heard(): void
  stop(): void
}

/**
 * Only a ping that waits counts as silence, never the time itself: a page in the background runs its timers once a
 * minute, and a machine that slept runs them hours late.
 *
 * @param now milliseconds of any clock that does not go back.
 */
export function createHeartbeat(
  events: HeartbeatEvents,
  now: () => number = () => performance.now(),
): Heartbeat {
  let timer: ReturnType<typeof setInterval> | undefined
  let pingedAt: number | undefined
  let isSilent = false

  const beat = () => {
    if (pingedAt === undefined) {
      pingedAt = now()
      events.ping()
      return
    }
    const waitedMs = now() - pingedAt
    if (waitedMs >= silentAfterMs && !isSilent) {
      isSilent = true
      events.onSilent(true)
    }
    if (waitedMs >= deadAfterMs) events.onDead()
  }
  const heard = () => {
    pingedAt = undefined
    if (!isSilent) return
    isSilent = false
    events.onSilent(false)
  }
  const stop = () => {
    clearInterval(timer)
    pingedAt = undefined
    isSilent = false
  }
  return {
    start() {
      stop()
      timer = setInterval(beat, everyMs)
    },
    heard,
    stop,
  }
}
