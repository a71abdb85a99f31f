/** Reads records of Python's logging into the state and the tables: metric lines, settings, warnings, whose process wrote them. */
import { maskAssignments } from '../../../../shared/domain/secrets.ts'
import { mayHoldFact, readCallback, readFact, readTrainingArgument } from './facts.ts'
import { MetricLineWriter, startsWith } from './metricLine.ts'
import type { LogWarning, ParserState, Tables } from './parserState.ts'
import { findTail, head, tail } from './recordLine.ts'

const maximumWarnings = 200
const maximumPids = 1000
const warningLength = 160

const decoder = new TextDecoder()

/** A metric line that was read: the writer of its row, and where its step stands, if it has one. */
export type MetricLine = { writer: MetricLineWriter; step: { start: number; end: number } | null }

export class RecordReader {
  readonly state: ParserState
  /** The newest metric line with head and tail; its pid stands in `tail`. Who asks for it clears it first. */
  metricLine: MetricLine | null = null
  readonly #writers: { step: MetricLineWriter; loss: MetricLineWriter; indices: MetricLineWriter }
  /** Set for the last line of a file that will not grow. */
  isFinishing = false
  #lastPidIndex = -1
  readonly #knownWarnings = new Map<string, LogWarning>()

  constructor(state: ParserState, tables: Tables) {
    this.state = state
    this.#writers = {
      step: new MetricLineWriter(tables.step),
      loss: new MetricLineWriter(tables.loss),
      indices: new MetricLineWriter(tables.indices),
    }
  }

  /**
   * Reads the record whose head `readHead` has just read.
   *
   * @param isWhole false when more of the line was lost or never written.
   */
  record(bytes: Uint8Array, lineEnd: number, isWhole: boolean): void {
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
    if (messageEnd >= 0) this.countPid(pid)
    const isSure = isWhole || messageEnd >= 0
    if (!isSure && this.isFinishing) state.hasCutLine = true
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
    const stepEnd = at
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
    } else if (!Number.isNaN(pid)) this.metricLine = { writer, step: { start: digits, end: stepEnd } }
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
    if (!Number.isNaN(pid)) this.metricLine = { writer, step: null }
  }

  /** Reads a line of the block that the record before has opened. */
  continueBlock(bytes: Uint8Array, start: number, end: number): void {
    const messageEnd = findTail(bytes, start, end)
    const text = decoder.decode(bytes.subarray(start, messageEnd < 0 ? end : messageEnd))
    if (this.state.block === 'training-args') readTrainingArgument(this.state.facts, text)
    else readCallback(this.state.facts, text)
    if (messageEnd >= 0) this.state.block = 'none'
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

  /** Counts the process of a line that only has the tail of a record. */
  countTail(bytes: Uint8Array, start: number, end: number): void {
    const last = bytes[end - 1]
    if ((last === 41 || last === 32) && findTail(bytes, start, end) >= 0) this.countPid(tail.pid)
  }

  /** Counts a record of a process. */
  countPid(pid: number): void {
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
