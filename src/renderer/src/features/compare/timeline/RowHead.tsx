import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../../i18n/metricTitle.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { formatNumber } from '../../../ui/format.ts'
import { colorOfRun, valueAt, type OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import { useCalmPosition } from '../useCalmPosition.ts'
import css from './Timelines.module.css'

/** Which metric a row shows, and its value of each run on the present frame. */
export function RowHead(props: {
  metric: MetricInfo
  data: OpenComparison
  isFirst: boolean
  canRemove: boolean
  canAdd: MetricInfo | undefined
}) {
  const { metric, data, isFirst, canRemove, canAdd } = props
  const { t } = useTranslation('compare')
  const { titleOf } = useMetricWords()
  const metrics = useCompare((state) => state.metrics)
  const position = useCalmPosition()
  const choose = (id: string) =>
    useCompare.setState({
      metrics: metrics.map((one) => (one === metric.id ? id : one === id ? metric.id : one)),
    })
  return (
    <div className={css.head}>
      <div className={css.title}>
        <select
          className={css.metric}
          aria-label={t('timeline.choose')}
          value={metric.id}
          onChange={(event) => choose(event.currentTarget.value)}
          data-first={isFirst || undefined}
        >
          {data.metrics.map((one) => (
            <option key={one.id} value={one.id}>
              {titleOf(one)}
            </option>
          ))}
        </select>
        <span className={css.arrow} aria-hidden>
          {metric.direction === 'higher' ? '↑' : '↓'}
        </span>
        <span className={css.tools}>
          {canAdd && metrics.length < 4 && (
            <IconButton
              icon={Plus}
              size={12}
              label={t('timeline.add')}
              onClick={() => useCompare.setState({ metrics: [...metrics, canAdd.id] })}
            />
          )}
          {canRemove && (
            <IconButton
              icon={X}
              size={12}
              label={t('timeline.remove')}
              onClick={() => useCompare.setState({ metrics: metrics.filter((id) => id !== metric.id) })}
            />
          )}
        </span>
      </div>
      <ul className={css.values}>
        {data.runs.map((run) => {
          const value = valueAt(run, metric.id, position)
          return (
            <li key={run.id}>
              <i style={{ background: colorOfRun(data, run) }} aria-hidden />
              <span translate="no" title={run.label}>
                {run.label}
              </span>
              <b>{value === undefined ? '·' : formatNumber(value)}</b>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
