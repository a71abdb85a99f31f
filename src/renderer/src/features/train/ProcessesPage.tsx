import { Play } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import type { TrainingProcess } from '../../../../shared/contract/training.ts'
import { goTo } from '../../app/hashLocation.ts'
import { Button } from '../../ui/Button.tsx'
import { formatDuration } from '../../ui/format.ts'
import { Moment, useNow } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { useRemovals } from '../../ui/toasts.ts'
import { ProcessDetail } from './processes/ProcessDetail.tsx'
import { isLive, lookOfProcess, stateOfProcess, useProcesses } from './processes/processStore.ts'
import css from './processes/processes.module.css'
import { TrainTabs } from './TrainTabs.tsx'

/** Everything that was started: a list, and the chosen process in full. */
export function ProcessesPage() {
  const { t } = useTranslation('train')
  const { id } = useParams<{ id?: string }>()
  const { processes } = useProcesses()
  const removed = useRemovals(({ keys }) => keys)
  const sorted = useMemo(
    () =>
      [...processes.values()]
        .filter((process) => !removed.has(`process:${process.id}`))
        .sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || b.createdAt - a.createdAt),
    [processes, removed],
  )
  const chosen = id === undefined ? sorted[0] : processes.get(id)
  return (
    <Page
      title={t('title')}
      about={<TrainTabs />}
      actions={
        <Button icon={Play} onClick={() => goTo('/train')}>
          {t('processes.new')}
        </Button>
      }
      fill
    >
      {sorted.length === 0 && id === undefined ? (
        <Empty
          note={t('processes.emptyNote')}
          action={
            <Button icon={Play} look="primary" onClick={() => goTo('/train')}>
              {t('processes.new')}
            </Button>
          }
        >
          {t('processes.empty')}
        </Empty>
      ) : (
        <div className={css.columns}>
          <Panel flush className={css.list}>
            <ul className={css.scroller} aria-label={t('processes.list')}>
              {sorted.map((process) => (
                <li key={process.id}>
                  <Entry process={process} isChosen={process.id === chosen?.id} />
                </li>
              ))}
            </ul>
          </Panel>
          <div className={css.detail}>
            {chosen ? <ProcessDetail key={chosen.id} process={chosen} /> : <Skeleton />}
          </div>
        </div>
      )}
    </Page>
  )
}

function Entry({ process, isChosen }: { process: TrainingProcess; isChosen: boolean }) {
  const { t } = useTranslation('train')
  const now = useNow(5000)
  const { id, title, startedAt, endedAt, createdAt, status } = process
  return (
    <Link href={`/train/processes/${id}`} className={css.entry} aria-current={isChosen ? 'true' : undefined}>
      <Status look={lookOfProcess(process)} label={t(`state.${stateOfProcess(process)}`)} />
      <span className={css.title}>{title}</span>
      <span className={css.when}>
        {status === 'ended' ? (
          <>
            {t(`state.${stateOfProcess(process)}`)} · <Moment at={endedAt ?? createdAt} />
          </>
        ) : (
          <>
            {t(`state.${status}`)}
            {startedAt !== null && ` · ${formatDuration((now - startedAt) / 1000)}`}
          </>
        )}
      </span>
    </Link>
  )
}
