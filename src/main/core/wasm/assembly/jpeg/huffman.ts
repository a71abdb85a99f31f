/**
 * Huffman tables (ITU-T T.81, annexes C and F). A look at the next ten bits finds nearly every code; where the bits of
 * the coefficient that follows are among the ten, the table holds the coefficient itself.
 */

const PEEK_BITS: i32 = 10
const ENTRIES: usize = 1 << PEEK_BITS
const LONGEST_CODE: i32 = 16
/** A coefficient has at most this many bits (8-bit samples); differences of DC have one more. */
const AC_BITS: i32 = 10
const DC_BITS: i32 = 11
const ZERO_RUN: i32 = 0xf0

// One table: entries by the next ten bits, then for each length of longer codes where they end (as 16 bits) and how
// they map to symbols, then the symbols.
const ENDS: usize = ENTRIES * 4
const SHIFTS: usize = ENDS + 17 * 4
const SYMBOLS: usize = SHIFTS + 17 * 4
const TABLE_BYTES: usize = (SYMBOLS + 256 + 15) & ~15
const TABLES_PER_CLASS: usize = 4
const tables = memory.data(<i32>(TABLE_BYTES * TABLES_PER_CLASS * 2), 16)

/** Shift that leaves the index of an entry from the 64 next bits. */
export const PEEK_SHIFT: u64 = 64 - <u64>PEEK_BITS

/*
 * Entries, 32 bits: the upper 16 hold a coefficient, signed.
 * AC: where it is not 0, bits 8..15 hold how far it lies behind the last one and bits 0..7 the bits of code and
 * coefficient together. Where it is 0, bits 8..15 hold the symbol and bits 0..7 the bits of the code alone, 0 for none.
 * DC: the same, but a difference may be 0: COMPLETE marks entries that hold it.
 */
export const COMPLETE: i32 = 0x80
export const LENGTH: i32 = 0x7f

/** Where table `id` (0..3) of DC or AC lies. */
export function tableAt(isAc: bool, id: i32): usize {
  return tables + (<usize>id + (isAc ? TABLES_PER_CLASS : 0)) * TABLE_BYTES
}

/** Signed value of `size` (1..15) bits (T.81, figure F.12). */
// @ts-ignore: decorator
@inline
export function extended(bits: i32, size: i32): i32 {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
}

/**
 * Builds a table from a DHT segment: 16 counts and the symbols, at `source`.
 *
 * @returns false for codes that do not fit their length, and for symbols that no 8-bit picture needs.
 */
export function build(isAc: bool, id: i32, source: usize): bool {
  const table = tableAt(isAc, id)
  memory.fill(table, 0, TABLE_BYTES)
  let code = 0
  let index = 0
  for (let length = 1; length <= LONGEST_CODE; length++, code <<= 1) {
    const count = <i32>load<u8>(source + length - 1)
    store<i32>(table + SHIFTS + (<usize>length << 2), index - code)
    for (let i = 0; i < count; i++, code++, index++) {
      if (index > 255) return false
      const symbol = <i32>load<u8>(source + 16 + index)
      const size = symbol & 15
      const isKnown = isAc ? size <= AC_BITS && (size > 0 || symbol == 0 || symbol == ZERO_RUN) : symbol <= DC_BITS
      // The code of only ones is reserved, so a code after it must fit too.
      if (!isKnown || code + 1 >= 1 << length) return false
      store<u8>(table + SYMBOLS + index, <u8>symbol)
      if (length <= PEEK_BITS) fill(table, isAc, code, length, symbol)
    }
    store<i32>(table + ENDS + (<usize>length << 2), code << (LONGEST_CODE - length))
  }
  return true
}

/** Writes the entries of all ten bits that begin with a code. */
function fill(table: usize, isAc: bool, code: i32, length: i32, symbol: i32): void {
  const rest = PEEK_BITS - length
  const size = symbol & 15
  const first = table + (<usize>(code << rest) << 2)
  for (let i = 0; i < 1 << rest; i++) {
    let entry = length | (symbol << 8)
    if (size <= rest && (size > 0 || !isAc)) {
      const value = size == 0 ? 0 : extended(i >> (rest - size), size)
      const ahead = isAc ? ((symbol >> 4) + 1) << 8 : COMPLETE
      entry = (value << 16) | ahead | (length + size)
    }
    store<i32>(first + (<usize>i << 2), entry)
  }
}

/** The entry (symbol and length) of a code longer than ten bits, or 0 when the next 16 bits begin with none. */
export function longCode(table: usize, next16: i32): i32 {
  for (let length = PEEK_BITS + 1; length <= LONGEST_CODE; length++) {
    if (next16 < load<i32>(table + ENDS + (<usize>length << 2))) {
      const index = (next16 >> (LONGEST_CODE - length)) + load<i32>(table + SHIFTS + (<usize>length << 2))
      return (<i32>load<u8>(table + SYMBOLS + <usize>index) << 8) | length
    }
  }
  return 0
}
