/**
 * Reads lines of training logs that repeat a line seen before: everything is equal except the time of day and the
 * numbers. Such a line is a list of pieces, each a stretch of text that must be there and the kind of number after it,
 * so that reading is comparing and converting, and nothing is searched for. Any other line is left to the caller.
 *
 * A learned line (a "shape") takes SHAPE_BYTES: f64 the seconds since 1970 at which its day begins, i32 how many
 * numbers it has, i32 unused, 16 bytes of which the first 11 are its date; then the pieces: i32 bytes of text, i32 kind
 * of what follows, the text, filled up to whole vectors.
 *
 * A row that was read is an array of f64: the index of its shape, seconds since 1970, the numbers in their order.
 */
import { isDigit, numberEnd, readNumber, readWhole } from './logLines/number'

const SHAPE_BYTES: usize = 4096
const SHAPE_HEAD: usize = 32
const PIECE_HEAD: usize = 8
const VECTOR: usize = 16
/** `YYYY-MM-DD ` and `HH:MM:SS` */
const DATE_BYTES: usize = 11
const TIME_END: usize = 19
const DATE_MASK: i32 = (1 << 11) - 1
/** No metric line is shorter. */
const LEAST_LINE: usize = 40

/** What stands after a piece of text. */
const LINE_END: i32 = 0
const NUMBER: i32 = 1
/** Digits alone: a step, a process id. */
const WHOLE_NUMBER: i32 = 2

let rowEnd: usize = 0
let time: f64 = 0

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

/** How much room a shape takes. */
export function shapeBytes(): usize {
  return SHAPE_BYTES
}

/**
 * Learns a line, which begins with `YYYY-MM-DD HH:MM:SS` and ends after its line feed.
 *
 * @param shape where to; `SHAPE_BYTES` long
 * @param time seconds since 1970 that the line's head means
 * @param numbers `count` times three i32, in order: offset of the first byte, offset after the last, kind
 * @returns false, with nothing changed, when the line does not fit
 */
export function learn(shape: usize, start: usize, end: usize, time: f64, numbers: usize, count: i32): bool {
  const seconds = secondsOfDay(start)
  const most = SHAPE_HEAD + (end - start) + <usize>(count + 2) * (PIECE_HEAD + VECTOR)
  if (seconds < 0 || most > SHAPE_BYTES) return false
  store<f64>(shape, time - <f64>seconds)
  store<i32>(shape, count, 8)
  v128.store(shape, v128.load(start), 16)
  let from = start + TIME_END
  let to = shape + SHAPE_HEAD
  for (let n = 0; n <= count; n++, numbers += 12) {
    const until = n < count ? <usize>load<i32>(numbers) : end
    store<i32>(to, <i32>(until - from))
    store<i32>(to, n < count ? load<i32>(numbers, 8) : LINE_END, 4)
    memory.copy(to + PIECE_HEAD, from, until - from)
    to += PIECE_HEAD + ((until - from + VECTOR - 1) & ~(VECTOR - 1))
    from = <usize>load<i32>(numbers, 4)
  }
  return true
}

/**
 * Reads lines as long as each repeats one of the shapes, and the clock does not go back by more than a second.
 *
 * @param from where a line begins
 * @param end nothing at or after it is read as part of a line; 128 more bytes must be readable
 * @param shapes `count` shapes, one after the other; the one that was met last is tried first
 * @param lastTime seconds since 1970 of the record before
 * @param rows receives the rows, up to `rowsEnd`
 * @returns where the first line begins that was not read; `rowsRead` tells where the rows end
 */
export function readLines(
  from: usize,
  end: usize,
  shapes: usize,
  count: i32,
  lastTime: f64,
  rows: usize,
  rowsEnd: usize,
): usize {
  rowEnd = rows
  let index = 0
  let at = from
  while (at + LEAST_LINE < end) {
    const row = rowEnd
    let next: usize = 0
    for (let tries = 0; tries < count; tries++) {
      const shape = shapes + <usize>index * SHAPE_BYTES
      if (row + 16 + (<usize>load<i32>(shape, 8) << 3) > rowsEnd) return at
      next = readLine(shape, at, end, row)
      if (next != 0) break
      if (++index == count) index = 0
    }
    if (next == 0 || time < lastTime - 1) {
      rowEnd = row
      return at
    }
    store<f64>(row, <f64>index)
    store<f64>(row, time, 8)
    lastTime = time
    at = next
  }
  return at
}

/** Where the rows of the last `readLines` end. */
export function rowsRead(): usize {
  return rowEnd
}

/** Where the line ends that repeats the shape; its numbers stand in the row, and `time` and `rowEnd` are set. 0 for others. */
function readLine(shape: usize, line: usize, end: usize, row: usize): usize {
  const date = i8x16.bitmask(i8x16.eq(v128.load(line), v128.load(shape, 16)))
  if ((date & DATE_MASK) != DATE_MASK) return 0
  let at = line + TIME_END
  let piece = shape + SHAPE_HEAD
  let to = row + 16
  for (;;) {
    const length = <usize>load<i32>(piece)
    if (at + length > end || !isEqual(at, piece + PIECE_HEAD, length)) return 0
    at += length
    const kind = load<i32>(piece, 4)
    if (kind == LINE_END) break
    piece += PIECE_HEAD + ((length + VECTOR - 1) & ~(VECTOR - 1))
    const value = kind == NUMBER ? readNumber(at) : readWhole(at)
    if (numberEnd == 0) return 0
    store<f64>(to, value)
    to += 8
    at = numberEnd
  }
  const seconds = secondsOfDay(line)
  if (seconds < 0) return 0
  time = load<f64>(shape) + <f64>seconds
  rowEnd = to
  return at
}

@inline
function isEqual(a: usize, b: usize, length: usize): bool {
  while (length > VECTOR) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) != 0xffff) return false
    a += VECTOR
    b += VECTOR
    length -= VECTOR
  }
  const wanted = (1 << <i32>length) - 1
  return (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) & wanted) == wanted
}

/** The time of day of a line that begins with `YYYY-MM-DD HH:MM:SS`; -1 when it is none. Minutes may have a leap second. */
function secondsOfDay(line: usize): i32 {
  const hour = twoDigits(line + DATE_BYTES)
  const minute = twoDigits(line + DATE_BYTES + 3)
  const second = twoDigits(line + DATE_BYTES + 6)
  const hasColons = load<u8>(line, 13) == 58 && load<u8>(line, 16) == 58
  if (!hasColons || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 61) return -1
  return hour * 3600 + minute * 60 + second
}

@inline
function twoDigits(at: usize): i32 {
  return isDigit(at) && isDigit(at + 1) ? <i32>load<u8>(at) * 10 + <i32>load<u8>(at, 1) - 528 : -1
}
