import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import {
  metricGroups,
  metricsOfGroups,
  type MetricGroup,
  type MetricInfo,
} from '../../../../shared/domain/metricCatalog.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { Check } from '../../ui/Check.tsx'
import { Hint } from '../../ui/Hint.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { metricsOf, shortReason, unavailability, type Unavailable } from './availability.ts'
import { computableGroups, useBenchmarkForm } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'

/** The metrics, in the groups people ask for them, each with its direction and why it cannot be had. */
export function MetricsPanel({ skipped }: { skipped: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('benchmark')
  const { groups } = useBenchmarkForm()
  const { data } = useEngineQuery('models.list', {})
  const reasonFor = (metric: MetricInfo) => unavailability(metric, skipped, data?.models ?? [])
  return (
    <Panel
      title={t('metrics.title')}
      note={t('metrics.note', {
        chosen: metricsOfGroups(groups).length,
        total: metricsOfGroups(computableGroups).length,
      })}
      actions={
        <Check
          isOn={groups.length === computableGroups.length}
          isMixed={groups.length > 0 && groups.length < computableGroups.length}
          onChange={(isOn) => useBenchmarkForm.setState({ groups: isOn ? computableGroups : [] })}
        >
          {t('metrics.all')}
        </Check>
      }
      flush
    >
      {metricGroups.map((group) => (
        <Group key={group} group={group} isOn={groups.includes(group)} reasonFor={reasonFor} />
      ))}
    </Panel>
  )
}

function Group({
  group,
  isOn,
  reasonFor,
}: {
  group: MetricGroup
  isOn: boolean
  reasonFor(metric: MetricInfo): Unavailable | undefined
}) {
  const { t } = useTranslation(['metrics', 'benchmark'])
  const metrics = metricsOf(group)
  const isComputable = computableGroups.includes(group)
  const reasons = new Map(
    metrics.flatMap((metric) => reasonFor(metric) ?? []).map((one) => [one.model?.id ?? one.reason, one]),
  )
  const toggle = (wanted: boolean) =>
    useBenchmarkForm.setState(({ groups }) => ({
      groups: metricGroups.filter((one) => (one === group ? wanted : groups.includes(one))),
    }))
  return (
    <div className={css.group}>
      <Check isOn={isOn} isDisabled={!isComputable} onChange={toggle}>
        <span className={isComputable ? undefined : css.off}>{t(`metrics:group.${group}`)}</span>
      </Check>
      <span className={css.metrics}>
        {metrics.map((metric) => (
          <MetricName key={metric.id} metric={metric} isOff={reasonFor(metric) !== undefined} />
        ))}
      </span>
      {[...reasons].map(([key, { reason, model }]) => (
        <span key={key} className={css.reason}>
          {model?.status === 'missing'
            ? t('benchmark:metrics.needsWeights', { model: model.title })
            : isComputable
              ? shortReason(reason)
              : t('metrics:notYet')}
          {model && <Link href="/system">{t('benchmark:metrics.install')}</Link>}
        </span>
      ))}
    </div>
  )
}

function MetricName({ metric, isOff }: { metric: MetricInfo; isOff: boolean }) {
  const { t } = useTranslation('metrics')
  const Arrow = metric.direction === 'higher' ? ArrowUp : ArrowDown
  const about = t('about', { returnObjects: true })[metric.id] ?? metric.about
  return (
    <Hint
      label={`${about} ${t(`direction.${metric.direction}`)} · ${t(`scope.${metric.scope}`)}`}
      position="left"
    >
      <span className={isOff ? `${css.metric} ${css.off}` : css.metric}>
        {metric.title}
        <Arrow size={11} aria-label={t(`direction.${metric.direction}`)} />
      </span>
    </Hint>
  )
}
