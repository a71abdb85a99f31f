/**
 * The entropy-coded bytes of one restart interval, as bits. They are copied without stuffed zeros, back to front, so
 * that one little-endian load gives the next 64 bits in the order in which they are read.
 */

/** The picture data, from the first entropy-coded byte on, and where it ends. */
let cursor: usize = 0
let end: usize = 0
/** Where the first byte of each interval is copied to; the others follow below it. */
let top: usize = 0
/** Where the last byte of the interval was copied to, less one. */
let bottom: usize = 0

// The reader: `bits` holds the next bits, the first uppermost, `count` of them valid; `at` is the byte to load next.
export let bits: u64 = 0
export let count: i64 = 0
export let at: usize = 0

/** Room below the copied bytes. More than the bits of an MCU may be read before anyone asks whether they were there. */
export const SLACK: usize = 8192

/** @param work room for `bytes + 2 * SLACK` */
export function open(scan: usize, bytes: usize, work: usize): void {
  cursor = scan
  end = scan + bytes
  top = work + bytes + SLACK
}

/** Takes what a block's decoder has read. */
// @ts-ignore: decorator
@inline
export function advance(newBits: u64, newCount: i64, newAt: usize): void {
  bits = newBits
  count = newCount
  at = newAt
}

/** Bits of the interval that have not been read; below 0 when more were read than there are. */
// @ts-ignore: decorator
@inline
export function left(): i64 {
  return ((<i64>at - <i64>bottom) << 3) + count
}

/** Copies the bytes up to the next marker. @returns false when the data ends before one. */
export function openInterval(): bool {
  let from = cursor
  let to = top
  for (;;) {
    if (from >= end) return false
    const chunk = v128.load(from)
    const backwards = i8x16.shuffle(chunk, chunk, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
    v128.store(to - 15, backwards)
    const plain = ctz(i8x16.bitmask(i8x16.eq(chunk, i8x16.splat(-1))) | 0x10000)
    from += plain
    to -= plain
    if (plain == 16) continue
    if (from + 1 >= end) return false
    if (load<u8>(from, 1) != 0) break
    // The byte 0xff itself was copied with the chunk.
    from += 2
    to -= 1
  }
  cursor = from
  at = top
  bottom = to
  bits = 0
  count = 0
  return true
}

/** Passes the marker that ended the interval, when it is the wanted one and no whole byte was left unread. */
export function takeMarker(marker: i32): bool {
  const rest = left()
  if (rest < 0 || rest > 7 || <i32>load<u8>(cursor, 1) != marker) return false
  cursor += 2
  return true
}
