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
