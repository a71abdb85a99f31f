import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import type { SlurmSubmission } from '../../../../shared/contract/training.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { useRemovals } from '../../ui/toasts.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import css from './processes/processes.module.css'
import { SlurmDetail } from './slurm/SlurmDetail.tsx'
import { stateOfSubmission } from './slurm/slurmState.ts'
import { TrainTabs } from './TrainTabs.tsx'

/** Slurm is asked this often while something is not over; it dislikes being asked more. */
const liveMs = 5000
const calmMs = 60_000

/** What was handed to Slurm: a list, and the chosen job with its tasks and their output. */
export function SlurmPage() {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { id } = useParams<{ id?: string }>()
  const removed = useRemovals(({ keys }) => keys)
  const slurm = useEngineQuery('slurm.available', {}, { staleTime: calmMs })
  const list = useEngineQuery(
    'slurm.list',
    { workspace: root ?? '' },
    {
      enabled: root !== undefined,
      refetchInterval: ({ state }) =>
        state.data?.jobs.some(({ isOver, isForgotten }) => !isOver && !isForgotten) ? liveMs : calmMs,
    },
  )
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  return (
    <Page title={t('title')} about={<TrainTabs />} fill>
      <Answer query={list}>
        {({ jobs: all, problem }) => {
          const jobs = all.filter(({ jobId }) => !removed.has(`slurm:${jobId}`))
          const chosen = jobs.find(({ jobId }) => jobId === id) ?? jobs[0]
          if (!chosen)
            return (
              <Empty
                note={slurm.data?.available === false ? slurm.data.reason : t('slurm.emptyNote')}
                action={<Button onClick={() => goTo('/train')}>{t('processes.new')}</Button>}
              >
                {t('slurm.empty')}
              </Empty>
            )
          return (
            <>
              {problem !== undefined && <Notice look="warning">{t('slurm.problem', { problem })}</Notice>}
              <div className={css.columns}>
                <Panel flush className={css.list}>
                  <ul className={css.scroller} aria-label={t('slurm.list')}>
                    {jobs.map((job) => (
                      <li key={job.jobId}>
                        <Entry job={job} isChosen={job === chosen} />
                      </li>
                    ))}
                  </ul>
                </Panel>
                <div className={css.detail}>
                  <SlurmDetail key={chosen.jobId} job={chosen} />
                </div>
              </div>
            </>
          )
        }}
      </Answer>
    </Page>
  )
}

function Entry({ job, isChosen }: { job: SlurmSubmission; isChosen: boolean }) {
  const { t } = useTranslation('train')
  const { state, look } = stateOfSubmission(job)
  return (
    <Link
      href={`/train/slurm/${job.jobId}`}
      className={css.entry}
      aria-current={isChosen ? 'true' : undefined}
    >
      <Status look={look} label={state || t('slurm.forgotten')} />
      <span className={css.title}>{job.name}</span>
      <span className={css.when}>
        {job.jobId} · {state || t('slurm.forgotten')} · <Moment at={job.submittedAt} />
      </span>
    </Link>
  )
}
