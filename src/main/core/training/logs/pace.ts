/** How fast a log goes: the usual time between its lines, what counts as a stall, and the speed lately. */
import type { MetricTable } from './metricTable.ts'
import type { ParsedLog } from './readLog.ts'

/** A stall: no line for longer than 10 times the median time between lines, and than two minutes. */
const stall = { times: 10, leastSeconds: 120 }
/** The speed is taken from the newest steps; pauses of an hour ago say nothing about the time left. */
const recentSteps = 100

/** The median time between two lines; `null` for logs of fewer than four. */
export function usualGapSeconds(table: MetricTable): number | null {
  const gaps = new Float64Array(table.rows)
  let count = 0
  for (let row = 1; row < table.rows; row++) {
    const gap = table.times[row]! - table.times[row - 1]!
    if (gap >= 0) gaps[count++] = gap
  }
  return count < 3 ? null : median(gaps.subarray(0, count))
}

/** How long nothing may be logged before it is a stall. */
export const stallLimitSeconds = (usualSeconds: number): number =>
  Math.max(stall.leastSeconds, stall.times * usualSeconds)

/**
 * Optimizer steps per second over the newest step lines.
 *
 * @returns `null` for logs without step lines, and where the clock shows no time between them.
 */
export function recentStepsPerSecond({ tables: { step } }: ParsedLog): number | null {
  const last = step.rows - 1
  const first = Math.max(0, last - recentSteps)
  const seconds = (step.times[last] ?? 0) - (step.times[first] ?? 0)
  const steps = (step.steps[last] ?? 0) - (step.steps[first] ?? 0)
  return last > first && seconds > 0 && steps > 0 ? steps / seconds : null
}

/** The middle value; the mean of the two in the middle of an even number of them. NaN is no value. */
export function median(values: ArrayLike<number>): number {
  const sorted = new Float64Array(values)
  const middle = sorted.length >> 1
  const upper = placeInOrder(sorted, middle)
  if (sorted.length % 2 === 1) return upper
  let lower = -Infinity
  for (let at = 0; at < middle; at++) if (sorted[at]! > lower) lower = sorted[at]!
  return (lower + upper) / 2
}

/**
 * Puts the value that belongs at `wanted` in ascending order there, with none greater before it and none smaller after
 * it (Hoare's selection). Many times faster than sorting.
 */
function placeInOrder(values: Float64Array, wanted: number): number {
  let [first, last] = [0, values.length - 1]
  while (first < last) {
    const pivot = middleOf(values[first]!, values[(first + last) >> 1]!, values[last]!)
    let [low, high] = [first, last]
    while (low <= high) {
      while (values[low]! < pivot) low++
      while (values[high]! > pivot) high--
      if (low > high) break
      const value = values[low]!
      values[low++] = values[high]!
      values[high--] = value
    }
    if (wanted <= high) last = high
    else if (wanted >= low) first = low
    else break
  }
  return values[wanted]!
}

const middleOf = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
