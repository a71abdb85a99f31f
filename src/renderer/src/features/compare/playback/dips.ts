/** Places worth looking at in a column of scores. A dip is where a score is bad, whatever the metric's direction. */
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'

type Direction = MetricInfo['direction']

/** How bad: larger is worse, NaN where there is no value. */
const badness = (value: number, direction: Direction) => (direction === 'higher' ? -value : value)

/** Values of a column from the best to the worst, as badness; sorted once, for columns do not change. */
const sortedColumns = {
  higher: new WeakMap<object, Float32Array>(),
  lower: new WeakMap<object, Float32Array>(),
}

function sortedBadness(column: Float32Array, direction: Direction): Float32Array {
  const known = sortedColumns[direction].get(column)
  if (known) return known
  const sorted = column.filter((value) => !Number.isNaN(value))
  if (direction === 'higher') for (let at = 0; at < sorted.length; at++) sorted[at] = -sorted[at]
  sorted.sort()
  sortedColumns[direction].set(column, sorted)
  return sorted
}

/** Positions with a value between `from` and `to`, worst or best first; equal ones in order. At most `limit`. */
export function extremes(
  column: Float32Array,
  direction: Direction,
  which: 'worst' | 'best',
  limit: number,
  from = 0,
  to = column.length - 1,
): number[] {
  const sign = (which === 'worst') === (direction === 'higher') ? 1 : -1
  const found: number[] = []
  for (let at = from; at <= to; at++) {
    const value = sign * column[at]
    if (Number.isNaN(value)) continue
    if (found.length === limit && !(value < sign * column[found[limit - 1]])) continue
    // Behind all that are as extreme, so that equal ones stay in order.
    let low = 0
    let high = found.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (sign * column[found[middle]] <= value) low = middle + 1
      else high = middle
    }
    found.splice(low, 0, at)
    if (found.length > limit) found.pop()
  }
  return found
}

/**
 * Local dips: frames that are among the worst quarter of all values and the worst within `reach` frames on both
 * sides, so that one bad stretch counts once. In order of position.
 */
export function dipsOf(column: Float32Array, direction: Direction, reach = 4): number[] {
  const sorted = sortedBadness(column, direction)
  if (sorted.length === 0) return []
  const threshold = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.75))]
  const dips: number[] = []
  for (let at = 0; at < column.length; at++) {
    const here = badness(column[at], direction)
    if (Number.isNaN(here) || here < threshold) continue
    let isWorst = true
    for (
      let other = Math.max(0, at - reach);
      isWorst && other <= Math.min(column.length - 1, at + reach);
      other++
    ) {
      const there = badness(column[other], direction)
      // Of equal neighbours the first is the dip.
      if (other !== at && (there > here || (there === here && other < at))) isWorst = false
    }
    if (isWorst) dips.push(at)
  }
  return dips
}

/** The next dip in a direction, beginning again at the other end; `undefined` when there is none. */
export function nextDip(dips: readonly number[], position: number, direction: 1 | -1): number | undefined {
  if (direction === 1) return dips.find((dip) => dip > position) ?? dips[0]
  return dips.findLast((dip) => dip < position) ?? dips.at(-1)
}

/** 1 for the best of all values; equal values share a rank. `undefined` where there is no value. */
export function rankAt(
  column: Float32Array,
  direction: Direction,
  position: number,
): { rank: number; of: number } | undefined {
  const here = badness(column[position], direction)
  if (Number.isNaN(here)) return undefined
  // Counted, which a long column does faster than it is sorted once.
  let better = 0
  let of = 0
  for (let at = 0; at < column.length; at++) {
    const there = badness(column[at], direction)
    if (there < here) better++
    if (!Number.isNaN(there)) of++
  }
  return { rank: better + 1, of }
}

/** Smallest and largest finite value of columns, for axes and colours; `undefined` without any. */
export function extentOf(columns: readonly Float32Array[]): { min: number; max: number } | undefined {
  let min = Infinity
  let max = -Infinity
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return min <= max ? { min, max } : undefined
}
