/**
 * Stores the tables of a log as one block of bytes: a JSON directory, then the columns. Each column takes the smallest
 * of four forms that gives its values back exactly: one constant, 32-bit integers, 32-bit floats (what a model prints is
 * one), 64-bit floats.
 */
import { MetricTable, tableKinds, type Column, type KeySection } from './metricTable.ts'
import { newTables, type Tables } from './parserState.ts'

type Form = 'const' | 'i32' | 'f32' | 'f64'
type ColumnEntry = {
  name: string
  section: KeySection | 'row'
  form: Form
  value?: number | string
  at: number
}
type TableEntry = { kind: string; rows: number; columns: ColumnEntry[] }

const version = 1
const rowParts = ['lines', 'times', 'pids', 'steps'] as const
const oddNumbers: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

/** Encodes all tables. */
export function encodeTables(tables: Tables): Uint8Array<ArrayBuffer> {
  const blocks: { form: Exclude<Form, 'const'>; at: number; cells: Float64Array }[] = []
  let size = 0
  const add = (name: string, section: ColumnEntry['section'], cells: Float64Array): ColumnEntry => {
    const form = formOf(cells)
    const entry: ColumnEntry = { name, section, form, at: size }
    if (form === 'const') return { ...entry, value: writeNumber(cells[0]!) }
    blocks.push({ form, at: size, cells })
    // Every column begins on a multiple of eight, so that it can be read in place.
    size += Math.ceil((cells.length * (form === 'f64' ? 8 : 4)) / 8) * 8
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
  for (const { form, at, cells } of blocks) {
    const Typed = form === 'f64' ? Float64Array : form === 'f32' ? Float32Array : Int32Array
    new Typed(bytes.buffer, start + at, cells.length).set(cells)
  }
  return bytes
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
  if (entry.form === 'const') return new Float64Array(rows).fill(readNumberText(entry.value!))
  if (entry.form === 'i32') return new Float64Array(new Int32Array(buffer, at, rows))
  if (entry.form === 'f32') return new Float64Array(new Float32Array(buffer, at, rows))
  return new Float64Array(buffer, at, rows).slice()
}

function formOf(cells: Float64Array): Form {
  if (areAll(cells, cells[0]!)) return 'const'
  if (areIntegers(cells)) return 'i32'
  return areFloats(cells) ? 'f32' : 'f64'
}

// One loop for each question: most columns answer after a few cells.

function areAll(cells: Float64Array, value: number): boolean {
  for (const cell of cells) if (!Object.is(cell, value)) return false
  return true
}

function areIntegers(cells: Float64Array): boolean {
  for (const cell of cells) if ((cell | 0) !== cell || Object.is(cell, -0)) return false
  return true
}

function areFloats(cells: Float64Array): boolean {
  for (const cell of cells) if (!Object.is(Math.fround(cell), cell)) return false
  return true
}

const writeNumber = (value: number) =>
  Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
const readNumberText = (value: number | string) => (typeof value === 'number' ? value : oddNumbers[value]!)
