import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import type { MetricTable } from '../metricTable.ts'
import { place, positionOf } from './place.ts'

/** Keys with values that are NaN or infinite: how many, and where the first stands. */
export function nonFinite(table: MetricTable): LogAnomaly[] {
  return table.columns.flatMap((column): LogAnomaly[] => {
    let count = 0
    let first = -1
    for (let row = 0; row < table.rows; row++) {
      if (Number.isFinite(column.cells[row])) continue
      if (first < 0) first = row
      count++
    }
    if (first < 0) return []
    const key = column.name
    const value = String(column.cells[first])
    const message =
      count === 1
        ? `${key} is ${value} ${place(table, first)}`
        : `${key} is ${value} ${count} times, first ${place(table, first)}`
    const values = { key, value, count }
    return [{ code: 'non-finite', severity: 'error', message, key, values, ...positionOf(table, first) }]
  })
}
