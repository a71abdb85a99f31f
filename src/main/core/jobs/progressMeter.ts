import type { Progress } from '../../../shared/contract/jobs.ts'

const windowMs = 8000

/** What a running job says of itself; rate and time left are worked out here. */
export type ProgressReport = Pick<Progress, 'stage' | 'done' | 'total' | 'unit' | 'stages'>

/**
 * Works out rate and time left over the last seconds, so that a slow start or a cached stretch does not spoil the
 * estimate for good. A new stage starts a new measurement.
 */
export function createProgressMeter(now: () => number = Date.now): (report: ProgressReport) => Progress {
  let stage = ''
  let samples: { at: number; done: number }[] = []
  return (report) => {
    const at = now()
    const last = samples.at(-1)
    if (report.stage !== stage || (last && report.done < last.done)) samples = []
    stage = report.stage
    samples.push({ at, done: report.done })
    while (samples.length > 2 && samples[1].at <= at - windowMs) samples.shift()
    const elapsedSeconds = (at - samples[0].at) / 1000
    const done = report.done - samples[0].done
    if (elapsedSeconds < 0.25 || done <= 0) return { ...report }
    const ratePerSecond = done / elapsedSeconds
    if (report.total <= 0) return { ...report, ratePerSecond }
    return { ...report, ratePerSecond, secondsLeft: Math.max(0, report.total - report.done) / ratePerSecond }
  }
}
