import { Gauge } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import type { Job } from '../../../../shared/contract/jobs.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useJobs } from '../../app/jobs.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { Button } from '../../ui/Button.tsx'
import { formatDuration } from '../../ui/format.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { Empty, Failed, Skeleton } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { useRemovals } from '../../ui/toasts.ts'
import { JobDetail } from './JobDetail.tsx'
import { isJobLive, jobLooks } from './jobLooks.ts'
import css from './JobsPage.module.css'

/** Everything that takes time: a list, and the chosen job in full. */
export function JobsPage() {
  const { t } = useTranslation('jobs')
  const { id } = useParams<{ id?: string }>()
  const { jobs, isLoaded, error } = useJobs()
  const removed = useRemovals(({ keys }) => keys)
  const sorted = useMemo(
    () =>
      [...jobs.values()]
        .filter((job) => !removed.has(`job:${job.id}`))
        .sort((a, b) => Number(isJobLive(b)) - Number(isJobLive(a)) || b.createdAt - a.createdAt),
    [jobs, removed],
  )
  const chosen = id === undefined ? sorted[0] : jobs.get(id)
  return (
    <Page title={t('title')} fill>
      {error !== undefined && !isLoaded ? (
        <Failed error={error} />
      ) : isLoaded && sorted.length === 0 ? (
        <Empty
          action={
            <Button icon={Gauge} look="primary" onClick={() => goTo('/benchmark')}>
              {t('begin')}
            </Button>
          }
        >
          {t('empty')}
        </Empty>
      ) : (
        <div className={css.columns}>
          <Panel flush className={css.list}>
            {isLoaded ? <List jobs={sorted} chosenId={chosen?.id} /> : <Skeleton />}
          </Panel>
          <div className={css.detail}>
            {chosen ? (
              <JobDetail key={chosen.id} job={chosen} />
            ) : isLoaded ? (
              <Empty>{id === undefined ? t('choose') : t('gone')}</Empty>
            ) : (
              <Skeleton />
            )}
          </div>
        </div>
      )}
    </Page>
  )
}

function List({ jobs, chosenId }: { jobs: readonly Job[]; chosenId: string | undefined }) {
  const { t } = useTranslation('jobs')
  const groups = [
    { title: t('groups.live'), jobs: jobs.filter(isJobLive) },
    { title: t('groups.over'), jobs: jobs.filter((job) => !isJobLive(job)) },
  ]
  return (
    <div className={css.scroller}>
      {groups
        .filter((group) => group.jobs.length > 0)
        .map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h2 className={css.groupTitle}>{group.title}</h2>
            <ul>
              {group.jobs.map((job) => (
                <li key={job.id}>
                  <Entry job={job} isChosen={job.id === chosenId} />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  )
}

function Entry({ job, isChosen }: { job: Job; isChosen: boolean }) {
  const { t } = useTranslation()
  const title = useSentence()(job.title)
  const { progress, startedAt, finishedAt } = job
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined
  return (
    <Link href={`/jobs/${job.id}`} className={css.entry} aria-current={isChosen ? 'true' : undefined}>
      <Status look={jobLooks[job.status]} label={t(`jobStatus.${job.status}`)} />
      <span className={css.title} title={title}>
        {title}
      </span>
      {job.status === 'running' ? (
        <ProgressBar className={css.bar} value={share} label={title} />
      ) : (
        <span className={css.when}>
          <Moment at={finishedAt ?? job.createdAt} />
          {startedAt !== undefined &&
            finishedAt !== undefined &&
            ` · ${formatDuration((finishedAt - startedAt) / 1000)}`}
        </span>
      )}
    </Link>
  )
}
