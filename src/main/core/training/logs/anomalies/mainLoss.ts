import type { Column, MetricTable } from '../metricTable.ts'
import type { ParsedLog } from '../readLog.ts'

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
