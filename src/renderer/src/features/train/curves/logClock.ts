/**
 * Times of logs. A log's clock names no time zone, so its seconds since 1970 are counted as if it were UTC. Here they
 * become moments of this machine's zone: what is written 14:00 in the log is 14:00 on the page.
 */

/** A moment of this machine as its clock would write it into a log: seconds for `asWritten`. */
export const logSeconds = (seconds: number): number =>
  seconds - new Date(seconds * 1000).getTimezoneOffset() * 60

/** The moment at which a clock of this machine shows what the log says, for plots and for `Intl`. */
export function asWritten(seconds: number): Date {
  const utc = new Date(seconds * 1000)
  return new Date(
    utc.getUTCFullYear(),
    utc.getUTCMonth(),
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
    utc.getUTCMilliseconds(),
  )
}

/** Times for an axis, as short as they stay clear: the day where it changes, seconds only when they differ. */
export function timeTicks(seconds: readonly number[]): string[] {
  const isFine = seconds.some((value) => value % 60 !== 0)
  const isCoarse = seconds.every((value) => value % 86_400 === 0)
  return seconds.map((value, index) => {
    const text = new Date(value * 1000).toISOString()
    const day = text.slice(5, 10)
    if (isCoarse) return day
    const time = text.slice(11, isFine ? 19 : 16)
    const before = index === 0 ? undefined : new Date(seconds[index - 1] * 1000).toISOString().slice(5, 10)
    return before === undefined || before === day ? time : `${day} ${time}`
  })
}
