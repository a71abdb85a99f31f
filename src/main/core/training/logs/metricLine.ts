/**
 * Reads metric lines from bytes into a table. Consecutive lines carry the same keys in the same order, so each key is
 * first compared with the one that stood at the same place in the line before; names are only decoded when they change.
 */
import { cursor, isWordByte, readNumber } from './numbers.ts'
import type { Column, KeySection, MetricTable } from './metricTable.ts'
import { readPythonLiteral, type PythonValue } from './pythonLiteral.ts'

const decoder = new TextDecoder()
const maximumDepth = 20
/** No key holds control characters or bytes that are no UTF-8: what does is damage. */
// eslint-disable-next-line no-control-regex
const damaged = /[\u0000-\u001f\ufffd]/

type Expected = { bytes: Uint8Array; column: Column }

/** Writes metric lines into one table. Holds the key order of the line before; one writer per table. */
export class MetricLineWriter {
  readonly table: MetricTable
  /** The columns that the newest row has filled, in order. */
  readonly columns: Column[] = []
  /** Where the numbers of the newest row stand: index of the first byte, index after the last, and so on. */
  readonly places: number[] = []
  #hasLiteral = false
  #layout: Expected[] = []
  #place = 0

  constructor(table: MetricTable) {
    this.table = table
  }

  /** Begins a row; the values that follow belong to it. */
  begin(line: number, time: number, pid: number, step: number): void {
    this.#place = 0
    this.columns.length = 0
    this.places.length = 0
    this.#hasLiteral = false
    this.table.addRow(line, time, pid, step)
  }

  /** Whether every value of the newest row is a number that stands in `places`. */
  get isPlain(): boolean {
    return !this.#hasLiteral && this.places.length === 2 * this.columns.length
  }

  /**
   * Reads `Name: value | Name: value | Other Info: {…} | Timing(name=1.0s, …)`, any part of which may be missing.
   *
   * @param isWhole false when the line was cut off: a value that touches `end` is then not believed.
   */
  readStepParts(bytes: Uint8Array, start: number, end: number, isWhole: boolean): void {
    let at = start
    while (at < end) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 124)) at++
      const nameStart = at
      while (at < end && bytes[at] !== 58 && bytes[at] !== 40 && bytes[at] !== 124) at++
      if (at >= end) return
      if (bytes[at] === 124) continue
      const nameEnd = at
      if (bytes[at] === 40) {
        at = this.#readTiming(bytes, at + 1, end, isWhole)
        continue
      }
      at++
      while (at < end && bytes[at] === 32) at++
      if (bytes[at] === 123) {
        const after = this.readDict(bytes, at, end, 'info')
        at = after < 0 ? end : after
        continue
      }
      const value = readNumber(bytes, at, end)
      if (value !== undefined && isComplete(bytes, cursor.end, end, isWhole))
        this.#putNumber(bytes, nameStart, nameEnd, 'line', value, at)
      at = value === undefined ? at : cursor.end
      while (at < end && bytes[at] !== 124) at++
    }
  }

  /** Reads `key: value, key: value`. */
  readPairs(bytes: Uint8Array, start: number, end: number, isWhole: boolean): void {
    let at = start
    while (at < end) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 44)) at++
      const nameStart = at
      while (at < end && bytes[at] !== 58 && bytes[at] !== 44) at++
      if (at >= end) return
      if (bytes[at] === 44) continue
      const nameEnd = at
      at++
      while (at < end && bytes[at] === 32) at++
      const value = readNumber(bytes, at, end)
      if (value !== undefined && isComplete(bytes, cursor.end, end, isWhole))
        this.#putNumber(bytes, nameStart, nameEnd, 'line', value, at)
      if (value !== undefined) at = cursor.end
      while (at < end && bytes[at] !== 44) at++
    }
  }

  /**
   * Reads a dict of numbers, nested ones flattened, whose first byte is `{`.
   *
   * @returns the index after its closing brace, or -1 when the text is no complete dict (nothing more is read then).
   */
  readDict(bytes: Uint8Array, start: number, end: number, section: KeySection): number {
    const place = this.#place
    const filled = this.columns.length
    const quick = this.#readFlat(bytes, start, end, section, 0)
    if (quick >= 0) return quick
    // Forget what was read before the dict turned out to be more than numbers.
    for (const column of this.columns.splice(filled)) this.table.unset(column)
    this.#place = place
    return this.#readLiteral(bytes, start, end, section)
  }

  #readTiming(bytes: Uint8Array, start: number, end: number, isWhole: boolean): number {
    let at = start
    while (at < end && bytes[at] !== 41) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 44)) at++
      const nameStart = at
      while (at < end && bytes[at] !== 61 && bytes[at] !== 41 && bytes[at] !== 44) at++
      if (bytes[at] !== 61) continue
      const nameEnd = at
      at++
      const value = readNumber(bytes, at, end)
      if (value !== undefined && (isWhole || cursor.end < end))
        this.#putNumber(bytes, nameStart, nameEnd, 'timing', value, at)
      if (value !== undefined) at = cursor.end
      while (at < end && bytes[at] !== 44 && bytes[at] !== 41) at++
    }
    return at + 1
  }

  /** The common case: quoted keys without escapes, numbers, True, False, None, quoted numbers, dicts of the same. -1 for all else. */
  #readFlat(bytes: Uint8Array, start: number, end: number, section: KeySection, depth: number): number {
    if (depth > maximumDepth) return -1
    let at = start + 1
    for (;;) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 44)) at++
      if (at >= end) return -1
      const quote = bytes[at]!
      if (quote === 125) return at + 1
      if (quote !== 39 && quote !== 34) return -1
      const nameStart = ++at
      while (at < end && bytes[at] !== quote && bytes[at] !== 92) at++
      if (bytes[at] !== quote) return -1
      const nameEnd = at++
      if (bytes[at] !== 58) return -1
      at++
      while (at < end && bytes[at] === 32) at++
      const first = at < end ? bytes[at]! : 0
      if (first === 123) {
        at = this.#readFlat(bytes, at, end, 'info', depth + 1)
        if (at < 0) return -1
      } else {
        const isQuoted = first === 39 || first === 34
        const numberStart = isQuoted ? at + 1 : at
        const value = readNumber(bytes, numberStart, end)
        if (value !== undefined) {
          at = cursor.end
          if (isQuoted && bytes[at++] !== first) return -1
          this.#putNumber(bytes, nameStart, nameEnd, section, value, numberStart)
        } else if (startsWith(bytes, at, end, 'None')) at += 4
        else if (startsWith(bytes, at, end, 'True')) {
          this.#put(bytes, nameStart, nameEnd, section, 1)
          at += 4
        } else if (startsWith(bytes, at, end, 'False')) {
          this.#put(bytes, nameStart, nameEnd, section, 0)
          at += 5
        } else return -1
      }
      const next = at < end ? bytes[at]! : 0
      if (next !== 44 && next !== 125 && next !== 32) return -1
    }
  }

  #readLiteral(bytes: Uint8Array, start: number, end: number, section: KeySection): number {
    this.#hasLiteral = true
    const text = decoder.decode(bytes.subarray(start, end))
    try {
      const { value, end: after } = readPythonLiteral(text)
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return -1
      this.setValues(value, section)
      return start + new TextEncoder().encode(text.slice(0, after)).length
    } catch {
      return -1
    }
  }

  /** Sets the numbers of a dict, nested ones flattened; text that is a number counts as one. */
  setValues(values: { [key: string]: PythonValue }, section: KeySection): void {
    for (const [name, value] of Object.entries(values)) {
      if (value !== null && typeof value === 'object') {
        if (!Array.isArray(value)) this.setValues(value, 'info')
        continue
      }
      const number = typeof value === 'boolean' ? Number(value) : numberOf(value)
      if (number !== undefined) this.table.set(this.#free(name, section), number)
    }
  }

  /** Puts the number that `readNumber` has just read at `numberStart`. */
  #putNumber(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    section: KeySection,
    value: number,
    numberStart: number,
  ): void {
    const { end } = cursor
    if (this.#put(bytes, nameStart, nameEnd, section, value)) this.places.push(numberStart, end)
  }

  /** Puts a value into the column of its key. False when the key is damage. */
  #put(bytes: Uint8Array, nameStart: number, nameEnd: number, section: KeySection, value: number): boolean {
    const place = this.#place++
    const expected = this.#layout[place]
    if (
      expected &&
      expected.column.section === section &&
      !this.table.has(expected.column) &&
      equals(expected.bytes, bytes, nameStart, nameEnd)
    ) {
      this.columns.push(expected.column)
      this.table.set(expected.column, value)
      return true
    }
    const name = decoder.decode(bytes.subarray(nameStart, nameEnd))
    if (damaged.test(name)) {
      this.#place--
      return false
    }
    const column = this.#free(name, section)
    // A column of another name depends on what else its line holds, and is found anew in every line.
    // The name is copied: a Buffer's own `slice` would show what later fills the block.
    if (column.name === name)
      this.#layout[place] = { bytes: Uint8Array.prototype.slice.call(bytes, nameStart, nameEnd), column }
    this.columns.push(column)
    this.table.set(column, value)
    return true
  }

  /** The key's column; where this row has the key already (a nested dict repeats it), one named `info.key`. */
  #free(name: string, section: KeySection): Column {
    const column = this.table.column(name, section)
    return this.table.has(column) ? this.table.column(`${section}.${name}`, section) : column
  }
}

/** Whether a number that ends at `at` is all of it: `8.5` of `8.5e` is not, nor one that touches the end of a line that was cut off. */
function isComplete(bytes: Uint8Array, at: number, end: number, isWhole: boolean): boolean {
  return at < end ? !isWordByte(bytes[at]!) : isWhole
}

function numberOf(value: number | string | null): number | undefined {
  if (typeof value === 'number') return value
  if (value === null || !/^[+-]?(\d|\.\d|nan$|inf)/i.test(value)) return undefined
  const bytes = new TextEncoder().encode(value.trim())
  const number = readNumber(bytes, 0, bytes.length)
  return cursor.end === bytes.length ? number : undefined
}

function equals(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let index = 0; index < name.length; index++) if (name[index] !== bytes[start + index]) return false
  return true
}

/** Whether ASCII `text` stands at `at`. */
export function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false
  for (let index = 0; index < text.length; index++)
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  return true
}
