import type { jobs as contract } from '../../../shared/contract/jobs.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { Jobs } from './jobs.ts'

/** Answers the `jobs.*` operations. */
export function jobHandlers(jobs: Jobs): Handlers<typeof contract> {
  return {
    'jobs.list': ({ limit }) => jobs.list(limit),
    'jobs.get': ({ jobId }) => jobs.get(jobId),
    'jobs.lines': ({ jobId }) => jobs.lines(jobId),
    'jobs.watch': ({ jobId }, signal) => jobs.watch(jobId, signal),
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'jobs.retry': ({ jobId }) => jobs.retry(jobId),
    'jobs.remove': ({ jobId }) => ({ removed: jobs.remove(jobId) }),
  }
}
