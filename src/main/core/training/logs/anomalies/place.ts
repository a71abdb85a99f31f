import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import type { MetricTable } from '../metricTable.ts'

/** Where a row stands, as data. */
export function positionOf(table: MetricTable, row: number): Pick<LogAnomaly, 'line' | 'step'> {
  const step = table.steps[row]!
  return { line: table.lines[row]!, ...(Number.isNaN(step) ? {} : { step }) }
}

/** Where a row stands, in a sentence. */
export function place(table: MetricTable, row: number): string {
  const step = table.steps[row]!
  return Number.isNaN(step) ? `in line ${table.lines[row]}` : `at step ${step}`
}

/** A number for a sentence: four digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)))
