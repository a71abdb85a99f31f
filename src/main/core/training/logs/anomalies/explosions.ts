import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import { missing, type Column, type MetricTable } from '../metricTable.ts'
import { median } from '../pace.ts'
import { place, positionOf, short } from './place.ts'

/**
 * The reference is the median of the 50 values before (at least 20, refreshed every 10). The loss has exploded where
 * the median of the next 5 values (3 at the very end) exceeds the reference by more than
 * max(2 * |reference|, 10 * 1.4826 * MAD), MAD being the median distance of those 50 values from the reference.
 * Single spikes pass; a loss that jumps and does not fall back at once does not.
 */
const rule = { window: 50, least: 20, refresh: 10, ahead: 5, leastAhead: 3, times: 2, deviations: 10 }
/** Of more than these the greatest are told. */
const mostTold = 20

type Explosion = { row: number; from: number; to: number }

/** Where the loss of a log jumped, in file order. */
export function explosions(table: MetricTable, column: Column): LogAnomaly[] {
  const key = column.name
  return findExplosions(table, column)
    .toSorted((a, b) => b.to - a.to)
    .slice(0, mostTold)
    .toSorted((a, b) => a.row - b.row)
    .map(({ row, from, to }) => ({
      code: 'loss-explosion',
      severity: 'error',
      message: `${key} jumps from about ${short(from)} to ${short(to)} ${place(table, row)} and does not fall back at once`,
      key,
      values: { key, from: short(from), to: short(to) },
      ...positionOf(table, row),
    }))
}

function findExplosions(table: MetricTable, column: Column): Explosion[] {
  const rows = new Uint32Array(table.rows)
  const cells = new Float64Array(table.rows)
  let count = 0
  for (let row = 0; row < table.rows; row++) {
    const value = column.cells[row]!
    if (value === missing || Number.isNaN(value)) continue
    rows[count] = row
    cells[count++] = value
  }
  const values = cells.subarray(0, count)
  const found: Explosion[] = []
  let before = values.subarray(0, 0)
  let reference = NaN
  let leastLimit = Infinity
  /** Of the present reference; worked out only where a value comes near, which is hardly ever. */
  let limit: number | undefined
  let isHigh = false
  for (let index = rule.least; index + rule.leastAhead <= values.length; index++) {
    if (!isHigh && index % rule.refresh === 0) {
      const first = Math.max(0, index - rule.window)
      if (isQuiet(values, first, index)) {
        index += rule.refresh - 1
        continue
      }
      before = values.subarray(first, index)
      reference = median(before)
      leastLimit = reference + Math.max(rule.times * Math.abs(reference), Number.EPSILON)
      limit = undefined
    }
    if (!isHigh && !(values[index]! > leastLimit)) continue
    limit ??= Math.max(leastLimit, reference + rule.deviations * spreadAround(reference, before))
    const isAbove = values[index]! > limit
    if (isAbove === isHigh) continue
    const ahead = median(values.subarray(index, index + rule.ahead))
    if (isAbove && ahead > limit) {
      isHigh = true
      found.push({ row: rows[index]!, from: reference, to: ahead })
    } else if (!isAbove && ahead <= limit) isHigh = false
  }
  return found
}

/**
 * Whether none of the values from `index` to the next refreshing can exceed the least limit: half of those before, and so
 * their median, are at least the share of it that keeps below. Counting them is several times faster than finding the
 * median.
 */
function isQuiet(values: Float64Array, first: number, index: number): boolean {
  const end = Math.min(values.length, index + rule.refresh)
  let greatest = -Infinity
  for (let at = index; at < end; at++) if (values[at]! > greatest) greatest = values[at]!
  if (greatest <= 0) return true
  // A little more than that share, so that rounding cannot hide a value.
  const share = (greatest / (1 + rule.times)) * (1 + 1e-9)
  let below = 0
  for (let at = first; at < index; at++) if (values[at]! < share) below++
  return below <= (index - first - 1) >> 1
}

/** The median distance from `middle`, scaled to the standard deviation of a normal distribution. */
const spreadAround = (middle: number, values: Float64Array): number =>
  1.4826 * median(values.map((value) => Math.abs(value - middle)))
