import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import { metricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { shortReason } from '../benchmark/availability.ts'
import css from './RunPage.module.css'
import { skippedMetrics } from './scores.ts'

/** What was asked for and measured in none of these runs, with the reason; in the place of columns full of dots. */
export function SkippedMetrics({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation('runs')
  const { titleOf } = useMetricWords()
  const sentence = useSentence()
  const skipped = skippedMetrics(runs)
  if (skipped.length === 0) return null
  return (
    <dl className={css.skipped}>
      {skipped.map(({ reason, metrics }) => (
        <div key={reason}>
          <dt>{metrics.map((metric) => titleOf(metricInfo(metric))).join(', ')}</dt>
          <dd title={sentence(reason)}>{sentence(shortReason(reason))}</dd>
        </div>
      ))}
      <Link href="/system">{t('run.toWeights')}</Link>
    </dl>
  )
}
