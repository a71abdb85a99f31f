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
import { useMetricWords } from '../../i18n/metricTitle.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
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
  const { t } = useTranslation('metrics')
  const { titleOf } = useMetricWords()
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
        <span className={isComputable ? undefined : css.off}>{t(`group.${group}`)}</span>
      </Check>
      <span className={css.metrics}>
        {metrics.map((metric, index) => (
          <MetricName
            key={metric.id}
            metric={metric}
            words={metrics.length === 1 ? '' : withoutCommonWord(metrics.map(titleOf), index)}
            isOff={reasonFor(metric) !== undefined}
          />
        ))}
      </span>
      {reasons.size > 0 && <Reasons reasons={[...reasons.values()]} isComputable={isComputable} />}
    </div>
  )
}

/** Titles beside each other name what they share once: "Boundary F1", "precision". */
function withoutCommonWord(titles: readonly string[], index: number): string {
  const title = titles[index]
  const [first] = titles[0].split(' ')
  return index > 0 && title.startsWith(`${first} `) ? title.slice(first.length + 1) : title
}

/** In the place kept for it, so that nothing moves when the preflight knows more. The whole reason on hover. */
function Reasons({ reasons, isComputable }: { reasons: readonly Unavailable[]; isComputable: boolean }) {
  const { t } = useTranslation(['benchmark', 'metrics'])
  const sentence = useSentence()
  const missing = reasons.flatMap(({ model }) => (model?.status === 'missing' ? [model.title] : []))
  const whole =
    missing.length > 0
      ? t('metrics.needsWeights', { model: missing.join(', ') })
      : isComputable
        ? reasons.map(({ reason }) => sentence(shortReason(reason))).join(' ')
        : t('metrics:notYet')
  return (
    <Hint label={whole} position="left">
      <span className={css.reason} tabIndex={missing.length > 0 ? undefined : 0}>
        {missing.length > 0 ? (
          <Link href="/system" aria-label={`${whole}. ${t('metrics.install')}`}>
            {t('metrics.install')}
          </Link>
        ) : isComputable ? (
          t('metrics.skipped')
        ) : (
          t('metrics.notYet')
        )}
      </span>
    </Hint>
  )
}

function MetricName({ metric, words, isOff }: { metric: MetricInfo; words: string; isOff: boolean }) {
  const { t } = useTranslation('metrics')
  const Arrow = metric.direction === 'higher' ? ArrowUp : ArrowDown
  const about = t('about', { returnObjects: true })[metric.id] ?? metric.about
  return (
    <Hint
      label={`${about} ${t(`direction.${metric.direction}`)} · ${t(`scope.${metric.scope}`)}`}
      position="left"
    >
      <span className={isOff ? `${css.metric} ${css.off}` : css.metric}>
        {words}
        <Arrow size={11} aria-label={t(`direction.${metric.direction}`)} />
      </span>
    </Hint>
  )
}
