import { ArrowRight, RotateCw, Square, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../../../shared/contract/jobs.ts'
import { AppError, type AppErrorData } from '../../../../shared/errors.ts'
import { engine } from '../../api/connection.ts'
import { useEngineCommand, useEngineQuery, useEngineStream } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { ProgressFacts } from '../../app/JobLine.tsx'
import { useJobs } from '../../app/jobs.ts'
import { openWorkspace } from '../../app/workspace.ts'
import { translateSentence, useSentence } from '../../i18n/sentences/index.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { formatDuration, formatRate } from '../../ui/format.ts'
import { Moment, useNow } from '../../ui/Moment.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { Failed } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { removeWithUndo, toast } from '../../ui/toasts.ts'
import { AskedPanel } from './AskedPanel.tsx'
import { linksOfJob, type JobLink } from './jobLinks.ts'
import css from './JobsPage.module.css'
import { isJobLive, jobLooks } from './jobLooks.ts'

/** One job: how far, how fast, its log, what it made, and what can be done with it. */
export function JobDetail({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const { t: tApp } = useTranslation()
  const title = useSentence()(job.title)
  return (
    <>
      <header className={css.head}>
        <h2 title={title}>{title}</h2>
        <Status look={jobLooks[job.status]}>{tApp(`jobStatus.${job.status}`)}</Status>
        <Actions job={job} />
      </header>
      <Progress job={job} />
      {job.status === 'failed' && job.error && (
        <Failed error={AppError.fromData(job.error as AppErrorData)} isInline />
      )}
      <Links links={linksOfJob(job)} />
      <div className={css.panels}>
        <Log job={job} />
        <div className={css.facts}>
          {job.progress?.stages && Object.keys(job.progress.stages).length > 0 && (
            <Panel title={t('stages')} note={t('stagesNote')}>
              <Stages stages={job.progress.stages} />
            </Panel>
          )}
          <AskedPanel job={job} />
        </div>
      </div>
    </>
  )
}

function Actions({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const { t: tApp } = useTranslation()
  const onError = (error: unknown) =>
    toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
  const cancel = useEngineCommand('jobs.cancel', { onError })
  const retry = useEngineCommand('jobs.retry', { onError })
  const remove = () => {
    goTo('/jobs')
    removeWithUndo({
      key: `job:${job.id}`,
      text: t('removed', { title: translateSentence(job.title) }),
      undoLabel: tApp('actions.undo'),
      perform: async () => {
        await engine().call('jobs.remove', { jobId: job.id })
        useJobs.setState(({ jobs }) => ({ jobs: new Map([...jobs].filter(([id]) => id !== job.id)) }))
      },
      onError,
    })
  }
  return (
    <div className={css.actions}>
      {isJobLive(job) ? (
        <Button
          icon={Square}
          hint={t('cancelHint')}
          isBusy={cancel.isPending}
          onClick={() => cancel.mutate({ jobId: job.id })}
        >
          {t('cancel')}
        </Button>
      ) : (
        <>
          <Button
            icon={RotateCw}
            hint={t(job.status === 'done' ? 'againHint' : 'retryHint')}
            isBusy={retry.isPending}
            onClick={() => retry.mutate({ jobId: job.id })}
          >
            {t(job.status === 'done' ? 'again' : 'retry')}
          </Button>
          <IconButton icon={Trash2} label={t('remove')} onClick={remove} />
        </>
      )}
    </div>
  )
}

function Progress({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const { t: tApp } = useTranslation()
  const { progress, status, createdAt, startedAt, finishedAt } = job
  const isRunning = status === 'running'
  const now = useNow(1000)
  const share =
    status === 'done'
      ? 1
      : progress && progress.total > 0
        ? progress.done / progress.total
        : isRunning
          ? undefined
          : 0
  const state = status === 'done' ? 'done' : status === 'failed' ? 'failed' : isRunning ? 'running' : 'idle'
  const seconds = startedAt === undefined ? undefined : ((finishedAt ?? now) - startedAt) / 1000
  return (
    <div className={css.progress}>
      <ProgressBar value={share} label={translateSentence(job.title)} state={state} />
      <div className={css.progressFacts}>
        {isRunning &&
          (progress ? <ProgressFacts progress={progress} /> : <span>{tApp('progress.starting')}</span>)}
        {!isRunning && (
          <span>
            {finishedAt === undefined ? t('created') : t('finished')} <Moment at={finishedAt ?? createdAt} />
          </span>
        )}
        {seconds !== undefined && (
          <span className={css.took}>
            {t(isRunning ? 'runningFor' : 'took')} {formatDuration(seconds)}
          </span>
        )}
      </div>
    </div>
  )
}

function Links({ links }: { links: readonly JobLink[] }) {
  const { t } = useTranslation('jobs')
  if (links.length === 0) return null
  return (
    <div className={css.links}>
      {links.map(({ kind, route, root }, index) => (
        <Button
          key={route}
          icon={ArrowRight}
          look={index === 0 ? 'primary' : 'default'}
          onClick={() => {
            if (root !== undefined) openWorkspace(root)
            goTo(route)
          }}
        >
          {t(`links.${kind}`)}
        </Button>
      ))}
    </div>
  )
}

function Stages({ stages }: { stages: Record<string, number> }) {
  const { t } = useTranslation('jobs')
  const names: Record<string, string> = t('stageNames', { returnObjects: true })
  const entries = Object.entries(stages).sort(([, a], [, b]) => a - b)
  const most = Math.max(...entries.map(([, rate]) => rate))
  return (
    <ul className={css.stages}>
      {entries.map(([stage, rate]) => (
        <li key={stage}>
          <span>{names[stage] ?? stage}</span>
          <ProgressBar value={rate / most} label={names[stage] ?? stage} state="idle" />
          <span>{formatRate(rate)}/s</span>
        </li>
      ))}
    </ul>
  )
}

type Line = { at: number; text: string }

/** The log, from the beginning and as it grows; stays at the end unless one has scrolled up to read. */
function Log({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const sentence = useSentence()
  const { data } = useEngineQuery('jobs.lines', { jobId: job.id }, { staleTime: 0 })
  const [fresh, setFresh] = useState<Line[]>([])
  const box = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  useEngineStream(
    'jobs.watch',
    { jobId: job.id },
    {
      onEvent: (event) => {
        if (event.type === 'line')
          setFresh((old) => [...old.slice(-5000), { at: Date.now(), text: event.text }])
      },
    },
  )
  // Lines that arrived before the question was answered are in the answer, too.
  const lines = data === undefined ? fresh : [...data, ...fresh.slice(overlap(data, fresh))]
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines.length])
  return (
    <Panel
      title={t('log')}
      actions={
        lines.length > 0 && (
          <CopyButton text={lines.map(({ text }) => text).join('\n')} label={t('copyLog')} />
        )
      }
      flush
      className={css.logPanel}
    >
      <pre
        ref={box}
        className={css.log}
        tabIndex={0}
        aria-label={t('log')}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24
        }}
      >
        {lines.length === 0 ? (
          <span className={css.logEmpty}>{t('logEmpty')}</span>
        ) : (
          lines.map(({ text }, index) => <span key={index}>{`${sentence(text)}\n`}</span>)
        )}
      </pre>
    </Panel>
  )
}

function overlap(known: readonly Line[], fresh: readonly Line[]): number {
  const tail = known.slice(-fresh.length).map(({ text }) => text)
  for (let count = Math.min(tail.length, fresh.length); count > 0; count--) {
    if (fresh.slice(0, count).every(({ text }, index) => text === tail[tail.length - count + index]))
      return count
  }
  return 0
}
