/** All jobs, live: one stream for the whole page, read by the job line, the Jobs page and everything that waits. */
import { useEffect } from 'react'
import i18next from 'i18next'
import { create } from 'zustand'
import type { Job, JobEvent } from '../../../shared/contract/jobs.ts'
import { engine, useConnection } from '../api/connection.ts'
import { askEverythingAgain, invalidate, useEngineStream } from '../api/queries.ts'
import { linksOfJob } from '../features/jobs/jobLinks.ts'
import { translateSentence } from '../i18n/sentences/index.ts'
import { formatDuration } from '../ui/format.ts'
import { toast } from '../ui/toasts.ts'
import { goTo } from './hashLocation.ts'
import { showNotice } from './notices.ts'
import { openWorkspace } from './workspace.ts'

export type JobsState = { isLoaded: boolean; jobs: ReadonlyMap<string, Job>; error?: unknown }

export const useJobs = create<JobsState>(() => ({ isLoaded: false, jobs: new Map() }))

const isLive = ({ status }: Job) => status === 'running' || status === 'queued'

/** Jobs under way: running ones first, then those that wait, oldest first. */
export const liveJobs = (jobs: ReadonlyMap<string, Job>): Job[] =>
  [...jobs.values()]
    .filter(isLive)
    .sort(
      (a, b) => Number(b.status === 'running') - Number(a.status === 'running') || a.createdAt - b.createdAt,
    )

/** The state after an event; the same object when nothing changed. */
export function withEvent(jobs: ReadonlyMap<string, Job>, event: JobEvent): ReadonlyMap<string, Job> {
  return event.type === 'job' ? new Map(jobs).set(event.job.id, event.job) : jobs
}

/** Keeps the list of jobs up to date, and tells other pages' questions when a job has changed what they show. */
export function useJobUpdates(): void {
  const generation = useConnection((connection) => connection.generation)
  useEffect(() => {
    if (generation === 0) return
    engine()
      .call('jobs.list', { limit: 500 })
      .then((list) =>
        useJobs.setState({
          isLoaded: true,
          error: undefined,
          jobs: new Map(list.map((job) => [job.id, job])),
        }),
      )
      .catch((error: unknown) => useJobs.setState({ error }))
    // What other pages show may have changed while nothing could be heard.
    if (generation > 1) askEverythingAgain()
  }, [generation])
  useEngineStream(
    'jobs.watch',
    {},
    {
      onEvent: (event) => {
        const before = useJobs.getState().jobs
        useJobs.setState({ jobs: withEvent(before, event) })
        if (event.type === 'job') announceEnd(before.get(event.job.id), event.job)
      },
    },
  )
}

function announceEnd(before: Job | undefined, job: Job): void {
  if (!before || !isLive(before) || isLive(job)) return
  invalidate('runs.', 'workspaces.', 'videos.', 'benchmark.preflight', 'models.', 'system.')
  if (job.status !== 'done' && job.status !== 'failed') return
  const isDone = job.status === 'done'
  const link = isDone ? linksOfJob(job)[0] : undefined
  const route = link?.route ?? `/jobs/${job.id}`
  const text = i18next.t(isDone ? 'notice.jobDone' : 'notice.jobFailed', {
    title: translateSentence(job.title),
  })
  const seconds = ((job.finishedAt ?? Date.now()) - (job.startedAt ?? job.createdAt)) / 1000
  const body = isDone
    ? i18next.t('notice.took', { time: formatDuration(seconds) })
    : job.error && translateSentence(job.error.message)
  showNotice({ title: text, body, route })
  toast({
    look: isDone ? 'ok' : 'failed',
    text,
    action: {
      label: link ? i18next.getFixedT(null, 'jobs')(`links.${link.kind}`) : i18next.t('notice.showJob'),
      perform: () => {
        if (link?.root !== undefined) openWorkspace(link.root)
        goTo(route)
      },
    },
    ...(isDone ? { lastsMs: 10_000 } : {}),
  })
}
