/**
 * Reads a training log of any size as it arrives: log records, HF dict lines, tqdm bars, in one file or apart, with
 * binary junk, CRLF and half-written ends. Only metric lines are turned into numbers; other lines cost one look at
 * their bytes. The state is plain JSON, so that reading goes on where it stopped when the file has grown.
 */
import { mayHoldFact, readCallback, readFact, readTrainingArgument } from './facts.ts'
import { MetricLineWriter, startsWith } from './metricLine.ts'
import { tableKinds, type TableKind } from './metricTable.ts'
import { newParserState, newTables, type LogWarning, type ParserState, type Tables } from './parserState.ts'
import { afterLabel, piecesOf, withoutColors } from './oddLine.ts'
import { findTail, head, readHead, tail } from './recordLine.ts'
import { seekers, type Seekers } from './seeker.ts'
import { findProgressBar, type ProgressBar } from './tqdm.ts'
import { maskAssignments } from '../../../../shared/domain/secrets.ts'

/** Lines longer than this are junk: their beginning is looked at, the rest skipped. */
const maximumLineBytes = 4 * 1024 * 1024
const maximumWarnings = 200
const maximumPids = 1000
const warningLength = 160

const decoder = new TextDecoder()
const byteOrderMark = [0xef, 0xbb, 0xbf]
const epochKey = [Buffer.from("'epoch':"), Buffer.from('"epoch":')]

/** Takes the bytes of one log in order: `push` any number of chunks, then `finish` if no more will come. */
export class TrainLogParser {
  readonly state: ParserState
  readonly tables: Tables
  readonly #writers: Record<TableKind, MetricLineWriter>
  #carry: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  #isSkipping = false
  #isFinishing = false
  #lastPidIndex = -1
  readonly #knownWarnings = new Map<string, LogWarning>()
  #mainTotal = 0

  /** @param from where an earlier parser stopped; its `state.offset` is the byte the next chunk must start at. */
  constructor(
    from: { state: ParserState; tables: Tables } = { state: newParserState(), tables: newTables() },
  ) {
    this.state = from.state
    this.tables = from.tables
    this.#writers = Object.fromEntries(
      tableKinds.map((kind) => [kind, new MetricLineWriter(from.tables[kind])]),
    ) as Record<TableKind, MetricLineWriter>
    this.#mainTotal = from.state.progress?.total ?? 0
  }

  /** Bytes after the last line end, not read yet. */
  get pendingBytes(): number {
    return this.#carry.length
  }

  /** Reads the next bytes of the file; they are not kept. */
  push(chunk: Uint8Array): void {
    const bytes =
      this.#carry.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.#carry, chunk])
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
      const next = mayBeRecord(bytes, at, end)
        ? this.#nextRecord(bytes, at, seek)
        : this.#nextLine(bytes, at, seek)
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
  #nextRecord(bytes: Buffer, start: number, seek: Seekers): number {
    const newline = seek.newline.from(start)
    if (newline === Infinity) return -1
    const end = bytes[newline - 1] === 13 ? newline - 1 : newline
    const isOdd =
      seek.nul.from(start) < end || seek.escape.from(start) < end || seek.infoMark.from(start + 30) < end
    if (isOdd) this.#oddLine(bytes.subarray(start, end), true)
    else this.#line(bytes, start, end, true, true)
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
    this.#isFinishing = true
    if (bytes.length > 0 && !this.#isSkipping) this.#oddLine(Buffer.from(bytes), false)
    this.#carry = new Uint8Array(0)
    if (this.state.pendingConsoleRow !== null && this.state.progress)
      this.#placeConsoleRow(this.state.progress.done)
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
    if (readHead(bytes, start, end)) return this.#record(bytes, end, isWhole)
    this.#countTail(bytes, start, end)
    if (state.block !== 'none') this.#continue(bytes, start, end)
    else if (isConsole || bytes[end - 1] === 93) this.#console(bytes, start, end, isWhole)
    else if (bytes[start] === 84 || bytes[start] === 91) this.#noteTraceback(bytes, start, end)
  }

  #record(bytes: Uint8Array, lineEnd: number, isWhole: boolean): void {
    const { state } = this
    const { time, message } = head
    state.records++
    state.block = 'none'
    if (state.firstTime === null) state.firstTime = time
    else if (time < state.lastTime! - 1) {
      state.clock ??= { backwards: 0, line: state.lines + 1, seconds: state.lastTime! - time }
      state.clock.backwards++
    }
    state.lastTime = time
    const messageEnd = findTail(bytes, message, lineEnd)
    const end = messageEnd < 0 ? lineEnd : messageEnd
    const pid = messageEnd < 0 ? NaN : tail.pid
    if (messageEnd >= 0) this.#countPid(pid)
    const isSure = isWhole || messageEnd >= 0
    if (!isSure && this.#isFinishing) state.hasCutLine = true
    const first = bytes[message]
    if (first === 91 && this.#stepRecord(bytes, message, end, time, pid, isSure)) return
    if (first === 116 && startsWith(bytes, message, end, 'total_loss: ')) {
      return this.#pairs('loss', bytes, message, end, time, pid, isSure)
    }
    if (first === 108 && startsWith(bytes, message, end, 'loc_indices: ')) {
      return this.#pairs('indices', bytes, message, end, time, pid, isSure)
    }
    const level = bytes[head.levelStart]
    const isWarning = level === 87 || level === 69 || level === 67
    if (isWarning)
      this.#warning(
        decoder.decode(bytes.subarray(head.levelStart, head.levelEnd)),
        decoder.decode(bytes.subarray(message, end)),
      )
    if (first === undefined || !mayHoldFact(first)) return
    if (first === 116 && startsWith(bytes, message, end, 'training_args: ')) state.block = 'training-args'
    else if (startsWith(bytes, message, end, 'NonMixTrainer.Callbacks: ')) {
      if (messageEnd < 0) state.block = 'callbacks'
      readCallback(state.facts, decoder.decode(bytes.subarray(message + 25, end)))
    } else readFact(state.facts, decoder.decode(bytes.subarray(message, end)))
  }

  #stepRecord(
    bytes: Uint8Array,
    start: number,
    end: number,
    time: number,
    pid: number,
    isSure: boolean,
  ): boolean {
    if (!startsWith(bytes, start, end, '[ Step ')) return false
    let at = start + 7
    let step = 0
    const digits = at
    while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) step = step * 10 + (bytes[at++]! - 48)
    if (at === digits || !startsWith(bytes, at, end, ' ]')) return false
    const writer = this.#writers.step
    const line = this.state.lines + 1
    writer.begin(line, time, pid, step)
    writer.readStepParts(bytes, at + 2, end, isSure)
    const { table } = writer
    if (
      isSure &&
      !['Loss', 'LR'].some((name) =>
        table.columns.some(
          (column) => column.name === name && column.section === 'line' && table.has(column),
        ),
      )
    ) {
      this.state.endLines.push(line)
    }
    return true
  }

  #pairs(
    kind: 'loss' | 'indices',
    bytes: Uint8Array,
    start: number,
    end: number,
    time: number,
    pid: number,
    isSure: boolean,
  ): void {
    const writer = this.#writers[kind]
    writer.begin(this.state.lines + 1, time, pid, NaN)
    writer.readPairs(bytes, start, end, isSure)
  }

  #continue(bytes: Uint8Array, start: number, end: number): void {
    const messageEnd = findTail(bytes, start, end)
    const text = decoder.decode(bytes.subarray(start, messageEnd < 0 ? end : messageEnd))
    if (this.state.block === 'training-args') readTrainingArgument(this.state.facts, text)
    else readCallback(this.state.facts, text)
    if (messageEnd >= 0) this.state.block = 'none'
  }

  /** A line of console output: bars, HF dicts and records, glued to each other in any order. */
  #console(bytes: Uint8Array, start: number, end: number, isWhole: boolean): void {
    let at = start
    while (at < end) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++
      if (at > start && readHead(bytes, at, end)) return this.#record(bytes, end, isWhole)
      if (bytes[at] === 123) {
        const after = this.#dict(bytes, at, end)
        if (after < 0) return
        at = after
        continue
      }
      // Latin-1 keeps one character per byte, so positions in the text are positions in the bytes.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1')
      const found = findProgressBar(text)
      const brace = text.indexOf('{')
      if (brace > 0 && (!found || brace < found.start)) {
        at += brace
        continue
      }
      if (!found) return
      this.#progress({ ...found.bar, name: Buffer.from(found.bar.name, 'latin1').toString('utf8') })
      at += found.end
    }
  }

  #dict(bytes: Uint8Array, start: number, end: number): number {
    const rest = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    if (!epochKey.some((key) => rest.includes(key))) return -1
    const writer = this.#writers.console
    const { table } = writer
    writer.begin(this.state.lines + 1, this.state.lastTime ?? NaN, NaN, NaN)
    const after = writer.readDict(bytes, start, end, 'line')
    if (after < 0) {
      table.dropRow()
      return -1
    }
    const named = ['global_step', 'step'].map((name) =>
      table.columns.find((column) => column.name === name && column.section === 'line'),
    )
    const column = named.find((candidate) => candidate && table.has(candidate))
    if (column) table.steps[table.rows - 1] = column.cells[table.rows - 1]!
    else this.state.pendingConsoleRow = table.rows - 1
    return after
  }

  /** HF writes the dict over its bar and then draws the bar again: the next bar of the training loop names the step. */
  #progress(bar: ProgressBar): void {
    if (this.state.pendingConsoleRow !== null && bar.total !== null && bar.total >= this.#mainTotal)
      this.#placeConsoleRow(bar.done)
    if (bar.total !== null && bar.total < this.#mainTotal) return
    this.#mainTotal = bar.total ?? this.#mainTotal
    this.state.progress = bar
  }

  #placeConsoleRow(step: number): void {
    this.tables.console.steps[this.state.pendingConsoleRow!] = step
    this.state.pendingConsoleRow = null
  }

  /** Some warnings come by the thousand: they are recognised by their own text before anything is masked. */
  #warning(level: string, message: string): void {
    const raw = `${level} ${message.slice(0, warningLength)}`
    let warning = this.#knownWarnings.get(raw)
    if (!warning) {
      const text = maskAssignments(message.slice(0, warningLength))
      const { warnings } = this.state
      warning = warnings.find((known) => known.text === text && known.level === level)
      if (!warning) {
        if (warnings.length >= maximumWarnings) return
        warning = { level, text, count: 0, line: this.state.lines + 1 }
        warnings.push(warning)
      }
      if (this.#knownWarnings.size < maximumWarnings) this.#knownWarnings.set(raw, warning)
    }
    warning.count++
  }

  #noteTraceback(bytes: Uint8Array, start: number, end: number): void {
    const at = bytes[start] === 91 ? bytes.indexOf(84, start) : start
    if (at < 0 || !startsWith(bytes, at, end, 'Traceback (most recent call last)')) return
    this.state.tracebacks ??= { count: 0, line: 0 }
    this.state.tracebacks.count++
    this.state.tracebacks.line = this.state.lines + 1
  }

  #countTail(bytes: Uint8Array, start: number, end: number): void {
    const last = bytes[end - 1]
    if ((last === 41 || last === 32) && findTail(bytes, start, end) >= 0) this.#countPid(tail.pid)
  }

  #countPid(pid: number): void {
    const { pids } = this.state
    if (this.#lastPidIndex < 0 || pids[this.#lastPidIndex]!.pid !== pid) {
      this.#lastPidIndex = pids.findIndex((entry) => entry.pid === pid)
      if (this.#lastPidIndex < 0) {
        if (pids.length >= maximumPids) return
        this.#lastPidIndex = pids.push({ pid, records: 0 }) - 1
      }
    }
    pids[this.#lastPidIndex]!.records++
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
