/**
 * Recognises the two ends of a Python logging record, byte by byte:
 * `YYYY-MM-DD HH:MM:SS - LEVEL - message - (pid:file:line)`. A record may go over many lines; only its first line has
 * the head and only its last the tail.
 */

/** What `readHead` found. One object is reused, because this runs for every line. */
export const head = {
  /** Seconds since 1970 as if the clock of the log were UTC; records have no time zone. */
  time: NaN,
  /** Index of the first byte of the level, and of the first byte after it. */
  levelStart: 0,
  levelEnd: 0,
  /** Index of the first byte of the message. */
  message: 0,
}

/** The pid in the last tail read by `findTail`, and where it stands: index of its first digit, index after its last. */
export const tail = { pid: NaN, pidStart: 0, pidEnd: 0 }

let cachedDate = 0
let cachedDay = 0

/**
 * Reads a record's head at `start` into `head`.
 *
 * @returns false when the line does not begin a record.
 */
export function readHead(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 26 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return false
  const gap = bytes[start + 10]
  if (gap !== 32 && gap !== 84) return false
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
  const month = twoDigits(bytes, start + 5)
  const day = twoDigits(bytes, start + 8)
  const hour = twoDigits(bytes, start + 11)
  const minute = twoDigits(bytes, start + 14)
  const second = twoDigits(bytes, start + 17)
  if (!(year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return false
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 62)) return false
  let at = start + 19
  let fraction = 0
  if (bytes[at] === 44 || bytes[at] === 46) {
    let unit = 0.1
    for (at++; at < end && bytes[at]! >= 48 && bytes[at]! <= 57; at++, unit /= 10)
      fraction += (bytes[at]! - 48) * unit
  }
  if (!isSeparator(bytes, at, end)) return false
  const levelStart = at + 3
  at = levelStart
  while (at < end && bytes[at]! >= 65 && bytes[at]! <= 90) at++
  if (at === levelStart || !isSeparator(bytes, at, end)) return false
  const date = year * 10_000 + month * 100 + day
  if (date !== cachedDate) {
    cachedDate = date
    cachedDay = Date.UTC(year, month - 1, day) / 1000
  }
  head.time = cachedDay + hour * 3600 + minute * 60 + second + fraction
  head.levelStart = levelStart
  head.levelEnd = at
  head.message = at + 3
  return true
}

/**
 * Finds ` - (pid:file:line)` at the end of a line and leaves the pid in `tail.pid`.
 *
 * @returns the index where the message ends, or -1 when the line has no tail.
 */
export function findTail(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1
  while (at > start && (bytes[at] === 32 || bytes[at] === 9)) at--
  if (at - start < 8 || bytes[at] !== 41) return -1
  at--
  const lineEnd = at
  while (at > start && bytes[at]! >= 48 && bytes[at]! <= 57) at--
  if (at === lineEnd || bytes[at] !== 58) return -1
  const floor = Math.max(start, at - 300)
  at--
  while (at > floor && bytes[at] !== 58 && bytes[at] !== 40) at--
  if (bytes[at] !== 58) return -1
  let pid = 0
  let unit = 1
  at--
  const pidEnd = at
  while (at > start && bytes[at]! >= 48 && bytes[at]! <= 57) {
    pid += (bytes[at]! - 48) * unit
    unit *= 10
    at--
  }
  if (at === pidEnd || bytes[at] !== 40 || at - 3 < start) return -1
  if (bytes[at - 1] !== 32 || bytes[at - 2] !== 45 || bytes[at - 3] !== 32) return -1
  tail.pid = pid
  tail.pidStart = at + 1
  tail.pidEnd = pidEnd + 1
  return at - 3
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 48
  const low = bytes[at + 1]! - 48
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : NaN
}

function isSeparator(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 < end && bytes[at] === 32 && bytes[at + 1] === 45 && bytes[at + 2] === 32
}
