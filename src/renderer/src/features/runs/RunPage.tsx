import { Columns2, Film, Rows3, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import type { RunReport, RunSummary } from '../../../../shared/contract/runs.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { AppError, type AppErrorData } from '../../../../shared/errors.ts'
import { engine } from '../../api/connection.ts'
import { invalidate, useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useTrail } from '../../app/trailStore.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { removeWithUndo, toast, useRemovals } from '../../ui/toasts.ts'
import { routeToVideos } from '../videos/routeToVideos.ts'
import { Distributions } from './Distributions.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { RecipePanels } from './RecipePanels.tsx'
import css from './RunPage.module.css'
import { runLooks } from './runColumns.tsx'
import { useScoreColumns } from './scoreColumns.tsx'
import { siblingsOf } from './scores.ts'
import { SkippedMetrics } from './SkippedMetrics.tsx'

/** One benchmark: its scores beside those of the other maps, how they are spread, the frames behind them, the recipe. */
export function RunPage() {
  const { t } = useTranslation('runs')
  const { id = '' } = useParams<{ id: string }>()
  const query = useEngineQuery('runs.get', { runId: id })
  const run = query.data
  useTrail(run && `${run.label} · ${run.map}`)
  if (query.error)
    return (
      <Page
        title={t('run.loading')}
        actions={
          <Button icon={Rows3} onClick={() => goTo('/runs')}>
            {t('run.all')}
          </Button>
        }
      >
        <Failed error={query.error} retry={() => void query.refetch()} />
      </Page>
    )
  return (
    <Page
      title={run?.experiment || run?.label || t('run.loading')}
      about={run && <About run={run} />}
      actions={run && <Actions run={run} />}
      fill
    >
      {run ? <Results key={run.id} run={run} /> : <Skeleton lines={10} />}
    </Page>
  )
}

function About({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  return (
    <>
      <span translate="no">{run.experiment === '' ? run.map : `${run.timestamp} · ${run.map}`}</span>
      <Status look={runLooks[run.status]}>{t(`status.${run.status}`)}</Status>
      <span>{t('run.pairs', { pairs: formatCount(run.pairs) })}</span>
      <span className={css.faint}>
        {t('run.measured')} <Moment at={run.finishedAt ?? run.createdAt} />
      </span>
    </>
  )
}

function Actions({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  const { t: tApp } = useTranslation()
  const remove = () => {
    goTo('/runs')
    removeWithUndo({
      key: `run:${run.id}`,
      text: t('run.removed', { map: run.map }),
      undoLabel: tApp('actions.undo'),
      perform: async () => {
        await engine().call('runs.remove', { runId: run.id })
        invalidate('runs.list', 'workspaces.open')
      },
      onError: (error) =>
        toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) }),
    })
  }
  return (
    <>
      <Button icon={Columns2} look="primary" onClick={() => goTo(`/compare?run=${run.id}`)}>
        {t('run.compare')}
      </Button>
      <Button icon={Film} onClick={() => goTo(routeToVideos(run.predictionDir, run.referenceDir))}>
        {t('run.video')}
      </Button>
      <ExportMenu runIds={[run.id]} withFrames />
      <CopyButton text={quoteShell(run.command)}>{t('run.copyCommand')}</CopyButton>
      <IconButton icon={Trash2} label={t('run.removeShort')} className={css.remove} onClick={remove} />
    </>
  )
}

function Results({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  const isFinished = run.status === 'done' || run.status === 'running'
  return (
    <div className={css.columns}>
      <div className={css.main}>
        {!isFinished && (
          <Notice look="warning">{t('run.unfinished', { status: t(`status.${run.status}`) })}</Notice>
        )}
        {run.error && <Failed error={AppError.fromData(run.error as AppErrorData)} isInline />}
        <ScoresPerMap run={run} />
        <Distributions run={run} />
      </div>
      <RecipePanels run={run} />
    </div>
  )
}

function ScoresPerMap({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  const { data } = useEngineQuery('runs.list', {})
  const removed = useRemovals(({ keys }) => keys)
  const rows = useMemo(
    () =>
      siblingsOf(
        run,
        (data ?? []).filter(({ id }) => !removed.has(`run:${id}`)),
      ),
    [run, data, removed],
  )
  const scores = useScoreColumns(rows, false)
  const columns: Column<RunSummary>[] = [
    {
      id: 'map',
      title: t('list.map'),
      sortBy: ({ map }) => map,
      cell: ({ map }) => <strong style={{ fontWeight: 500 }}>{map}</strong>,
    },
    {
      id: 'pairs',
      title: t('list.pairs'),
      isNumeric: true,
      sortBy: ({ pairs }) => pairs,
      cell: ({ pairs }) => formatCount(pairs),
    },
    ...scores,
  ]
  return (
    <Panel title={t('run.scores')} note={t('run.scoresNote')} flush>
      <DataTable
        label={t('run.scores')}
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        selectedKey={run.id}
        onSelect={({ id }) => goTo(`/runs/${id}`, { replace: true })}
      />
      <SkippedMetrics runs={rows} />
    </Panel>
  )
}
