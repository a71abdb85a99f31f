import { Film, Gauge, Rows3, Terminal } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { routeToBenchmark } from '../benchmark/routeToBenchmark.ts'
import { isLive, lookOfProcess, stateOfProcess, useProcesses } from '../train/processes/processStore.ts'
import { routeToVideos } from '../videos/routeToVideos.ts'
import { isOpen, stateOfRun } from '../workspace/runState.ts'
import css from './EvaluatePage.module.css'
import { isEvaluationOf, outcomes, type Outcome } from './outcomes.ts'

/** Evaluations that run, wait or are over, with what can be done with their frames. */
export function OutcomesPanel({ experiment }: { experiment: string | undefined }) {
  const { t } = useTranslation('evaluate')
  const workspace = useWorkspace()
  const { processes } = useProcesses()
  const rows = useMemo(
    () =>
      outcomes(
        [...processes.values()].filter((process) => process.workspace === workspace.root),
        workspace.data?.evaluationRuns ?? [],
        (stem) => experiment !== undefined && isEvaluationOf(stem, experiment),
      ),
    [processes, workspace.root, workspace.data, experiment],
  )
  useRescanAfterEnd(rows, () => void workspace.refetch())
  const columns = useColumns()
  const fresh = rows.flatMap(({ process, run }) =>
    run && isOpen(run) && !(process && isLive(process)) ? [run.path] : [],
  )
  return (
    <Panel
      title={t('outcomes.title')}
      note={t('outcomes.note')}
      actions={
        fresh.length > 0 && (
          <Button size="small" icon={Gauge} onClick={() => goTo(routeToBenchmark(fresh))}>
            {t('outcomes.benchmarkNew', { count: fresh.length })}
          </Button>
        )
      }
      flush
    >
      <DataTable
        label={t('outcomes.title')}
        rows={rows}
        columns={columns}
        rowKey={({ key }) => key}
        empty={<Empty>{t('outcomes.empty')}</Empty>}
        fill
      />
    </Panel>
  )
}

/** Looks for new folders when an evaluation has ended. */
function useRescanAfterEnd(rows: readonly Outcome[], rescan: () => void): void {
  const ended = rows.filter(({ process }) => process && !isLive(process)).length
  useEffect(() => {
    if (ended > 0) rescan()
    // Only the number of ended processes asks for another look.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ended])
}

function useColumns(): Column<Outcome>[] {
  const { t } = useTranslation(['evaluate', 'train', 'workspace'])
  const { data: results } = useEngineQuery('runs.list', {})
  return useMemo(
    () => [
      {
        id: 'name',
        title: t('outcomes.name'),
        sortBy: ({ stem }) => stem,
        cell: ({ stem }) => <strong className={css.name}>{stem}</strong>,
      },
      {
        id: 'when',
        title: t('outcomes.when'),
        sortBy: ({ at }) => at,
        firstOrder: 'descending',
        cell: ({ at }) => <Moment at={at} />,
      },
      {
        id: 'state',
        title: t('outcomes.state'),
        cell: (row) => <OutcomeStatus {...row} />,
      },
      {
        id: 'frames',
        title: t('outcomes.frames'),
        cell: ({ run }) =>
          run && (
            <span title={run.maps.map(({ map, frames }) => `${map} ${frames}`).join('\n')}>
              {t('outcomes.framesOf', {
                frames: formatCount(run.maps.reduce((sum, { frames }) => sum + frames, 0)),
                maps: run.maps.map(({ map }) => map).join(', '),
              })}
            </span>
          ),
      },
      {
        id: 'actions',
        title: <span className="visuallyHidden">{t('outcomes.actions')}</span>,
        width: 120,
        cell: ({ process, run }) => {
          const result = results?.find(
            ({ experiment, timestamp }) => experiment === run?.experiment && timestamp === run.timestamp,
          )
          return (
            <span className={css.rowActions}>
              {process && (
                <IconButton
                  icon={Terminal}
                  label={t('outcomes.process')}
                  onClick={() => goTo(`/train/processes/${process.id}`)}
                />
              )}
              {result && (
                <IconButton
                  icon={Rows3}
                  label={t('workspace:runs.results')}
                  onClick={() => goTo(`/runs/${result.id}`)}
                />
              )}
              {run && (
                <>
                  <IconButton
                    icon={Gauge}
                    label={t('workspace:runs.benchmark')}
                    disabledReason={
                      stateOfRun(run).state === 'no-truth' ? t('workspace:runs.noTruth') : undefined
                    }
                    onClick={() => goTo(routeToBenchmark([run.path]))}
                  />
                  <IconButton
                    icon={Film}
                    label={t('workspace:runs.video')}
                    onClick={() =>
                      goTo(routeToVideos(run.maps[0]?.predictionDir ?? run.path, run.maps[0]?.referenceDir))
                    }
                  />
                </>
              )}
            </span>
          )
        },
      },
    ],
    [t, results],
  )
}

/** What became of an evaluation: its process first, then whether its frames were measured. */
function OutcomeStatus({ process, run }: Outcome) {
  const { t } = useTranslation(['evaluate', 'train', 'workspace'])
  if (process && (isLive(process) || process.reason?.kind !== 'finished'))
    return <Status look={lookOfProcess(process)}>{t(`train:state.${stateOfProcess(process)}`)}</Status>
  if (!run) return <Status look="ok">{t('train:state.finished')}</Status>
  const { state, done, total } = stateOfRun(run)
  if (state === 'done') return <Status look="ok">{t('workspace:runs.done')}</Status>
  if (state === 'partly') return <Status look="waiting">{t('workspace:runs.partly', { done, total })}</Status>
  if (state === 'new') return <Status look="waiting">{t('workspace:runs.isNew')}</Status>
  return <Status look="warning">{t('workspace:runs.noTruth')}</Status>
}
