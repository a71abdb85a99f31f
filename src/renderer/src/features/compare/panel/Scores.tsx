import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMetricWords } from '../../../i18n/metricTitle.ts'
import { goodness, viridis } from '../../../ui/colorMaps.ts'
import { formatExact, formatNumber } from '../../../ui/format.ts'
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { colorOfRun, stateAt, valueAt, type ComparedRun, type OpenComparison } from '../comparison.ts'
import { extentOf, rankAt } from '../playback/dips.ts'
import css from './PairPanel.module.css'

/** Every metric of the frame in every run; a dot in score colours says how good that is among all frames. */
export function Scores({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  return (
    <table className={css.scores} data-many={data.runs.length > 2 || undefined}>
      <thead>
        <tr>
          <th aria-label={t('timeline.choose')} />
          {data.runs.map((run) => (
            <th key={run.id} title={run.label} translate="no">
              <i style={{ background: colorOfRun(data, run) }} aria-hidden />
              {run.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.metrics.map((metric) => (
          <Row key={metric.id} metric={metric} data={data} position={position} />
        ))}
      </tbody>
      {data.runs.some((run) => stateAt(run, position) !== 'ok') && (
        <tfoot>
          <tr>
            <th />
            {data.runs.map((run) => (
              <td key={run.id} className={css.why} data-state={stateAt(run, position)}>
                <Why run={run} position={position} />
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  )
}

function Row({ metric, data, position }: { metric: MetricInfo; data: OpenComparison; position: number }) {
  const { titleOf, unitOf } = useMetricWords()
  const { id, direction } = metric
  const extent = useMemo(
    () => extentOf(data.runs.flatMap(({ columns }) => columns.get(id) ?? [])),
    [data, id],
  )
  const values = data.runs.map((run) => valueAt(run, id, position))
  const known = values.filter((value) => value !== undefined)
  const best = direction === 'higher' ? Math.max(...known) : Math.min(...known)
  return (
    <tr>
      <th scope="row">
        {titleOf(metric)}
        <small>
          {direction === 'higher' ? '↑' : '↓'} {unitOf(metric)}
        </small>
      </th>
      {data.runs.map((run, at) => (
        <Cell
          key={run.id}
          metric={metric}
          run={run}
          position={position}
          extent={extent}
          isBest={known.length > 1 && values[at] === best}
        />
      ))}
    </tr>
  )
}

function Cell(props: {
  metric: MetricInfo
  run: ComparedRun
  position: number
  extent: { min: number; max: number } | undefined
  isBest: boolean
}) {
  const { metric, run, position, extent, isBest } = props
  const { t } = useTranslation('compare')
  const value = valueAt(run, metric.id, position)
  if (value === undefined) return <td className={css.none}>{'·'}</td>
  const share =
    extent && Number.isFinite(value) ? goodness(value, extent.min, extent.max, metric.direction) : 1
  const rank = rankAt(run.columns.get(metric.id)!, metric.direction, position)
  const about = rank && `${t('panel.rank', { rank: rank.rank, of: rank.of })}. ${t('panel.rankHint')}`
  return (
    <td
      title={[formatExact(value), about].filter((line) => line !== undefined).join('\n')}
      data-best={isBest || undefined}
    >
      <i style={{ background: viridis(0.06 + 0.94 * share) }} aria-hidden />
      <b>{formatNumber(value)}</b>
    </td>
  )
}

/** Why a run has no score of the frame; nothing where it has. */
function Why({ run, position }: { run: ComparedRun; position: number }) {
  const { t } = useTranslation('compare')
  switch (stateAt(run, position)) {
    case 'failed':
      return t('panel.failed', { reason: run.failures.get(position) ?? '' })
    case 'missing':
      return t('panel.missing')
    case 'unmeasured':
      return t('panel.unmeasured')
    case 'ok':
      return null
  }
}
