/**
 * Most lines of a log repeat one before them: only the time of day and the numbers differ. A WebAssembly kernel learns
 * such lines and reads those that follow, several times faster than the reader of single lines, with the same results:
 * it takes a line only where that reader would go the same way, byte by byte.
 */
import logLinesWasm from '../../wasm/generated/logLines.ts'
import { loadKernel } from '../../wasm/load.ts'
import { Workspace, type WorkspaceExports } from '../../wasm/workspace.ts'
import type { Column, MetricTable } from './metricTable.ts'
import { head, tail } from './recordLine.ts'
import type { MetricLine, RecordReader } from './recordReader.ts'

/** How many bytes of a log are read at a time: they stay in the processor's cache. */
export const blockBytes = 256 * 1024

/** More shapes than kinds of lines: keys come and go, and the tail names the line of the script. */
const mostShapes = 8
/** `YYYY-MM-DD HH:MM:SS - `: of heads, only this form is learned. */
const levelPlace = 22
const mostNumbers = 256
const rowBytes = 512 * 1024
/** The kernel looks at so many bytes after the last line. */
const lookAhead = 128
/** Of kinds of numbers; see the kernel. */
const [plainNumber, wholeNumber] = [1, 2]

type Kernel = WorkspaceExports & {
  shapeBytes(): number
  learn(shape: number, start: number, end: number, time: number, numbers: number, count: number): number
  readLines(
    from: number,
    end: number,
    shapes: number,
    count: number,
    lastTime: number,
    rows: number,
    rowsEnd: number,
  ): number
  rowsRead(): number
}

/** One kernel serves all logs of a thread, one after the other; who reads another log in between learns anew. */
type Desk = {
  kernel: Kernel
  /** The mark of the log whose shapes are learned. */
  owner: object | null
  block: Buffer
  blockAt: number
  shapesAt: number
  shapeBytes: number
  numbers: Int32Array
  rows: Float64Array
}
let shared: Desk | undefined

function layDesk(): Desk {
  const kernel = loadKernel<Kernel>(logLinesWasm)
  const shapeBytes = kernel.shapeBytes()
  const workspace = new Workspace(kernel)
  const blockAt = workspace.reserve(blockBytes + lookAhead)
  const shapesAt = workspace.reserve(mostShapes * shapeBytes)
  const numbersAt = workspace.reserve(mostNumbers * 12)
  const rowsAt = workspace.reserve(rowBytes)
  const { buffer } = kernel.memory
  return {
    kernel,
    owner: null,
    block: Buffer.from(buffer, blockAt, blockBytes),
    blockAt,
    shapesAt,
    shapeBytes,
    numbers: new Int32Array(buffer, numbersAt, mostNumbers * 3),
    rows: new Float64Array(buffer, rowsAt, rowBytes / 8),
  }
}

/** What a shape's numbers mean: an optional step, the columns in order, the pid. */
type Shape = { table: MetricTable; columns: readonly Column[]; hasStep: boolean }

/** Reads repeated lines of one log. */
export class RepeatedLines {
  readonly #records: RecordReader
  readonly #desk: Desk = (shared ??= layDesk())
  /** Stands for this log at the desk, which would else keep its tables in memory. */
  readonly #mark = {}
  #shapes: Shape[] = []
  #oldest = 0

  constructor(records: RecordReader) {
    this.#records = records
  }

  /** Copies at most `blockBytes` to where `read` and `learn` work. The copy is good until any log places the next. */
  place(bytes: Uint8Array): Buffer {
    const desk = this.#desk
    if (desk.owner !== this.#mark) this.#shapes = []
    desk.owner = this.#mark
    desk.block.set(bytes)
    return desk.block.subarray(0, bytes.length)
  }

  /**
   * Reads repeated lines of the placed block from `start` on.
   *
   * @param end index after the last byte of the block.
   * @returns where the first line begins that is not read.
   */
  read(start: number, end: number): number {
    if (this.#shapes.length === 0) return start
    const { kernel, blockAt, shapesAt, rows } = this.#desk
    const next = kernel.readLines(
      blockAt + start,
      blockAt + end,
      shapesAt,
      this.#shapes.length,
      this.#records.state.lastTime!,
      rows.byteOffset,
      rows.byteOffset + rows.byteLength,
    )
    if (next - blockAt > start) this.#addRows((kernel.rowsRead() - rows.byteOffset) / 8)
    return next - blockAt
  }

  /** Adds rows that the kernel has read, and counts their lines, as `RecordReader.record` does. */
  #addRows(length: number): void {
    const { rows } = this.#desk
    const records = this.#records
    const { state } = records
    for (let at = 0; at < length;) {
      const { table, columns, hasStep } = this.#shapes[rows[at]!]!
      const time = rows[at + 1]!
      at += 2
      const step = hasStep ? rows[at++]! : NaN
      const pid = rows[at + columns.length]!
      state.lines++
      state.records++
      state.lastTime = time
      records.countPid(pid)
      table.addRow(state.lines, time, pid, step)
      const row = table.rows - 1
      for (let n = 0; n < columns.length; n++) columns[n]!.cells[row] = rows[at++]!
      at++
    }
    state.block = 'none'
  }

  /**
   * Learns a line that was just read, so that lines like it are read here. Lines that cannot be learned are left.
   *
   * @param start index of its first byte in the placed block.
   * @param end index after its line feed.
   */
  learn(start: number, end: number, { writer, step }: MetricLine): void {
    const { kernel, numbers, blockAt, shapesAt, shapeBytes } = this.#desk
    const { places, table } = writer
    if (!writer.isPlain || places.length / 2 + 2 > mostNumbers || head.levelStart !== start + levelPlace)
      return
    let count = 0
    const add = (from: number, to: number, kind: number) => {
      numbers.set([blockAt + from, blockAt + to, kind], 3 * count++)
    }
    if (step) add(step.start, step.end, wholeNumber)
    for (let n = 0; n < places.length; n += 2) add(places[n]!, places[n + 1]!, plainNumber)
    add(tail.pidStart, tail.pidEnd, wholeNumber)
    const index = this.#shapes.length < mostShapes ? this.#shapes.length : this.#oldest
    const shape = shapesAt + index * shapeBytes
    if (!kernel.learn(shape, blockAt + start, blockAt + end, head.time, numbers.byteOffset, count)) return
    this.#shapes[index] = { table, columns: [...writer.columns], hasStep: step !== null }
    this.#oldest = (index + 1) % mostShapes
  }
}
