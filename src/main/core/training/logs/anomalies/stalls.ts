import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import type { MetricTable } from '../metricTable.ts'
import { median, stallLimitSeconds, usualGapSeconds } from '../pace.ts'
import { positionOf, short } from './place.ts'

/**
 * Five or more stalls are how the run works (data loaders start again with every epoch); then only gaps twice as long
 * as those count.
 */
const regular = 5
/** Of more than these the longest are told. */
const mostTold = 20

/** Where nothing was logged for much longer than a step takes; see `stallLimitSeconds`. */
export function stalls(table: MetricTable): LogAnomaly[] {
  const usual = usualGapSeconds(table)
  if (usual === null) return []
  const limit = stallLimitSeconds(usual)
  const secondsBefore = (row: number) => table.times[row]! - table.times[row - 1]!
  const long: number[] = []
  for (let row = 1; row < table.rows; row++) if (secondsBefore(row) > limit) long.push(row)
  const found: LogAnomaly[] = []
  let told = long
  if (long.length >= regular) {
    const pause = median(long.map(secondsBefore))
    told = long.filter((row) => secondsBefore(row) > 2 * pause)
    const values = { count: long.length - told.length, seconds: Math.round(pause), usual: short(usual) }
    found.push({
      code: 'regular-pauses',
      severity: 'note',
      message: `${values.count} pauses of about ${values.seconds} s, such as between epochs or while saving; a step usually takes ${values.usual} s`,
      values,
      ...positionOf(table, long[0]!),
    })
  }
  const longest = told.toSorted((a, b) => secondsBefore(b) - secondsBefore(a)).slice(0, mostTold)
  for (const row of longest.toSorted((a, b) => a - b)) {
    const values = { seconds: Math.round(secondsBefore(row)), usual: short(usual) }
    found.push({
      code: 'stall',
      severity: 'warning',
      message: `nothing for ${values.seconds} s before this line; a step usually takes ${values.usual} s`,
      values,
      ...positionOf(table, row),
    })
  }
  return found
}
