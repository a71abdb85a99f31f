/**
 * Reads decimal numbers straight from bytes, with the value `Number()` and Python's `float()` give. Training logs are
 * mostly numbers, so turning each into a string first would be most of the time of a scan.
 */

/** Where the last `readNumber` stopped: the index of the first byte after the number, or its start when none was read. */
export const cursor = { end: 0 }

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
/** 2^27 + 1 splits a double into two halves whose products are exact (Dekker 1971). */
const splitter = 134_217_729

/**
 * Reads a Python or JSON number at `start`: digits with sign, point and exponent, `nan`, `inf`, `NaN`, `Infinity`.
 *
 * @param end index after the last byte that may be read.
 * @returns the number; `undefined` when there is none, with `cursor.end` left at `start`.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start
  let negative = false
  let byte = at < end ? bytes[at]! : 0
  if (byte === 45 || byte === 43) {
    negative = byte === 45
    byte = ++at < end ? bytes[at]! : 0
  }
  if (byte > 57) return readWord(bytes, start, at, end, negative)
  // The first 15 digits and the rest apart: both are exact integers. Each loop takes digits and at most one point.
  const first = at
  let point = -1
  for (; at < end; at++) {
    byte = bytes[at]!
    if (byte === 46 && point < 0) point = at
    else if (byte !== 48) break
  }
  let high = 0
  let significant = 0
  for (; at < end && significant < 15; at++) {
    byte = bytes[at]!
    const digit = byte - 48
    if (digit >= 0 && digit <= 9) {
      high = high * 10 + digit
      significant++
    } else if (byte === 46 && point < 0) point = at
    else break
  }
  let low = 0
  let lowDigits = 0
  let dropped = 0
  if (significant === 15)
    for (; at < end; at++) {
      byte = bytes[at]!
      const digit = byte - 48
      if (digit >= 0 && digit <= 9) {
        if (lowDigits < 4) {
          low = low * 10 + digit
          lowDigits++
        } else dropped++
      } else if (byte === 46 && point < 0) point = at
      else break
    }
  if (at - first === (point < 0 ? 0 : 1)) {
    cursor.end = start
    return undefined
  }
  const scale = point < 0 ? 0 : at - point - 1
  let exponent = -scale
  if (at < end && (byte === 101 || byte === 69)) {
    let look = at + 1
    let exponentNegative = false
    const sign = look < end ? bytes[look]! : 0
    if (sign === 45 || sign === 43) {
      exponentNegative = sign === 45
      look++
    }
    const exponentStart = look
    let value = 0
    while (look < end && bytes[look]! >= 48 && bytes[look]! <= 57) value = value * 10 + (bytes[look++]! - 48)
    if (look > exponentStart) {
      exponent += exponentNegative ? -value : value
      at = look
    }
  }
  cursor.end = at
  if (significant === 0) return negative ? -0 : 0
  const value =
    dropped > 0
      ? slowNumber(bytes, start, at)
      : lowDigits === 0
        ? scaleExact(high, exponent)
        : scaleDouble(high, low, lowDigits, exponent)
  if (value === undefined) return slowNumber(bytes, start, at)
  return negative && dropped === 0 ? -value : value
}

/** An integer below 1e15 times a power of ten, correctly rounded, or `undefined` where one operation is not exact (Clinger 1990). */
function scaleExact(integer: number, exponent: number): number | undefined {
  if (exponent === 0) return integer
  if (exponent < 0) return exponent >= -22 ? integer / powersOfTen[-exponent]! : undefined
  return exponent <= 7 ? integer * powersOfTen[exponent]! : undefined
}

/** 16 to 19 digits: (high * 10^lowDigits + low) / 10^-exponent in double-double arithmetic; `undefined` when a last rounding is in doubt. */
function scaleDouble(high: number, low: number, lowDigits: number, exponent: number): number | undefined {
  if (exponent > 0 || exponent < -22) return undefined
  const power = powersOfTen[lowDigits]!
  const product = high * power
  const addend = productError(high, power, product) + low
  const sum = product + addend
  const rest = sumError(product, addend, sum)
  if (exponent === 0) return rest === 0 ? sum : sum + rest
  const divisor = powersOfTen[-exponent]!
  const quotient = sum / divisor
  const back = quotient * divisor
  const remainder = sum - back - productError(quotient, divisor, back) + rest
  const correction = remainder / divisor
  // The correction is good to about 2^-50 of itself; where that could change the rounding, leave it to the runtime.
  const upper = quotient + correction * (1 + 2 ** -40)
  const lower = quotient + correction * (1 - 2 ** -40)
  return upper === lower ? upper : undefined
}

/** The part of a + b that its rounded `sum` lost (Knuth's two-sum). */
function sumError(a: number, b: number, sum: number): number {
  const virtual = sum - a
  return a - (sum - virtual) + (b - virtual)
}

/** The part of a * b that its rounded `product` lost. */
function productError(a: number, b: number, product: number): number {
  const aWide = splitter * a
  const aHigh = aWide - (aWide - a)
  const aLow = a - aHigh
  const bWide = splitter * b
  const bHigh = bWide - (bWide - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!)
  return Number(text)
}

const words: [text: string, value: number][] = [
  ['infinity', Infinity],
  ['inf', Infinity],
  ['nan', NaN],
]

function readWord(
  bytes: Uint8Array,
  start: number,
  at: number,
  end: number,
  negative: boolean,
): number | undefined {
  for (const [text, value] of words) {
    if (at + text.length > end) continue
    let index = 0
    while (index < text.length && (bytes[at + index]! | 32) === text.charCodeAt(index)) index++
    if (index < text.length) continue
    const next = at + index < end ? bytes[at + index]! : 0
    if (isWordByte(next)) continue
    cursor.end = at + index
    return negative ? -value : value
  }
  cursor.end = start
  return undefined
}

/** Letters, digits and the underscore. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122)
  )
}
