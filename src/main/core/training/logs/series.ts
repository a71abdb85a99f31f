/** Curves from logs: which step a row belongs to, launches merged into one run, smoothing and thinning out. */
import { AppError } from '../../../../shared/errors.ts'
import { decimateMinMax, smoothEma } from '../../../../shared/domain/trainLogSeries.ts'
import type { Series, SeriesKey, seriesRequest } from '../../../../shared/contract/training.ts'
import type { z } from 'zod'
import { toLogNumber } from './logNumber.ts'
import { lossSumOf } from './lossSum.ts'
import { keySections, missing, tableKinds, type Column, type MetricTable } from './metricTable.ts'
import type { ParsedLog } from './readLog.ts'
import { seriesKeys } from './seriesKeys.ts'

/** What to draw; see `seriesRequest` of the contract. */
export type SeriesOptions = Omit<z.output<typeof seriesRequest>, 'workspace' | 'run'>

const reportedNonFinite = 100

/**
 * Draws keys of one run.
 *
 * @param logs the launches, oldest first: where two have a value for the same step, the later one counts.
 * @throws AppError `not-found` for a key that no log has.
 */
export function readSeries(logs: readonly ParsedLog[], options: SeriesOptions): Series[] {
  const known = seriesKeys(logs)
  return options.keys.map((wanted) => {
    const key =
      known.find(({ id }) => id === wanted) ?? preferred(known.filter(({ name }) => name === wanted))
    if (!key)
      throw new AppError('not-found', `No log of this run has the key ${wanted}.`, {
        details: { known: known.map(({ id }) => id) },
      })
    return drawKey(logs, key, options)
  })
}

/** A plain name means the step line's own value before Other Info, loss lines, timing and console. */
function preferred(keys: SeriesKey[]): SeriesKey | undefined {
  const rank = (key: SeriesKey) =>
    tableKinds.indexOf(key.table) * keySections.length + keySections.indexOf(key.section)
  return keys.toSorted((a, b) => rank(a) - rank(b))[0]
}

type Points = { steps: Float64Array; times: Float64Array; values: Float64Array }

function drawKey(logs: readonly ParsedLog[], key: SeriesKey, options: SeriesOptions): Series {
  let points: Points = { steps: new Float64Array(0), times: new Float64Array(0), values: new Float64Array(0) }
  let isCounted = false
  for (const log of logs) {
    const table = log.tables[key.table]
    const column = table.columns.find(({ name, section }) => name === key.name && section === key.section)
    if (!column) continue
    const { steps, counted } = rowSteps(log, table)
    isCounted ||= counted
    const divisor = options.perMicroBatch && isSummedLoss(key) ? (lossSumOf(log) ?? 1) : 1
    points = mergeLater(points, pick(table, column, steps, divisor))
  }
  if (options.x === 'time') points = byTime(points)
  const whole = options.x === 'time' ? points.times : points.steps
  const weight =
    typeof options.smoothing === 'number'
      ? options.smoothing
      : (options.smoothing[key.id] ?? options.smoothing[key.name] ?? 0)
  // Smoothed before it is cut: the average at the left edge knows what came before.
  const [first, end] = rangeOf(whole, options.from ?? -Infinity, options.to ?? Infinity)
  const smoothed = weight > 0 ? smoothEma(points.values, weight).subarray(first, end) : undefined
  const x = whole.subarray(first, end)
  const values = points.values.subarray(first, end)
  const kept = decimateMinMax(values, options.maxPoints)
  const shown = (all: Float64Array) =>
    Array.from(kept, (index) => (Number.isFinite(all[index]) ? all[index]! : null))
  return {
    key,
    x: Array.from(kept, (index) => x[index]!),
    y: shown(values),
    ...(smoothed ? { smoothed: shown(smoothed) } : {}),
    points: values.length,
    nonFinite: nonFiniteOf(x, values),
    stepSource: isCounted ? 'counted' : 'logged',
  }
}

function nonFiniteOf(x: Float64Array, values: Float64Array): Series['nonFinite'] {
  const found: number[] = []
  let last = -1
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index])) continue
    if (found.length < reportedNonFinite) found.push(index)
    else last = index
  }
  return (last < 0 ? found : [...found, last]).map((index) => ({
    x: x[index]!,
    value: toLogNumber(values[index]!),
  }))
}

const isSummedLoss = (key: SeriesKey) =>
  key.section === 'line' &&
  ((key.table === 'step' && key.name === 'Loss') || (key.table !== 'loss' && key.name === 'loss'))

/**
 * The optimizer step of each row. Step lines say it. Loss lines come once per micro-batch before the step line of
 * their step, so they are spread over the step that ends with it; in a log without step lines they are counted and
 * divided by gradient_accumulation_steps. Console lines without a bar are counted by logging_steps.
 */
function rowSteps(
  { tables, state }: ParsedLog,
  table: MetricTable,
): { steps: Float64Array; counted: boolean } {
  const logged = table.steps.subarray(0, table.rows)
  const isLossLike = table.kind === 'loss' || table.kind === 'indices'
  if (!isLossLike && !logged.some(Number.isNaN)) return { steps: logged, counted: false }
  const accumulation = Math.max(1, state.facts.gradientAccumulationSteps ?? 1)
  if (!isLossLike) {
    const every = Math.max(1, Number(state.facts.trainingArgs?.['logging_steps'] ?? 1) || 1)
    return {
      steps: logged.map((step, row) => (Number.isNaN(step) ? (row + 1) * every : step)),
      counted: true,
    }
  }
  const { step } = tables
  if (step.rows === 0) return { steps: countPerProcess(table, accumulation), counted: true }
  const steps = new Float64Array(table.rows)
  let row = 0
  for (let stepRow = 0; stepRow < step.rows; stepRow++) {
    const begin = row
    while (row < table.rows && table.lines[row]! < step.lines[stepRow]!) row++
    for (let index = begin; index < row; index++)
      steps[index] = step.steps[stepRow]! - 1 + (index - begin + 1) / (row - begin)
  }
  const last = step.steps[step.rows - 1]!
  for (let index = row; index < table.rows; index++) steps[index] = last + (index - row + 1) / accumulation
  return { steps, counted: false }
}

function countPerProcess(table: MetricTable, accumulation: number): Float64Array {
  const counts = new Map<number, number>()
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const count = (counts.get(table.pids[row]!) ?? 0) + 1
    counts.set(table.pids[row]!, count)
    return count / accumulation
  })
}

/** The column's points in step order, one per step. Of two processes that wrote at the same time, only the main one counts. */
function pick(table: MetricTable, column: Column, steps: Float64Array, divisor: number): Points {
  const ignored = doubleWriters(table)
  if (ignored.size === 0 && divisor === 1 && isPlain(column.cells, steps, table.rows)) {
    return {
      steps: steps.subarray(0, table.rows),
      times: table.times.subarray(0, table.rows),
      values: column.cells.subarray(0, table.rows),
    }
  }
  const rows: number[] = []
  let isSorted = true
  for (let row = 0; row < table.rows; row++) {
    if (column.cells[row] === missing || ignored.has(table.pids[row]!)) continue
    if (rows.length > 0 && steps[row]! <= steps[rows.at(-1)!]!) isSorted = false
    rows.push(row)
  }
  // The sort is stable, so the last of equal steps is the one written last.
  if (!isSorted) rows.sort((a, b) => steps[a]! - steps[b]!)
  const kept = isSorted
    ? rows
    : rows.filter((row, index) => index === rows.length - 1 || steps[rows[index + 1]!] !== steps[row])
  return {
    steps: Float64Array.from(kept, (row) => steps[row]!),
    times: Float64Array.from(kept, (row) => table.times[row]!),
    values: Float64Array.from(kept, (row) => column.cells[row]! / divisor),
  }
}

/** Whether every row has a value and steps only rise: the usual case, in which nothing has to be copied. */
function isPlain(cells: Float64Array, steps: Float64Array, rows: number): boolean {
  for (let row = 0; row < rows; row++)
    if (cells[row] === missing || (row > 0 && steps[row]! <= steps[row - 1]!)) return false
  return true
}

/** Processes whose lines lie between those of one that began earlier; a process that only follows another is a restart. */
function doubleWriters(table: MetricTable): Set<number> {
  const ranges = new Map<number, { first: number; last: number }>()
  for (let row = 0; row < table.rows; row++) {
    // Within a block of one process only its ends count.
    if (
      row > 0 &&
      row + 1 < table.rows &&
      table.pids[row] === table.pids[row - 1] &&
      table.pids[row] === table.pids[row + 1]
    )
      continue
    const range = ranges.get(table.pids[row]!)
    if (range) range.last = row
    else ranges.set(table.pids[row]!, { first: row, last: row })
  }
  const doubles = new Set<number>()
  let end = -1
  for (const [pid, { first, last }] of ranges) {
    if (Number.isNaN(pid)) continue
    if (first < end) doubles.add(pid)
    else end = last
  }
  return doubles
}

/** Two curves in step order as one; equal steps take the later curve's value. */
function mergeLater(earlier: Points, later: Points): Points {
  if (earlier.steps.length === 0) return later
  const size = earlier.steps.length + later.steps.length
  const merged: Points = {
    steps: new Float64Array(size),
    times: new Float64Array(size),
    values: new Float64Array(size),
  }
  let count = 0
  let a = 0
  let b = 0
  while (a < earlier.steps.length || b < later.steps.length) {
    const stepA = a < earlier.steps.length ? earlier.steps[a]! : Infinity
    const stepB = b < later.steps.length ? later.steps[b]! : Infinity
    if (stepA === stepB) a++
    const source = stepA < stepB ? earlier : later
    const index = stepA < stepB ? a++ : b++
    merged.steps[count] = source.steps[index]!
    merged.times[count] = source.times[index]!
    merged.values[count++] = source.values[index]!
  }
  return {
    steps: merged.steps.subarray(0, count),
    times: merged.times.subarray(0, count),
    values: merged.values.subarray(0, count),
  }
}

/** First and end index of the part of a rising axis between two values, both included. */
function rangeOf(x: Float64Array, from: number, to: number): [number, number] {
  let first = 0
  while (first < x.length && x[first]! < from) first++
  let end = x.length
  while (end > first && x[end - 1]! > to) end--
  return [first, end]
}

function filterPoints(points: Points, keep: (index: number) => boolean): Points {
  const select = (values: Float64Array) => values.filter((_, index) => keep(index))
  return { steps: select(points.steps), times: select(points.times), values: select(points.values) }
}

/** The points in order of time; those whose time is not known are left out. */
function byTime(points: Points): Points {
  if (isRising(points.times)) return points
  const known = filterPoints(points, (index) => !Number.isNaN(points.times[index]))
  if (isRising(known.times)) return known
  const order = Uint32Array.from(known.times, (_, index) => index).sort(
    (a, b) => known.times[a]! - known.times[b]! || a - b,
  )
  const select = (values: Float64Array) => Float64Array.from(order, (index) => values[index]!)
  return { steps: select(known.steps), times: select(known.times), values: select(known.values) }
}

/** Whether values never fall and are all known: clocks that jump are rare, and sorting a million points is slow. */
function isRising(values: Float64Array): boolean {
  for (let index = 0; index < values.length; index++)
    if (!(index === 0 ? !Number.isNaN(values[0]) : values[index]! >= values[index - 1]!)) return false
  return true
}
