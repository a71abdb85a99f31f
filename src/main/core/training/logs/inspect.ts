/** What `parallax logs inspect FILE` says about one log. */
import { stat } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import type { LogInspection, LogNumber } from '../../../../shared/contract/training.ts'
import { findAnomalies } from './anomalies/index.ts'
import { lossSumOf } from './lossSum.ts'
import { recentStepsPerSecond, usualGapSeconds } from './pace.ts'
import { hasValues, missing, type Column, type MetricTable } from './metricTable.ts'
import { toLogNumber } from './logNumber.ts'
import { readLog, type ParsedLog } from './readLog.ts'
import { seriesKeys } from './seriesKeys.ts'
import { readTrainerState } from './trainerState.ts'

/**
 * Reads a whole log or trainer_state.json.
 *
 * @throws AppError when the file cannot be read.
 */
export async function inspectLog(
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<LogInspection> {
  const { size } = await stat(path).catch((caught: unknown) => {
    throw toAppError(caught, path)
  })
  const log = path.endsWith('trainer_state.json')
    ? (await readTrainerState(path)).log
    : await readLog(path, { isComplete: true, signal: options.signal })
  return summarizeLog(log, size)
}

/** The same from a log that was read already. `bytes` is the size of the file. */
export function summarizeLog(log: ParsedLog, bytes: number): LogInspection {
  const { state, tables } = log
  const found = namedValues(log)
  return {
    metricLines: tables.step.rows + tables.loss.rows,
    stepLines: tables.step.rows,
    lossLines: tables.loss.rows,
    indicesLines: tables.indices.rows,
    consoleLines: tables.console.rows,
    keys: found.map(({ key }) => key),
    first: Object.fromEntries(found.map(({ key, first }) => [key, toLogNumber(first)])),
    last: Object.fromEntries(found.map(({ key, last }) => [key, toLogNumber(last)])),
    firstLast: firstLast(log),
    firstStep: firstStep(tables.step) ?? null,
    lastStep: lastStep(tables.step) ?? null,
    firstTime: state.firstTime,
    lastTime: state.lastTime,
    spanSeconds: state.firstTime === null ? null : toMilliseconds(state.lastTime! - state.firstTime),
    bytes,
    lines: state.lines,
    processIds: state.pids.map(({ pid }) => pid),
    warnings: state.warnings,
    facts: state.facts,
    progress: state.progress,
    stepsPerSecond: recentStepsPerSecond(log),
    usualGapSeconds: usualGapSeconds(tables.step.rows > 1 ? tables.step : tables.loss),
    lossSum: lossSumOf(log),
    anomalies: findAnomalies(log, bytes),
    series: seriesKeys([log]),
  }
}

/**
 * Every key once, in order of first appearance, with its first and last value in file order. A key that stands on
 * both step lines and loss lines (`total_loss`) counts as one. Indices lines are no metric lines and are left out.
 */
function namedValues({ tables }: ParsedLog): { key: string; first: number; last: number }[] {
  const byName = new Map<
    string,
    { firstLine: number; lastLine: number; first: number; last: number; order: number }
  >()
  let order = 0
  for (const table of [tables.step, tables.loss, tables.console, tables.state]) {
    for (const column of table.columns.filter((candidate) => hasValues(table, candidate))) {
      const [head, tail] = ends(table, column)
      const known = byName.get(column.name)
      const entry = {
        firstLine: table.lines[head]!,
        lastLine: table.lines[tail]!,
        first: column.cells[head]!,
        last: column.cells[tail]!,
      }
      if (!known) byName.set(column.name, { ...entry, order: order++ })
      else {
        if (entry.firstLine < known.firstLine)
          Object.assign(known, { firstLine: entry.firstLine, first: entry.first })
        if (entry.lastLine > known.lastLine)
          Object.assign(known, { lastLine: entry.lastLine, last: entry.last })
      }
    }
  }
  return [...byName]
    .map(([key, entry]) => ({ key, ...entry }))
    .toSorted((a, b) => a.firstLine - b.firstLine || a.order - b.order)
    .map(({ key, first, last }) => ({ key, first, last }))
}

const sectionPrefix = { line: '', info: 'other_info.', timing: 'timing.' }

function firstLast({ tables }: ParsedLog): LogInspection['firstLast'] {
  const shown = [tables.step, tables.loss, tables.console, tables.state].filter((table) => table.rows > 0)
  return Object.fromEntries(
    shown.map((table) => [
      table.kind,
      Object.fromEntries(
        table.columns
          .filter((column) => hasValues(table, column))
          .map((column): [string, [LogNumber, LogNumber]] => {
            const [head, tail] = ends(table, column)
            return [
              sectionPrefix[column.section] + column.name,
              [toLogNumber(column.cells[head]!), toLogNumber(column.cells[tail]!)],
            ]
          }),
      ),
    ]),
  )
}

function ends(table: MetricTable, column: Column): [number, number] {
  let head = 0
  while (column.cells[head] === missing) head++
  let tail = table.rows - 1
  while (column.cells[tail] === missing) tail--
  return [head, tail]
}

/** Times are seconds since 1970: their difference has noise far below the millisecond that loggers write. */
const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000

function firstStep(table: MetricTable): number | undefined {
  return table.rows > 0 ? table.steps[0] : undefined
}

function lastStep(table: MetricTable): number | undefined {
  return table.rows > 0 ? table.steps[table.rows - 1] : undefined
}
