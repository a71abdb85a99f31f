/**
 * Stores the tables of a log as one block of bytes: a JSON directory, then the columns. Each column takes the smallest
 * of six forms that gives its values back exactly: one constant, a ramp that rises evenly (lines, steps), 32-bit
 * integers, 32-bit floats (what a model prints is one), decimals as 32-bit integers over a power of ten (what a trainer
 * rounds is one), 64-bit floats.
 */
import { MetricTable, tableKinds, type Column, type KeySection } from './metricTable.ts'
import { newTables, type Tables } from './parserState.ts'

type Form =
  | { form: 'const'; value: number | string }
  | { form: 'ramp'; value: number; slope: number }
  | { form: 'decimal'; scale: number }
  | { form: 'i32' | 'f32' | 'f64' }
type ColumnEntry = { name: string; section: KeySection | 'row'; at: number } & Form
type TableEntry = { kind: string; rows: number; columns: ColumnEntry[] }

const version = 2
/** Losses and times have at most six decimals; learning rates have more, and are small. */
const scales = [1e6, 1e10]
const rowParts = ['lines', 'times', 'pids', 'steps'] as const
const oddNumbers: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

/** Encodes all tables. */
export function encodeTables(tables: Tables): Uint8Array<ArrayBuffer> {
  const blocks: { entry: ColumnEntry; cells: Float64Array }[] = []
  let size = 0
  const add = (name: string, section: ColumnEntry['section'], cells: Float64Array): ColumnEntry => {
    const entry: ColumnEntry = { name, section, at: size, ...formOf(cells) }
    if (entry.form === 'const' || entry.form === 'ramp') return entry
    blocks.push({ entry, cells })
    // Every column begins on a multiple of eight, so that it can be read in place.
    size += Math.ceil((cells.length * (entry.form === 'f64' ? 8 : 4)) / 8) * 8
    return entry
  }
  const directory: TableEntry[] = tableKinds
    .map((kind) => tables[kind])
    .filter((table) => table.rows > 0)
    .map((table) => ({
      kind: table.kind,
      rows: table.rows,
      columns: [
        ...rowParts.map((part) => add(part, 'row', table[part].subarray(0, table.rows))),
        ...table.columns.map((column) =>
          add(column.name, column.section, column.cells.subarray(0, table.rows)),
        ),
      ],
    }))
  const header = new TextEncoder().encode(JSON.stringify({ version, tables: directory }))
  const start = Math.ceil((4 + header.length) / 8) * 8
  const bytes = new Uint8Array(start + size)
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 4)
  for (const { entry, cells } of blocks) writeCells(bytes.buffer, start + entry.at, entry, cells)
  return bytes
}

function writeCells(buffer: ArrayBuffer, at: number, entry: ColumnEntry, cells: Float64Array): void {
  if (entry.form === 'f64') new Float64Array(buffer, at, cells.length).set(cells)
  else if (entry.form === 'f32') new Float32Array(buffer, at, cells.length).set(cells)
  else {
    const integers = new Int32Array(buffer, at, cells.length)
    if (entry.form !== 'decimal') return integers.set(cells)
    for (let row = 0; row < cells.length; row++) integers[row] = Math.round(cells[row]! * entry.scale)
  }
}

/**
 * Decodes what `encodeTables` gave.
 *
 * @throws RangeError when the bytes are damaged or of another version.
 */
export function decodeTables(encoded: Uint8Array): Tables {
  // Columns are read as typed arrays, which must begin on a multiple of eight.
  const bytes = encoded.byteOffset % 8 === 0 ? encoded : encoded.slice()
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as {
    version: number
    tables: TableEntry[]
  }
  if (header.version !== version) throw new RangeError(`Tables of version ${header.version}`)
  const start = bytes.byteOffset + Math.ceil((4 + length) / 8) * 8
  const tables = newTables()
  for (const entry of header.tables) {
    const kind = tableKinds.find((candidate) => candidate === entry.kind)
    if (!kind) continue
    const parts = Object.fromEntries(
      entry.columns
        .filter(({ section }) => section === 'row')
        .map((column) => [column.name, decodeColumn(bytes.buffer, start, column, entry.rows)]),
    )
    const columns = entry.columns.flatMap((column): Column[] =>
      column.section === 'row'
        ? []
        : [
            {
              name: column.name,
              section: column.section,
              cells: decodeColumn(bytes.buffer, start, column, entry.rows),
            },
          ],
    )
    tables[kind] = MetricTable.from(
      kind,
      entry.rows,
      parts as Record<(typeof rowParts)[number], Float64Array>,
      columns,
    )
  }
  return tables
}

function decodeColumn(
  buffer: ArrayBufferLike,
  start: number,
  entry: ColumnEntry,
  rows: number,
): Float64Array {
  const at = start + entry.at
  switch (entry.form) {
    case 'const':
      return new Float64Array(rows).fill(readNumberText(entry.value))
    case 'ramp':
      return new Float64Array(rows).map((_, row) => entry.value + row * entry.slope)
    case 'decimal':
      return new Float64Array(new Int32Array(buffer, at, rows)).map((integer) => integer / entry.scale)
    case 'i32':
      return new Float64Array(new Int32Array(buffer, at, rows))
    case 'f32':
      return new Float64Array(new Float32Array(buffer, at, rows))
    case 'f64':
      return new Float64Array(buffer, at, rows).slice()
  }
}

function formOf(cells: Float64Array): Form {
  const first = cells[0]!
  if (areAll(cells, first)) return { form: 'const', value: writeNumber(first) }
  if (isRamp(cells)) return { form: 'ramp', value: first, slope: cells[1]! - first }
  if (areIntegers(cells)) return { form: 'i32' }
  if (areFloats(cells)) return { form: 'f32' }
  const scale = scales.find((candidate) => areDecimals(cells, candidate))
  return scale === undefined ? { form: 'f64' } : { form: 'decimal', scale }
}

// One loop for each question: most columns answer after a few cells.

function areAll(cells: Float64Array, value: number): boolean {
  for (const cell of cells) if (!Object.is(cell, value)) return false
  return true
}

/** Integers that rise or fall by the same from row to row; small enough that adding them up is exact. */
function isRamp(cells: Float64Array): boolean {
  const slope = cells[1]! - cells[0]!
  if (!isRampCell(cells[0]!)) return false
  for (let row = 1; row < cells.length; row++)
    if (cells[row]! - cells[row - 1]! !== slope || !isRampCell(cells[row]!)) return false
  return true
}

const isRampCell = (cell: number) =>
  Number.isInteger(cell) && Math.abs(cell) < 2 ** 51 && !Object.is(cell, -0)

function areIntegers(cells: Float64Array): boolean {
  for (const cell of cells) if ((cell | 0) !== cell || Object.is(cell, -0)) return false
  return true
}

function areFloats(cells: Float64Array): boolean {
  for (const cell of cells) if (!Object.is(Math.fround(cell), cell)) return false
  return true
}

/** Whether every cell is the double nearest to a 32-bit integer over `scale`. */
function areDecimals(cells: Float64Array, scale: number): boolean {
  for (const cell of cells) {
    const integer = Math.round(cell * scale)
    if (integer / scale !== cell || (integer | 0) !== integer || Object.is(integer, -0)) return false
  }
  return true
}

const writeNumber = (value: number) =>
  Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
const readNumberText = (value: number | string) => (typeof value === 'number' ? value : oddNumbers[value]!)
