/** Where the result of a job can be seen. */
import type { Job } from '../../../../shared/contract/jobs.ts'

export type JobLink = { kind: 'run' | 'videos' | 'workspace' | 'system'; route: string; root?: string }

/** Links to what a job made, by the shape of its result; none while it has made nothing that has a page. */
export function linksOfJob(job: Pick<Job, 'result'>): JobLink[] {
  const result = (job.result ?? {}) as {
    runIds?: string[]
    clips?: unknown[]
    root?: string
    installed?: string[]
    model?: unknown
    checks?: unknown[]
  }
  const [firstRun] = result.runIds ?? []
  return [
    // The page of a run shows the other maps beside it.
    ...(firstRun === undefined ? [] : [{ kind: 'run' as const, route: `/runs/${firstRun}` }]),
    ...(result.clips === undefined ? [] : [{ kind: 'videos' as const, route: '/videos' }]),
    ...(result.root === undefined ? [] : [{ kind: 'workspace' as const, route: '/', root: result.root }]),
    ...(result.installed === undefined && result.model === undefined && result.checks === undefined
      ? []
      : [{ kind: 'system' as const, route: '/system' }]),
  ]
}
