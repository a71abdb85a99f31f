/** Entropy-coded blocks of sequential JPEG (ITU-T T.81, F.2.2). */
import { advance, at as readerAt, bits as readerBits, count as readerCount } from './bits'
import { COMPLETE, LENGTH, PEEK_SHIFT, extended, longCode } from './huffman'

const LAST: i32 = 63
const ZERO_RUN: i32 = 0xf0

/** Byte offsets of the coefficients in zigzag order; what a run carries beyond the last one goes there too. */
const ZIGZAG = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28,
  42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76, 62, 78, 92, 106,
  120, 122, 108, 94, 110, 124, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126,
])

/** What `decodeBlock` gives for bits that are no block. */
export const IRREGULAR: i32 = -1
/** The last difference of DC that was read. */
export let difference: i32 = 0

/**
 * Reads one block: the coefficients but the first go to `block` (64 zeros of 16 bits, in rows), the first as
 * `difference`.
 *
 * @returns the zigzag index of the last coefficient, or IRREGULAR
 */
export function decodeBlock(block: usize, dc: usize, ac: usize): i32 {
  let bits = readerBits
  let count = readerCount
  let at = readerAt

  // Fills `bits` to at least 56. A difference takes no more than 27 and each coefficient no more than 26.
  bits |= load<u64>(at - 7) >> count
  at -= <usize>((63 - count) >> 3)
  count |= 56

  let entry = load<i32>(dc + (<usize>(bits >> PEEK_SHIFT) << 2))
  if (entry & COMPLETE) {
    difference = entry >> 16
    bits <<= <u64>(entry & LENGTH)
    count -= <i64>(entry & LENGTH)
  } else {
    if (entry == 0) entry = longCode(dc, <i32>(bits >> 48))
    if (entry == 0) return IRREGULAR
    const length = entry & LENGTH
    const size = entry >> 8
    bits <<= <u64>length
    difference = size == 0 ? 0 : extended(<i32>(bits >> (64 - <u64>size)), size)
    bits <<= <u64>size
    count -= <i64>(length + size)
  }

  let last = 0
  while (last < LAST) {
    bits |= load<u64>(at - 7) >> count
    at -= <usize>((63 - count) >> 3)
    count |= 56

    entry = load<i32>(ac + (<usize>(bits >> PEEK_SHIFT) << 2))
    if (<u32>entry > 0xffff) {
      bits <<= <u64>(entry & LENGTH)
      count -= <i64>(entry & LENGTH)
      last += (entry >> 8) & 0xff
      store<i16>(block + <usize>load<u8>(ZIGZAG + last), <i16>(entry >> 16))
      if (last >= LAST) break
      entry = load<i32>(ac + (<usize>(bits >> PEEK_SHIFT) << 2))
      if (<u32>entry > 0xffff) {
        bits <<= <u64>(entry & LENGTH)
        count -= <i64>(entry & LENGTH)
        last += (entry >> 8) & 0xff
        store<i16>(block + <usize>load<u8>(ZIGZAG + last), <i16>(entry >> 16))
        continue
      }
    }

    if (entry == 0) entry = longCode(ac, <i32>(bits >> 48))
    if (entry == 0) return IRREGULAR
    const length = entry & LENGTH
    const symbol = entry >> 8
    bits <<= <u64>length
    count -= <i64>length
    if (symbol == 0) break
    if (symbol == ZERO_RUN) {
      last += 16
      // Zeros up to the very end have a symbol of their own.
      if (last >= LAST) return IRREGULAR
      continue
    }
    const size = symbol & 15
    last += (symbol >> 4) + 1
    store<i16>(block + <usize>load<u8>(ZIGZAG + last), <i16>extended(<i32>(bits >> (64 - <u64>size)), size))
    bits <<= <u64>size
    count -= <i64>size
  }
  advance(bits, count, at)
  return last > LAST ? IRREGULAR : last
}
