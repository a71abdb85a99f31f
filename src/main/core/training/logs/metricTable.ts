/**
 * The metric lines of one log as columns. Each kind of line has a table of its own, because they come at different
 * rates: a step line once per optimizer step, a loss line once per micro-batch, a console line whenever HF prints.
 */

/**
 * Kinds of metric lines. `step`: `[ Step N ] …`; `loss`: `total_loss: …`; `indices`: `loc_indices: …`; `console`:
 * a dict printed by HF; `state`: an entry of trainer_state.json's log_history.
 */
export const tableKinds = ['step', 'loss', 'indices', 'console', 'state'] as const
export type TableKind = (typeof tableKinds)[number]

/** Where a key stands in its line: the plain part, `Other Info: {…}`, or `Timing(…)`. */
export const keySections = ['line', 'info', 'timing'] as const
export type KeySection = (typeof keySections)[number]

/** Fills cells of rows that lack a key. It is finite so that a real NaN stays apart; no log contains it. */
export const missing = -Number.MAX_VALUE

/** One key's values, one cell per row of its table; cells after the last row are unused. */
export type Column = { readonly name: string; readonly section: KeySection; cells: Float64Array }

/** Most logs have one or two kinds of lines; tables of the others take no memory. */
const noCells = new Float64Array(0)
/** Rows of a table's first memory, and up to how many it grows fourfold: copying small tables costs more than their size. */
const [leastRows, manyRows] = [256, 4096]

/** Rows of one kind of line. `lines`, `times` (seconds since 1970 as if the log's clock were UTC, NaN when unknown), `pids` and `steps` (NaN when unknown) have one entry per row. */
export class MetricTable {
  readonly kind: TableKind
  rows = 0
  columns: Column[] = []
  lines = noCells
  times = noCells
  pids = noCells
  steps = noCells
  readonly #byName = new Map<string, Column>()

  constructor(kind: TableKind) {
    this.kind = kind
  }

  /** A table from whole columns; every array has `rows` entries and is owned by the table from then on. */
  static from(
    kind: TableKind,
    rows: number,
    parts: { lines: Float64Array; times: Float64Array; pids: Float64Array; steps: Float64Array },
    columns: Column[],
  ): MetricTable {
    const table = Object.assign(new MetricTable(kind), parts, { rows, columns })
    for (const column of columns) table.#byName.set(`${column.section}:${column.name}`, column)
    return table
  }

  /** Appends a row without values. */
  addRow(line: number, time: number, pid: number, step: number): void {
    if (this.rows === this.lines.length) this.#grow()
    const row = this.rows++
    this.lines[row] = line
    this.times[row] = time
    this.pids[row] = pid
    this.steps[row] = step
  }

  /** The column of a key, made on first use. */
  column(name: string, section: KeySection): Column {
    const id = `${section}:${name}`
    let column = this.#byName.get(id)
    if (!column) {
      column = { name, section, cells: new Float64Array(this.lines.length).fill(missing) }
      this.#byName.set(id, column)
      this.columns.push(column)
    }
    return column
  }

  /** Sets a value of the newest row. */
  set(column: Column, value: number): void {
    column.cells[this.rows - 1] = value
  }

  /** Whether the newest row has a value for the column. */
  has(column: Column): boolean {
    return this.rows > 0 && column.cells[this.rows - 1] !== missing
  }

  /** Takes back a value of the newest row. */
  unset(column: Column): void {
    column.cells[this.rows - 1] = missing
  }

  /** Takes back the newest row. A column that held only this row stays, without values. */
  dropRow(): void {
    for (const column of this.columns) this.unset(column)
    this.rows--
  }

  #grow(): void {
    const { length } = this.lines
    const size = Math.max(leastRows, length < manyRows ? 4 * length : 2 * length)
    const wider = (old: Float64Array, fill: number) => {
      const cells = new Float64Array(size)
      cells.set(old)
      if (fill !== 0) cells.fill(fill, old.length)
      return cells
    }
    this.lines = wider(this.lines, 0)
    this.times = wider(this.times, 0)
    this.pids = wider(this.pids, 0)
    this.steps = wider(this.steps, 0)
    for (const column of this.columns) column.cells = wider(column.cells, missing)
  }
}

/** Whether any row of the table has a value for the column. */
export function hasValues(table: MetricTable, column: Column): boolean {
  for (let row = 0; row < table.rows; row++) if (column.cells[row] !== missing) return true
  return false
}
