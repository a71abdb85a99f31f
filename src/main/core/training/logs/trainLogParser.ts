/**
 * Reads a training log of any size as it arrives: log records, HF dict lines, tqdm bars, in one file or apart, with
 * binary junk, CRLF and half-written ends. Only metric lines are turned into numbers; other lines cost one look at
 * their bytes. The state is plain JSON, so that reading goes on where it stopped when the file has grown.
 */
import { ConsoleReader } from './consoleReader.ts'
import { newParserState, newTables, type ParserState, type Tables } from './parserState.ts'
import { afterLabel, piecesOf, withoutColors } from './oddLine.ts'
import { readHead } from './recordLine.ts'
import { RecordReader } from './recordReader.ts'
import { blockBytes, RepeatedLines } from './repeatedLines.ts'
import { seekers, type Seekers } from './seeker.ts'

/** Lines longer than this are junk: their beginning is looked at, the rest skipped. */
const maximumLineBytes = 4 * 1024 * 1024
const byteOrderMark = [0xef, 0xbb, 0xbf]

/** Takes the bytes of one log in order: `push` any number of chunks, then `finish` if no more will come. */
export class TrainLogParser {
  readonly state: ParserState
  readonly tables: Tables
  readonly #records: RecordReader
  readonly #console: ConsoleReader
  readonly #repeated: RepeatedLines
  #carry: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  #isSkipping = false

  /** @param from where an earlier parser stopped; its `state.offset` is the byte the next chunk must start at. */
  constructor(
    from: { state: ParserState; tables: Tables } = { state: newParserState(), tables: newTables() },
  ) {
    this.state = from.state
    this.tables = from.tables
    this.#records = new RecordReader(from.state, from.tables)
    this.#console = new ConsoleReader(from.state, from.tables)
    this.#repeated = new RepeatedLines(this.#records)
  }

  /** Bytes after the last line end, not read yet. */
  get pendingBytes(): number {
    return this.#carry.length
  }

  /** Reads the next bytes of the file; they are not kept. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += blockBytes)
      this.#pushBlock(
        Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(blockBytes, chunk.length - at)),
      )
  }

  #pushBlock(bytes: Buffer): void {
    if (this.#carry.length === 0) return this.#read(this.#repeated.place(bytes), true)
    // The line that the last block broke off is read by itself.
    const newline = bytes.indexOf(10)
    const end = newline < 0 ? bytes.length : newline + 1
    const line = Buffer.concat([this.#carry, bytes.subarray(0, end)])
    this.#carry = new Uint8Array(0)
    this.#read(line, false)
    if (end < bytes.length) this.#read(this.#repeated.place(bytes.subarray(end)), true)
  }

  /** @param isPlaced whether the bytes lie where repeated lines can be read. */
  #read(bytes: Buffer, isPlaced: boolean): void {
    const seek = seekers(bytes)
    const end = bytes.length
    let at = 0
    while (at < end) {
      if (this.#isSkipping) {
        const next = bytes.indexOf(10, at)
        at = next < 0 ? end : next + 1
        if (next >= 0) {
          this.#isSkipping = false
          this.state.lines++
        }
        continue
      }
      const isRecord = mayBeRecord(bytes, at, end)
      if (isRecord && isPlaced) {
        const next = this.#repeated.read(at, end)
        if (next > at) {
          at = next
          continue
        }
      }
      const next = isRecord ? this.#nextRecord(bytes, at, seek, isPlaced) : this.#nextLine(bytes, at, seek)
      if (next < 0) break
      at = next
    }
    this.state.offset += at
    if (end - at > maximumLineBytes) {
      this.#oddLine(bytes.subarray(at, at + maximumLineBytes), false)
      this.#isSkipping = true
      this.state.offset += end - at
      at = end
    }
    this.#carry = at === end ? new Uint8Array(0) : Uint8Array.prototype.slice.call(bytes, at)
  }

  /** Reads a line that begins like a record, up to its line end; these are most of a log. Returns where the next line begins, -1 without a line end. */
  #nextRecord(bytes: Buffer, start: number, seek: Seekers, isPlaced: boolean): number {
    const newline = seek.newline.from(start)
    if (newline === Infinity) return -1
    const end = bytes[newline - 1] === 13 ? newline - 1 : newline
    const isOdd =
      seek.nul.from(start) < end || seek.escape.from(start) < end || seek.infoMark.from(start + 30) < end
    if (isOdd) this.#oddLine(bytes.subarray(start, end), true)
    else {
      this.#records.metricLine = null
      this.#line(bytes, start, end, true, true)
      const { metricLine } = this.#records
      if (isPlaced && metricLine) this.#repeated.learn(start, newline + 1, metricLine)
    }
    this.state.lines++
    return newline + 1
  }

  /** Reads any other line; console bars end theirs with a carriage return alone. */
  #nextLine(bytes: Buffer, start: number, seek: Seekers): number {
    const newline = seek.newline.from(start)
    const end = Math.min(newline, seek.carriageReturn.from(start))
    if (end === Infinity) return -1
    const isMarked = this.state.offset + start === 0 && byteOrderMark.every((byte, i) => bytes[i] === byte)
    const from = isMarked ? byteOrderMark.length : afterLabel(bytes, start, end)
    if (end > from) {
      const isConsole = seek.percent.from(from) < end || seek.brace.from(from) < end
      const isOdd =
        seek.nul.from(from) < end || seek.escape.from(from) < end || seek.infoMark.from(from) < end
      if (isOdd) this.#oddLine(bytes.subarray(from, end), true)
      else this.#line(bytes, from, end, isConsole, true)
    }
    if (end === newline) this.state.lines++
    return end + 1
  }

  /** Reads a last line that has no line end. It counts as far as it is surely complete; the state stays before it. */
  finish(): void {
    const bytes = this.#carry
    this.#records.isFinishing = true
    if (bytes.length > 0 && !this.#isSkipping) this.#oddLine(Buffer.from(bytes), false)
    this.#carry = new Uint8Array(0)
    this.#console.finish()
  }

  /** Reads a line that may be coloured, damaged, labelled, or several lines in one. */
  #oddLine(line: Buffer, isWhole: boolean): void {
    const { state } = this
    if (line.includes(0)) {
      state.binaryLines ??= { count: 0, line: state.lines + 1 }
      state.binaryLines.count++
    }
    const plain = withoutColors(line)
    for (const piece of piecesOf(plain)) {
      const start = afterLabel(plain, piece.start, piece.end)
      this.#line(plain, start, piece.end, true, isWhole && piece.isWhole)
    }
  }

  #line(bytes: Uint8Array, start: number, end: number, isConsole: boolean, isWhole: boolean): void {
    const { state } = this
    if (readHead(bytes, start, end)) return this.#records.record(bytes, end, isWhole)
    this.#records.countTail(bytes, start, end)
    if (state.block !== 'none') this.#records.continueBlock(bytes, start, end)
    else if (isConsole || bytes[end - 1] === 93) {
      if (this.#console.read(bytes, start, end) >= 0) this.#records.record(bytes, end, isWhole)
    } else if (bytes[start] === 84 || bytes[start] === 91) this.#console.noteTraceback(bytes, start, end)
  }
}

/** A cheap look at the places of `-`, `-` and `:` in a record's date. */
function mayBeRecord(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at > 19 &&
    bytes[at + 4] === 45 &&
    bytes[at + 7] === 45 &&
    bytes[at + 13] === 58 &&
    bytes[at + 16] === 58
  )
}
