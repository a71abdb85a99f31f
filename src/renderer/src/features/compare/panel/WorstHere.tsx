import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMetricWords } from '../../../i18n/metricTitle.ts'
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { goodness, viridis } from '../../../ui/colorMaps.ts'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import { colorOfRun, type ComparedRun, type OpenComparison } from '../comparison.ts'
import { focusedRun, goToPosition, useCompare } from '../compareStore.ts'
import { extentOf, extremes, rankAt } from '../playback/dips.ts'
import css from './PairPanel.module.css'

const shownWorst = 15
/** Greater numbers of frames do not fit five to a row. */
const longNumbers = 9999

/** The worst frames of one run within what the timeline shows, and which run that is. */
export function WorstHere({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  const { titleOf } = useMetricWords()
  const metricId = useCompare(({ metrics }) => metrics[0])
  const panes = useCompare((state) => state.panes)
  const focus = useCompare((state) => state.focus)
  const metric = data.metrics.find(({ id }) => id === metricId)
  const run = focusedRun({ data, panes, focus })
  const column = metric && run?.columns.get(metric.id)
  if (!metric || !run) return null
  const rank = column && rankAt(column, metric.direction, position)
  return (
    <section className={css.section}>
      <h3>
        {t('panel.worstHere')}
        <small>
          {titleOf(metric)}
          {rank && ` · ${t('panel.rank', { rank: formatCount(rank.rank), of: formatCount(rank.of) })}`}
        </small>
      </h3>
      {data.runs.length > 1 && <Runs data={data} metric={metric} chosen={run} />}
      {column && <WorstList metric={metric} column={column} position={position} />}
    </section>
  )
}

/** Which run the list is about, each with its score over all frames. */
function Runs({ data, metric, chosen }: { data: OpenComparison; metric: MetricInfo; chosen: ComparedRun }) {
  const { t } = useTranslation('compare')
  return (
    <div className={css.runs} role="radiogroup" aria-label={t('panel.worstOf')}>
      {data.runs.map((run) => {
        const whole = run.sets.get(metric.id)
        return (
          <button
            key={run.id}
            type="button"
            role="radio"
            aria-checked={run === chosen}
            onClick={() => useCompare.setState({ focus: run.id })}
            title={run.label}
          >
            <i style={{ background: colorOfRun(data, run) }} aria-hidden />
            <span translate="no">{run.label}</span>
            {whole !== undefined && <small>{t('panel.ofAll', { value: formatNumber(whole) })}</small>}
          </button>
        )
      })}
    </div>
  )
}

function WorstList(props: { metric: MetricInfo; column: Float32Array; position: number }) {
  const { metric, column, position } = props
  const range = useCompare((state) => state.range)
  const [from, to] = [Math.max(0, Math.floor(range.from)), Math.min(column.length, Math.ceil(range.to)) - 1]
  const worst = useMemo(
    () => extremes(column, metric.direction, 'worst', shownWorst, from, to),
    [column, metric, from, to],
  )
  const extent = useMemo(() => extentOf([column]), [column])
  return (
    <ol className={css.worst} data-long={column.length > longNumbers || undefined}>
      {worst.map((at) => (
        <li key={at}>
          <button
            type="button"
            onClick={() => goToPosition(at)}
            aria-current={at === position || undefined}
            title={formatNumber(column[at])}
          >
            <i
              style={{
                background:
                  extent &&
                  viridis(0.06 + 0.94 * goodness(column[at], extent.min, extent.max, metric.direction)),
              }}
              aria-hidden
            />
            {formatCount(at + 1)}
          </button>
        </li>
      ))}
    </ol>
  )
}
