import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import { missing, type MetricTable } from '../metricTable.ts'
import { place, positionOf } from './place.ts'

/** Steps that go back or repeat within one process. */
export function stepOrder(table: MetricTable): LogAnomaly[] {
  const lastOf = new Map<number, number>()
  const back: number[] = []
  const repeated: number[] = []
  for (let row = 0; row < table.rows; row++) {
    const pid = table.pids[row]!
    const before = lastOf.get(pid)
    const step = table.steps[row]!
    if (before !== undefined && step < before) back.push(row)
    else if (step === before && !isEndLine(table, row)) repeated.push(row)
    lastOf.set(pid, step)
  }
  return [
    ...told(table, 'steps-backwards', back, 'step numbers go back'),
    ...told(table, 'steps-repeated', repeated, 'a step number repeats'),
  ]
}

/** Several processes that write metric lines into one file. */
export function writers(table: MetricTable): LogAnomaly[] {
  const pids = new Set<number>()
  let last = NaN
  for (let row = 0; row < table.rows; row++) {
    const pid = table.pids[row]!
    if (pid === last || Number.isNaN(pid)) continue
    pids.add(pid)
    last = pid
  }
  if (pids.size < 2) return []
  const values = { count: pids.size, pids: [...pids].slice(0, 5).join(', ') }
  return [
    {
      code: 'several-writers',
      severity: 'warning',
      message: `${values.count} processes write metric lines into this file: ${values.pids}`,
      values,
    },
  ]
}

const isEndLine = (table: MetricTable, row: number) =>
  table.columns.every(
    (column) => (column.name !== 'Loss' && column.name !== 'LR') || column.cells[row] === missing,
  )

function told(
  table: MetricTable,
  code: 'steps-backwards' | 'steps-repeated',
  rows: readonly number[],
  words: string,
): LogAnomaly[] {
  const [first] = rows
  if (first === undefined) return []
  const count = rows.length
  const message = `${words} ${count === 1 ? '' : `${count} times, first `}${place(table, first)}`
  return [{ code, severity: 'warning', message, values: { count }, ...positionOf(table, first) }]
}
