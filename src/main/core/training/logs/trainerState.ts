/**
 * Reads `trainer_state.json`, the record HF keeps in every checkpoint: tens of megabytes, with the bare NaN and
 * Infinity that Python writes, and sometimes only half of it on disk. Its log_history goes straight into a table.
 */
import { readFile } from 'node:fs/promises'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import { cursor, readNumber } from './numbers.ts'
import type { KeySection } from './metricTable.ts'
import { MetricTable } from './metricTable.ts'
import { newParserState, newTables } from './parserState.ts'
import type { ParsedLog } from './readLog.ts'

/** Top-level fields apart from log_history; numbers may be NaN or infinite. */
export type TrainerStateFields = Record<string, JsonValue>
export type JsonValue = number | string | boolean | null | JsonValue[] | { [key: string]: JsonValue }

export type TrainerState = {
  fields: TrainerStateFields
  /** log_history as the `state` table: one row per entry, nested dicts flattened, `lines` counting entries from 1. */
  log: ParsedLog
  /** False when the file ends too early; what came before is kept. */
  isComplete: boolean
}

const maximumDepth = 64

/** @throws AppError when the file cannot be read or does not begin like a JSON object. */
export async function readTrainerState(path: string): Promise<TrainerState> {
  const bytes = await readFile(path).catch((caught: unknown) => {
    throw toAppError(caught, path)
  })
  return parseTrainerState(bytes, path)
}

/**
 * @param name what to call the file in an error.
 * @throws AppError `unreadable` when the bytes are no JSON object at all.
 */
export function parseTrainerState(bytes: Uint8Array, name = 'trainer_state.json'): TrainerState {
  const reader = new StateReader(bytes)
  const fields: TrainerStateFields = {}
  let isComplete = true
  if (!reader.take(123)) {
    throw new AppError('unreadable', `${name} is not a trainer state: it does not begin with {.`, {
      hint: 'The file may be damaged; an older checkpoint has one too.',
    })
  }
  try {
    reader.members((key) => {
      if (key === 'log_history') reader.history()
      else fields[key] = reader.value(0)
    })
  } catch (caught) {
    if (!(caught instanceof JsonEnd)) throw caught
    isComplete = false
    reader.dropOpenEntry()
  }
  const tables = newTables()
  tables.state = reader.table
  return { fields, log: { state: { ...newParserState(), offset: bytes.length }, tables }, isComplete }
}

/** Thrown where the text ends or stops being JSON. */
class JsonEnd extends Error {}

class StateReader {
  readonly table = new MetricTable('state')
  readonly #bytes: Uint8Array
  readonly #names = new Map<string, string>()
  #at = 0
  #isEntryOpen = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3
  }

  /** Moves over one byte after white space, if it comes next. */
  take(byte: number): boolean {
    this.#skipSpace()
    if (this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  /** Reads the members of an object whose brace was taken; `read` must read the value. */
  members(read: (key: string) => void): void {
    if (this.take(125)) return
    for (;;) {
      const key = this.#string()
      this.#expect(58)
      read(key)
      if (this.take(125)) return
      this.#expect(44)
    }
  }

  history(): void {
    this.#expect(91)
    if (this.take(93)) return
    for (;;) {
      this.#expect(123)
      this.table.addRow(this.table.rows + 1, NaN, NaN, NaN)
      this.#isEntryOpen = true
      this.#entry('line', 0)
      this.#isEntryOpen = false
      if (this.take(93)) return
      this.#expect(44)
    }
  }

  /** Takes back an entry that the end of the file cut off. */
  dropOpenEntry(): void {
    if (this.#isEntryOpen) this.table.dropRow()
  }

  #entry(section: KeySection, depth: number): void {
    if (depth > maximumDepth) throw new JsonEnd()
    const { table } = this
    this.members((key) => {
      if (this.take(123)) return this.#entry('info', depth + 1)
      this.#skipSpace()
      const value = this.#isNumberStart() ? this.#number() : this.value(0)
      const number =
        typeof value === 'boolean'
          ? Number(value)
          : typeof value === 'string' && value.trim() !== ''
            ? Number(value)
            : value
      if (typeof number !== 'number' || (Number.isNaN(number) && typeof value === 'string')) return
      if (key === 'step' && section === 'line') table.steps[table.rows - 1] = number
      else {
        const column = table.column(key, section)
        table.set(table.has(column) ? table.column(`${section}.${key}`, section) : column, number)
      }
    })
  }

  value(depth: number): JsonValue {
    if (depth > maximumDepth) throw new JsonEnd()
    this.#skipSpace()
    const byte = this.#bytes[this.#at]
    if (byte === 34) return this.#string()
    if (this.take(123)) {
      const entries: [string, JsonValue][] = []
      this.members((key) => entries.push([key, this.value(depth + 1)]))
      return Object.fromEntries(entries)
    }
    if (this.take(91)) {
      const items: JsonValue[] = []
      if (this.take(93)) return items
      for (;;) {
        items.push(this.value(depth + 1))
        if (this.take(93)) return items
        this.#expect(44)
      }
    }
    if (this.#word('null')) return null
    if (this.#word('true')) return true
    if (this.#word('false')) return false
    return this.#number()
  }

  #isNumberStart(): boolean {
    const byte = this.#bytes[this.#at] ?? 0
    return byte === 45 || (byte >= 48 && byte <= 57) || byte === 78 || byte === 73
  }

  #number(): number {
    const value = readNumber(this.#bytes, this.#at, this.#bytes.length)
    // A number that touches the end may have lost digits.
    if (value === undefined || cursor.end >= this.#bytes.length) throw new JsonEnd()
    this.#at = cursor.end
    return value
  }

  #word(text: string): boolean {
    for (let index = 0; index < text.length; index++)
      if (this.#bytes[this.#at + index] !== text.charCodeAt(index)) return false
    this.#at += text.length
    return true
  }

  #string(): string {
    this.#expect(34)
    const start = this.#at
    const bytes = this.#bytes
    let at = start
    let isPlain = true
    while (at < bytes.length && bytes[at] !== 34) {
      if (bytes[at] === 92) {
        isPlain = false
        at++
      }
      at++
    }
    if (at >= bytes.length) throw new JsonEnd()
    this.#at = at + 1
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start)
    if (isPlain) {
      // The same few keys repeat in every entry; one string each is enough.
      const text = raw.toString(raw.length < 64 ? 'latin1' : 'utf8')
      const known = this.#names.get(text)
      if (known !== undefined) return known
      const decoded = raw.toString('utf8')
      if (raw.length < 64 && this.#names.size < 10_000) this.#names.set(text, decoded)
      return decoded
    }
    try {
      return JSON.parse(`"${raw.toString('utf8')}"`) as string
    } catch {
      return raw.toString('utf8')
    }
  }

  #expect(byte: number): void {
    if (!this.take(byte)) throw new JsonEnd()
  }

  #skipSpace(): void {
    const bytes = this.#bytes
    while (this.#at < bytes.length && bytes[this.#at]! <= 32) this.#at++
  }
}
