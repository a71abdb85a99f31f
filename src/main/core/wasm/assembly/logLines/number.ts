/**
 * Decimal numbers from text, rounded to the nearest double. Those that would need more than 128-bit arithmetic, or are
 * written in an unusual way, are refused: `numberEnd` is then 0.
 */

/** Where the last number ended: the first byte after it; 0 when it was refused. */
export let numberEnd: usize = 0

/** A 64-bit integer holds all numbers of so many digits. */
const MOST_DIGITS: i32 = 19
/** The caller's own reader adds digits up as doubles, which are exact up to here. */
const MOST_WHOLE_DIGITS: usize = 15
/** Up to this power of ten a division has one rounding only, if its dividend is exact too (Clinger 1990). */
const EXACT_POWER: i32 = 22
const EXACT_DIGITS: u64 = 1 << 53
/** Up to this power 128 bits of the reciprocal are always enough (Mushtak and Lemire 2023). */
const GREATEST_POWER: i32 = 27

const ZEROS: u64 = 0x3030303030303030
const HIGH_BITS: u64 = 0x8080808080808080

const powers = memory.data(8 * (GREATEST_POWER + 1), 16)
const doublePowers = memory.data(8 * (EXACT_POWER + 1), 16)
/** 128 bits of 1 / 5^n, rounded up, the greater half first. */
const reciprocals = memory.data(16 * (GREATEST_POWER + 1), 16)
fillTables()

/** Reads digits with sign, point and exponent, `nan` and `inf`. Looks at up to 128 bytes. */
export function readNumber(start: usize): f64 {
  let p = start
  const sign = load<u8>(p)
  if (sign == 45 || sign == 43) p++
  if (load<u8>(p) > 57) return readWord(p, sign)
  const first = p
  const end = start + 40
  while (load<u8>(p) == 48 && p < end) p++
  numberEnd = p
  let digits = readDigits(0)
  let significant = <i32>(numberEnd - p)
  p = numberEnd
  let written = p - first
  let scale: i32 = 0
  if (load<u8>(p) == 46) {
    const point = ++p
    if (digits == 0) while (load<u8>(p) == 48 && p < end) p++
    numberEnd = p
    digits = readDigits(digits)
    significant += <i32>(numberEnd - p)
    p = numberEnd
    scale = <i32>(p - point)
    written += p - point
  }
  if (written == 0 || significant > MOST_DIGITS || p >= end) return refuse()
  const exponent = (load<u8>(p) | 32) == 101 ? readExponent(p) : 0
  const value = scaled(digits, exponent - scale)
  return sign == 45 ? -value : value
}

/** Reads a number of digits alone, at most 15 of them. */
export function readWhole(start: usize): f64 {
  let p = start
  let value: u64 = 0
  while (isDigit(p) && p - start <= MOST_WHOLE_DIGITS) value = value * 10 + <u64>load<u8>(p++) - 48
  if (p == start || p - start > MOST_WHOLE_DIGITS) return refuse()
  numberEnd = p
  return <f64>value
}

/** Goes on with the digits at `numberEnd`, eight at a time, and stops after 24 of them. */
@inline
function readDigits(value: u64): u64 {
  let p = numberEnd
  for (let block = 0; block < 3; block++) {
    const eight = load<u64>(p) ^ ZEROS
    // A byte that is no digit gets its high bit; it may spoil those after it, which do not count.
    const others = (eight + 0x7676767676767676 | eight) & HIGH_BITS
    if (others & 0x80) break
    const count = others == 0 ? 8 : ctz(others) >> 3
    value = value * load<u64>(powers + (<usize>count << 3)) + eightDigits(eight << ((8 - count) << 3))
    p += <usize>count
    if (count < 8) break
  }
  numberEnd = p
  return value
}

/** Eight digits, the first in the lowest byte, as a number: pairs, then fours, then all. */
@inline
function eightDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8)
  return (
    ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32
  )
}

/** The exponent after the `e` at `at`; 0, with nothing read, where no digits follow. */
function readExponent(at: usize): i32 {
  let p = at + 1
  const sign = load<u8>(p)
  if (sign == 45 || sign == 43) p++
  const first = p
  let exponent: i32 = 0
  while (isDigit(p) && p - first < 4) exponent = exponent * 10 + <i32>load<u8>(p++) - 48
  if (p > first) numberEnd = p
  return sign == 45 ? -exponent : exponent
}

/** `nan` and `inf` as Python writes them. */
function readWord(at: usize, sign: u32): f64 {
  const word = (<u32>load<u16>(at) << 8) | <u32>load<u8>(at, 2)
  if (isWordByte(<u32>load<u8>(at, 3))) return refuse()
  numberEnd = at + 3
  if (word == 0x616e6e && sign == 110) return NaN
  if (word == 0x6e6966) return sign == 45 ? -Infinity : Infinity
  return refuse()
}

@inline
function isWordByte(byte: u32): bool {
  return byte - 48 <= 9 || (byte | 32) - 97 < 26 || byte == 95
}

/** Whether a digit stands at `at`. */
@inline
export function isDigit(at: usize): bool {
  return <u32>load<u8>(at) - 48 <= 9
}

function refuse(): f64 {
  numberEnd = 0
  return 0
}

/** `digits` times a power of ten. */
function scaled(digits: u64, power: i32): f64 {
  if (digits == 0 || power == 0) return <f64>digits
  if (digits < EXACT_DIGITS && power >= -EXACT_POWER && power <= EXACT_POWER) {
    const factor = load<f64>(doublePowers + (<usize>abs(power) << 3))
    return power < 0 ? <f64>digits / factor : <f64>digits * factor
  }
  return power < 0 && power >= -GREATEST_POWER ? dividedByPower(digits, -power) : refuse()
}

/**
 * `digits` / 10^`power`, by the 128 bits of 1 / 5^`power`: the algorithm of Lemire, "Number parsing at a gigabyte per
 * second" (2021), which is exact for all 64-bit integers here.
 */
function dividedByPower(digits: u64, power: i32): f64 {
  const zeros = <i32>clz(digits)
  const shifted = digits << <u64>zeros
  const reciprocal = reciprocals + (<usize>power << 4)
  let upper = highWord(shifted, load<u64>(reciprocal))
  let lower = shifted * load<u64>(reciprocal)
  // Only where the bits after a double's are all ones can the lower half of the reciprocal matter.
  if ((upper & 0x1ff) == 0x1ff) {
    const carry = highWord(shifted, load<u64>(reciprocal, 8))
    lower += carry
    if (carry > lower) upper++
  }
  const top = <i32>(upper >> 63)
  const shift = <u64>(top + 9)
  let mantissa = upper >> shift
  let exponent = ((217706 * -power) >> 16) + 63 + top - zeros + 1023
  // Exactly between two doubles the even one counts.
  if (lower <= 1 && power <= 4 && (mantissa & 3) == 1 && mantissa << shift == upper) mantissa &= ~1
  mantissa = (mantissa + (mantissa & 1)) >> 1
  if (mantissa >= EXACT_DIGITS) {
    mantissa = EXACT_DIGITS >> 1
    exponent++
  }
  return reinterpret<f64>((mantissa & ~(EXACT_DIGITS >> 1)) | (<u64>exponent << 52))
}

/** The upper half of a product. */
@inline
function highWord(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff
  const aHigh = a >> 32
  const bLow = b & 0xffffffff
  const bHigh = b >> 32
  const middle = aHigh * bLow + ((aLow * bLow) >> 32)
  const other = aLow * bHigh + (middle & 0xffffffff)
  return aHigh * bHigh + (middle >> 32) + (other >> 32)
}

function fillTables(): void {
  let power: u64 = 1
  let fives: u64 = 1
  let double: f64 = 1
  for (let n = 0; n <= GREATEST_POWER; n++) {
    store<u64>(powers + (<usize>n << 3), power)
    if (n <= EXACT_POWER) store<f64>(doublePowers + (<usize>n << 3), double)
    storeReciprocal(reciprocals + (<usize>n << 4), fives)
    power *= 10
    double *= 10
    fives *= 5
  }
}

/** 2^(127 + z) / `divisor` + 1 by long division, z being the bits of the divisor. */
function storeReciprocal(to: usize, divisor: u64): void {
  let high: u64 = 0
  let low: u64 = 0
  let rest: u64 = 1
  for (let bits = 127 + 64 - <i32>clz(divisor); bits > 0; bits--) {
    rest <<= 1
    high = (high << 1) | (low >> 63)
    low <<= 1
    if (rest >= divisor) {
      rest -= divisor
      low |= 1
    }
  }
  low++
  store<u64>(to, low == 0 ? high + 1 : high)
  store<u64>(to, low, 8)
}
