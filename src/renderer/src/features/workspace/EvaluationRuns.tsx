import { Film, Gauge, Rows3 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { goTo } from '../../app/hashLocation.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { IconButton } from '../../ui/Button.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status, type StatusLook } from '../../ui/Status.tsx'
import { routeToBenchmark } from '../benchmark/routeToBenchmark.ts'
import { routeToVideos } from '../videos/routeToVideos.ts'
import {
  isOpen,
  momentOfName,
  newestFirst,
  stateOfRun,
  type EvaluationRun,
  type RunState,
} from './runState.ts'
import css from './WorkspacePage.module.css'

const looks: Record<RunState['state'], StatusLook> = {
  new: 'waiting',
  partly: 'waiting',
  done: 'ok',
  'no-truth': 'warning',
}

/** The evaluation runs of the workspace, newest first, with what of them is benchmarked. */
export function EvaluationRuns({ runs }: { runs: readonly EvaluationRun[] }) {
  const { t } = useTranslation('workspace')
  const sorted = useMemo(() => newestFirst(runs), [runs])
  const columns = useColumns()
  const openCount = runs.filter(isOpen).length
  return (
    <Panel
      title={t('runs.title')}
      note={
        runs.length === 0
          ? undefined
          : openCount === 0
            ? t('runs.noteDone')
            : t('runs.note', { count: openCount })
      }
      flush
      className={css.runs}
    >
      <DataTable
        label={t('runs.title')}
        rows={sorted}
        columns={columns}
        rowKey={({ path }) => path}
        onOpen={({ path }) => goTo(routeToBenchmark([path]))}
        empty={<Empty>{t('runs.empty')}</Empty>}
        fill
      />
    </Panel>
  )
}

function useColumns(): Column<EvaluationRun>[] {
  const { t } = useTranslation('workspace')
  const { t: tApp } = useTranslation()
  const { data: results } = useEngineQuery('runs.list', {})
  return useMemo(() => {
    const stateWord = ({ state, done, total }: RunState) =>
      state === 'new'
        ? t('runs.isNew')
        : state === 'done'
          ? t('runs.done')
          : state === 'partly'
            ? t('runs.partly', { done, total })
            : t('runs.noTruth')
    return [
      {
        id: 'experiment',
        title: t('runs.experiment'),
        sortBy: ({ experiment }) => experiment,
        cell: ({ experiment }) => (
          <strong style={{ fontWeight: 500 }} title={experiment} translate="no">
            {experiment}
          </strong>
        ),
      },
      {
        id: 'time',
        title: t('runs.time'),
        sortBy: ({ timestamp }) => timestamp,
        firstOrder: 'descending',
        cell: ({ timestamp }) => {
          const at = momentOfName(timestamp)
          return <span title={timestamp}>{at === undefined ? timestamp : <Moment at={at} />}</span>
        },
      },
      { id: 'maps', title: t('runs.maps'), cell: (run) => <MapChips run={run} /> },
      {
        id: 'frames',
        title: t('runs.frames'),
        isNumeric: true,
        sortBy: ({ maps }) => maps.reduce((sum, { frames }) => sum + frames, 0),
        cell: ({ maps }) => formatCount(maps.reduce((sum, { frames }) => sum + frames, 0)),
      },
      {
        id: 'state',
        title: t('runs.state'),
        sortBy: (run) => stateOfRun(run).state,
        cell: (run) => {
          const state = stateOfRun(run)
          return <Status look={looks[state.state]}>{stateWord(state)}</Status>
        },
      },
      {
        id: 'actions',
        title: <span className="visuallyHidden">{tApp('actions.more')}</span>,
        width: 90,
        cell: (run) => {
          const result = results?.find(
            ({ experiment, timestamp }) => experiment === run.experiment && timestamp === run.timestamp,
          )
          return (
            <span className={css.rowActions}>
              {result && (
                <IconButton
                  icon={Rows3}
                  label={t('runs.results')}
                  onClick={() => goTo(`/runs/${result.id}`)}
                />
              )}
              <IconButton
                icon={Gauge}
                label={t('runs.benchmark')}
                disabledReason={stateOfRun(run).state === 'no-truth' ? t('runs.noTruth') : undefined}
                onClick={() => goTo(routeToBenchmark([run.path]))}
              />
              <IconButton
                icon={Film}
                label={t('runs.video')}
                onClick={() =>
                  goTo(routeToVideos(run.maps[0]?.predictionDir ?? run.path, run.maps[0]?.referenceDir))
                }
              />
            </span>
          )
        },
      },
    ]
  }, [t, tApp, results])
}

function MapChips({ run }: { run: EvaluationRun }) {
  const { t } = useTranslation('workspace')
  return (
    <span className={css.chips}>
      {run.maps.map(({ map, frames, referenceDir, benchmarked }) => {
        const state = referenceDir === undefined ? 'no-truth' : benchmarked > 0 ? 'done' : 'new'
        const facts = { map, frames: formatCount(frames) }
        const words =
          state === 'no-truth'
            ? t('runs.noTruthMap', { map })
            : state === 'done'
              ? t('runs.mapDone', facts)
              : t('runs.mapNew', facts)
        return (
          <span key={map} className={css.chip} data-state={state} title={words}>
            {map === '' ? t('runs.wholeFolder') : map}
            <span className="visuallyHidden">{words}</span>
          </span>
        )
      })}
    </span>
  )
}
