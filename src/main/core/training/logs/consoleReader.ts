/** Reads console output into the state and the tables: progress bars, dicts that HF prints, tracebacks. */
import { MetricLineWriter, startsWith } from './metricLine.ts'
import type { ParserState, Tables } from './parserState.ts'
import { readHead } from './recordLine.ts'
import { findProgressBar, type ProgressBar } from './tqdm.ts'

const epochKey = [Buffer.from("'epoch':"), Buffer.from('"epoch":')]

export class ConsoleReader {
  readonly state: ParserState
  readonly #writer: MetricLineWriter
  #mainTotal: number

  constructor(state: ParserState, tables: Tables) {
    this.state = state
    this.#writer = new MetricLineWriter(tables.console)
    this.#mainTotal = state.progress?.total ?? 0
  }

  /**
   * Reads a line of console output: bars and HF dicts, glued to each other in any order.
   *
   * @returns where a record begins that is glued to them, its head read; -1 when there is none.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end) {
      while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++
      if (at > start && readHead(bytes, at, end)) return at
      if (bytes[at] === 123) {
        const after = this.#dict(bytes, at, end)
        if (after < 0) return -1
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
      if (!found) return -1
      this.#progress({ ...found.bar, name: Buffer.from(found.bar.name, 'latin1').toString('utf8') })
      at += found.end
    }
    return -1
  }

  /** Called when no more will come: a row that still waits for its bar takes the step of the last one. */
  finish(): void {
    if (this.state.pendingConsoleRow !== null && this.state.progress)
      this.#placeConsoleRow(this.state.progress.done)
  }

  /** Counts a traceback that begins with this line. */
  noteTraceback(bytes: Uint8Array, start: number, end: number): void {
    const at = bytes[start] === 91 ? bytes.indexOf(84, start) : start
    if (at < 0 || !startsWith(bytes, at, end, 'Traceback (most recent call last)')) return
    this.state.tracebacks ??= { count: 0, line: 0 }
    this.state.tracebacks.count++
    this.state.tracebacks.line = this.state.lines + 1
  }

  #dict(bytes: Uint8Array, start: number, end: number): number {
    const rest = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    if (!epochKey.some((key) => rest.includes(key))) return -1
    const writer = this.#writer
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
    this.#writer.table.steps[this.state.pendingConsoleRow!] = step
    this.state.pendingConsoleRow = null
  }
}
