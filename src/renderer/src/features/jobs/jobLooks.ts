/** How the states of a job look. */
import type { Job } from '../../../../shared/contract/jobs.ts'
import type { StatusLook } from '../../ui/Status.tsx'

export const jobLooks: Record<Job['status'], StatusLook> = {
  queued: 'waiting',
  running: 'running',
  done: 'ok',
  failed: 'failed',
  cancelled: 'off',
  interrupted: 'warning',
}

/** Whether a job still has something to do. */
export const isJobLive = ({ status }: Job): boolean => status === 'running' || status === 'queued'
