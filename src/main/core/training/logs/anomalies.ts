/**
 * Finds what looks wrong in a log. Every rule is a few lines of arithmetic, so that people can check a warning by hand;
 * the numbers below are the whole tuning.
 */
import type { LogAnomaly } from '../../../../shared/contract/training.ts'
import { missing, type Column, type MetricTable } from './metricTable.ts'
import type { ParsedLog } from './readLog.ts'

/**
 * Loss explosion. The reference is the median of the 50 values before (at least 20, refreshed every 10). The loss has
 * exploded where the median of the next 5 values (3 at the very end) exceeds the reference by more than
 * max(2 * |reference|, 10 * 1.4826 * MAD), MAD being the median distance of those 50 values from the reference.
 * Single spikes pass; a loss that jumps and stays does not.
 */
const explosion = { window: 50, least: 20, refresh: 10, ahead: 5, leastAhead: 3, times: 2, deviations: 10 }
/**
 * Stall: no line for longer than 10 times the median time between lines, and than two minutes. Five or more such gaps
 * are how the run works (data loaders start again with every epoch); then only gaps twice as long as usual count.
 */
const stall = { times: 10, leastSeconds: 120, regular: 5 }
const maximumPerKind = 20

/** All anomalies of one log: facts about its structure first, then what is wrong with its numbers and times. */
export function findAnomalies(log: ParsedLog, bytes: number): LogAnomaly[] {
  const { step, loss } = log.tables
  const found: LogAnomaly[] = [...structure(log, bytes)]
  const tables = [step, loss, log.tables.console, log.tables.state]
  for (const table of tables) found.push(...nonFinite(table))
  const main = mainLoss(log)
  if (main) found.push(...explosions(main.table, main.column))
  const timed = step.rows > 1 ? step : loss
  found.push(...stalls(timed), ...stepOrder(step), ...writers(step.rows > 0 ? step : loss))
  return found
}

/** The column that stands for "the loss" of a log: the trainer's `Loss`, else `total_loss`, else HF's `loss`. */
export function mainLoss(log: ParsedLog): { table: MetricTable; column: Column } | undefined {
  const candidates: [MetricTable, string][] = [
    [log.tables.step, 'Loss'],
    [log.tables.step, 'total_loss'],
    [log.tables.loss, 'total_loss'],
    [log.tables.console, 'loss'],
    [log.tables.state, 'loss'],
  ]
  for (const [table, name] of candidates) {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (column && table.rows > 0) return { table, column }
  }
  return undefined
}

function structure({ state, tables }: ParsedLog, bytes: number): LogAnomaly[] {
  const { step, loss } = tables
  const notes: LogAnomaly[] = []
  const note = (
    code: LogAnomaly['code'],
    severity: LogAnomaly['severity'],
    message: string,
    at: Partial<LogAnomaly> = {},
  ) => notes.push({ code, severity, message, ...at })
  if (bytes === 0) note('empty-file', 'note', 'empty file (0 bytes)')
  else if (step.rows + loss.rows + tables.console.rows + tables.state.rows === 0)
    note('no-metrics', 'note', 'no metric lines')
  if (state.pids.length > 1) note('several-processes', 'note', `${state.pids.length} process ids in one file`)
  if (step.rows > 0 && step.steps[0]! > 1) {
    note('resumed', 'note', `first step is ${step.steps[0]}, not 1`, {
      step: step.steps[0],
      line: step.lines[0],
    })
  }
  if (state.endLines.length > 0) {
    note(
      'end-of-training',
      'note',
      `step line(s) without Loss and LR (end-of-training summary): line ${state.endLines.join(', ')}`,
      {
        line: state.endLines[0],
      },
    )
  } else if (step.rows + loss.rows > 0) {
    note(
      'ends-without-summary',
      'note',
      'no end-of-training line: the run was stopped, crashed, or still goes on',
      {
        line: Math.max(step.lines[step.rows - 1] ?? 0, loss.lines[loss.rows - 1] ?? 0),
      },
    )
  }
  if (step.rows > 0) {
    const info = step.columns.filter((column) => column.section === 'info')
    if (info.length === 0)
      note('no-other-info', 'note', 'step lines have no Other Info (only Loss, LR, Epoch)')
    else if (!info.some((column) => column.name === 'total_loss'))
      note('no-total-loss', 'note', 'Other Info has no total_loss')
  }
  if (step.rows > 0 && loss.rows > 0) {
    note('two-kinds', 'note', `both step lines and loss lines in one file: ${step.rows} and ${loss.rows}`)
  }
  if (state.clock) {
    const { backwards, line, seconds } = state.clock
    note(
      'clock-backwards',
      'warning',
      `the clock goes back ${backwards === 1 ? 'once' : `${backwards} times`}, first by ${Math.round(seconds)} s`,
      { line },
    )
  }
  if (state.binaryLines) {
    const { count, line } = state.binaryLines
    note(
      'binary',
      'warning',
      `${count === 1 ? '1 line' : `${count} lines`} with NUL bytes: the file was damaged or not fully written`,
      {
        line,
      },
    )
  }
  if (state.tracebacks) {
    note(
      'traceback',
      'error',
      state.tracebacks.count === 1 ? 'a Python traceback' : `${state.tracebacks.count} Python tracebacks`,
      {
        line: state.tracebacks.line,
      },
    )
  }
  if (state.hasCutLine) note('cut-line', 'note', 'the last line is cut off', { line: state.lines + 1 })
  return notes
}

function nonFinite(table: MetricTable): LogAnomaly[] {
  return table.columns.flatMap((column) => {
    let count = 0
    let first = -1
    for (let row = 0; row < table.rows; row++) {
      if (Number.isFinite(column.cells[row])) continue
      if (first < 0) first = row
      count++
    }
    if (first < 0) return []
    const value = String(column.cells[first])
    const message =
      count === 1
        ? `${column.name} is ${value} ${place(table, first)}`
        : `${column.name} is ${value} ${count} times, first ${place(table, first)}`
    return [
      {
        code: 'non-finite' as const,
        severity: 'error' as const,
        message,
        key: column.name,
        ...positionOf(table, first),
      },
    ]
  })
}

function explosions(table: MetricTable, column: Column): LogAnomaly[] {
  const rows: number[] = []
  const values: number[] = []
  for (let row = 0; row < table.rows; row++) {
    const value = column.cells[row]!
    if (value === missing || Number.isNaN(value)) continue
    rows.push(row)
    values.push(value)
  }
  const found: LogAnomaly[] = []
  let reference = NaN
  let limit = Infinity
  let isHigh = false
  for (
    let index = explosion.least;
    index + explosion.leastAhead <= values.length && found.length < maximumPerKind;
    index++
  ) {
    if (Number.isNaN(reference) || (!isHigh && index % explosion.refresh === 0)) {
      const before = values.slice(Math.max(0, index - explosion.window), index)
      reference = median(before)
      const deviation = 1.4826 * median(before.map((value) => Math.abs(value - reference)))
      limit =
        reference +
        Math.max(explosion.times * Math.abs(reference), explosion.deviations * deviation, Number.EPSILON)
    }
    const isAbove = values[index]! > limit
    if (isAbove === isHigh) continue
    const ahead = median(values.slice(index, index + explosion.ahead))
    if (isAbove && ahead > limit) {
      isHigh = true
      const row = rows[index]!
      const message = `${column.name} jumps from about ${short(reference)} to ${short(ahead)} ${place(table, row)} and stays there`
      found.push({
        code: 'loss-explosion',
        severity: 'error',
        message,
        key: column.name,
        ...positionOf(table, row),
      })
    } else if (!isAbove && ahead <= limit) isHigh = false
  }
  return found
}

function stalls(table: MetricTable): LogAnomaly[] {
  const gaps: number[] = []
  for (let row = 1; row < table.rows; row++) {
    const gap = table.times[row]! - table.times[row - 1]!
    if (gap >= 0) gaps.push(gap)
  }
  if (gaps.length < 3) return []
  const usual = median(gaps)
  const limit = Math.max(stall.leastSeconds, stall.times * usual)
  const seconds = (row: number) => table.times[row]! - table.times[row - 1]!
  const long: number[] = []
  for (let row = 1; row < table.rows; row++) if (seconds(row) > limit) long.push(row)
  const found: LogAnomaly[] = []
  let reported = long
  if (long.length >= stall.regular) {
    const pause = median(long.map(seconds))
    reported = long.filter((row) => seconds(row) > 2 * pause)
    const message = `${long.length - reported.length} pauses of about ${Math.round(pause)} s, such as between epochs or while saving; a step usually takes ${short(usual)} s`
    found.push({ code: 'regular-pauses', severity: 'note', message, ...positionOf(table, long[0]!) })
  }
  const worst = reported.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, maximumPerKind)
  for (const row of worst.toSorted((a, b) => a - b)) {
    const message = `nothing for ${Math.round(seconds(row))} s before this line; a step usually takes ${short(usual)} s`
    found.push({ code: 'stall', severity: 'warning', message, ...positionOf(table, row) })
  }
  return found
}

/** Steps that go back or repeat within one process. */
function stepOrder(table: MetricTable): LogAnomaly[] {
  const lastOf = new Map<number, number>()
  const back: number[] = []
  const repeated: number[] = []
  for (let row = 0; row < table.rows; row++) {
    const pid = table.pids[row]!
    const before = lastOf.get(pid)
    const step = table.steps[row]!
    const isEndLine = table.columns.every(
      (column) => (column.name !== 'Loss' && column.name !== 'LR') || column.cells[row] === missing,
    )
    if (before !== undefined && step < before) back.push(row)
    else if (step === before && !isEndLine) repeated.push(row)
    lastOf.set(pid, step)
  }
  const report = (code: 'steps-backwards' | 'steps-repeated', rows: number[], words: string): LogAnomaly[] =>
    rows.length === 0
      ? []
      : [
          {
            code,
            severity: 'warning',
            message: `${words} ${rows.length === 1 ? '' : `${rows.length} times, first `}${place(table, rows[0]!)}`,
            ...positionOf(table, rows[0]!),
          },
        ]
  return [
    ...report('steps-backwards', back, 'step numbers go back'),
    ...report('steps-repeated', repeated, 'a step number repeats'),
  ]
}

function writers(table: MetricTable): LogAnomaly[] {
  const pids = new Set(table.pids.subarray(0, table.rows).filter((pid) => !Number.isNaN(pid)))
  if (pids.size < 2) return []
  return [
    {
      code: 'several-writers',
      severity: 'warning',
      message: `${pids.size} processes write metric lines into this file: ${[...pids].slice(0, 5).join(', ')}`,
    },
  ]
}

function positionOf(table: MetricTable, row: number): { line: number; step?: number } {
  const step = table.steps[row]!
  return { line: table.lines[row]!, ...(Number.isNaN(step) ? {} : { step }) }
}

function place(table: MetricTable, row: number): string {
  const step = table.steps[row]!
  return Number.isNaN(step) ? `in line ${table.lines[row]}` : `at step ${step}`
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
