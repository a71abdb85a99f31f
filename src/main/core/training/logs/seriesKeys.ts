import type { SeriesKey } from '../../../../shared/contract/training.ts'
import { hasValues, tableKinds } from './metricTable.ts'
import type { ParsedLog } from './readLog.ts'

/** Keys of the given logs that have values, in order of first appearance. */
export function seriesKeys(logs: readonly ParsedLog[]): SeriesKey[] {
  const found = new Map<string, SeriesKey>()
  for (const { tables } of logs) {
    for (const kind of tableKinds) {
      for (const column of tables[kind].columns) {
        const id = `${kind}:${column.section}:${column.name}`
        if (!found.has(id) && hasValues(tables[kind], column))
          found.set(id, { id, name: column.name, table: kind, section: column.section })
      }
    }
  }
  return [...found.values()]
}
