import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FrameTable, RunReport } from '../../../../shared/contract/runs.ts'
import { metricCatalog, type MetricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { distribution, type Distribution } from '../../ui/bins.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
import { Button } from '../../ui/Button.tsx'
import { formatNumber } from '../../ui/format.ts'
import { Histogram } from '../../ui/Histogram.tsx'
import { Select } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty, Skeleton } from '../../ui/states.tsx'
import { FrameStrip } from './FrameStrip.tsx'
import css from './RunPage.module.css'
import { MetricTitle } from './scoreColumns.tsx'
import { orderedFrames } from './scores.ts'

type Plot = { metric: MetricInfo; data: Distribution }
type Chosen = { metric?: string; bin?: number; first: 'worst' | 'best' }

/** How each per-frame metric is spread, and the frames behind any part of it. */
export function Distributions({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  const query = useEngineQuery(
    'runs.frames',
    { runId: run.id },
    { staleTime: run.status === 'done' ? Infinity : 5000 },
  )
  return (
    <Answer
      query={query}
      skeleton={
        <Panel title={t('run.distributions')}>
          <Skeleton lines={5} height="240px" />
        </Panel>
      }
    >
      {(table) => <Plots run={run} table={table} />}
    </Answer>
  )
}

function Plots({ run, table }: { run: RunReport; table: FrameTable }) {
  const { t } = useTranslation('runs')
  const { titleOf, unitOf } = useMetricWords()
  const [chosen, setChosen] = useState<Chosen>({ first: 'worst' })
  const plots = useMemo(
    () =>
      metricCatalog.flatMap((metric): Plot[] => {
        const values = (table.metrics[metric.id] ?? []).flatMap((value) =>
          value === null ? [] : [Number(value)],
        )
        const data = distribution(values)
        return data ? [{ metric, data }] : []
      }),
    [table],
  )
  const plot = plots.find(({ metric }) => metric.id === chosen.metric) ?? plots[0]
  if (!plot)
    return (
      <Panel title={t('run.distributions')}>
        <Empty>{t('run.notPerFrame')}</Empty>
      </Panel>
    )
  const choose = (metric: string, bin: number | undefined) => setChosen((old) => ({ ...old, metric, bin }))
  return (
    <>
      <Panel title={t('run.distributions')} note={t('run.distributionsNote')} flush>
        <div className={css.grid}>
          {plots.map(({ metric, data }) => (
            <div key={metric.id} className={css.plot} data-chosen={metric.id === plot.metric.id || undefined}>
              <button
                type="button"
                className={css.plotHead}
                title={titleOf(metric)}
                onClick={() => choose(metric.id, undefined)}
              >
                <MetricTitle metric={metric} />
                <span title={t('run.median', { value: formatNumber(data.median) })}>
                  {formatNumber(data.mean)}
                </span>
              </button>
              <Histogram
                data={data}
                direction={metric.direction}
                unit={unitOf(metric)}
                label={`${titleOf(metric)}: ${t('run.mean', { value: formatNumber(data.mean) })}, ${t('run.median', { value: formatNumber(data.median) })}`}
                selected={metric.id === plot.metric.id ? chosen.bin : undefined}
                onSelect={(bin) => choose(metric.id, bin)}
                height={46}
              />
            </div>
          ))}
        </div>
      </Panel>
      <Frames run={run} table={table} plots={plots} plot={plot} chosen={chosen} onChange={setChosen} />
    </>
  )
}

function Frames(props: {
  run: RunReport
  table: FrameTable
  plots: readonly Plot[]
  plot: Plot
  chosen: Chosen
  onChange(chosen: Chosen): void
}) {
  const { run, table, plots, plot, chosen, onChange } = props
  const { t } = useTranslation('runs')
  const { titleOf } = useMetricWords()
  const { metric, data } = plot
  const frames = useMemo(() => {
    const range =
      chosen.bin === undefined
        ? undefined
        : { from: data.edges[chosen.bin], below: data.edges[chosen.bin + 1] }
    return orderedFrames(table, metric, chosen.first, range)
  }, [table, metric, data, chosen.bin, chosen.first])
  return (
    <Panel
      title={t('run.frames')}
      note={chosen.bin === undefined ? undefined : t('run.framesInBin', { count: frames.length })}
      actions={
        <div className={css.frameControls}>
          {chosen.bin !== undefined && (
            <Button size="small" look="quiet" onClick={() => onChange({ ...chosen, bin: undefined })}>
              {t('run.clearBin')}
            </Button>
          )}
          <SegmentedControl
            aria-label={t('run.order')}
            value={chosen.first}
            onChange={(first) => onChange({ ...chosen, first: first === 'best' ? 'best' : 'worst' })}
            data={[
              { value: 'worst', label: t('run.worst') },
              { value: 'best', label: t('run.best') },
            ]}
          />
          {t('run.by')}
          <div className={css.metricSelect}>
            <Select
              aria-label={t('run.sortedBy')}
              value={metric.id}
              options={plots.map((one) => ({ value: one.metric.id, label: titleOf(one.metric) }))}
              onChange={(id) => onChange({ ...chosen, metric: id, bin: undefined })}
            />
          </div>
        </div>
      }
      flush
    >
      <FrameStrip
        key={`${metric.id} ${chosen.first} ${chosen.bin ?? ''}`}
        run={run}
        frames={frames}
        metric={metric}
        data={data}
      />
    </Panel>
  )
}
