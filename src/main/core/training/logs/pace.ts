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

/** The middle value; the mean of the two in the middle of an even number of them. */
export function median(values: ArrayLike<number>): number {
  const sorted = new Float64Array(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
