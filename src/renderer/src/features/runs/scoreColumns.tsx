/** Columns for scores: title with direction and unit in the header, never in the cells. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import type { MetricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
import type { Column } from '../../ui/DataTable.tsx'
import { ScoreCell } from '../../ui/ScoreCell.tsx'
import { measuredMetrics, ranksOf, valueOf } from './scores.ts'

/** Name, direction and unit of a metric, as in a table header. */
export function MetricTitle({ metric }: { metric: MetricInfo }) {
  const { t } = useTranslation('metrics')
  const { titleOf, unitOf } = useMetricWords()
  const Arrow = metric.direction === 'higher' ? ArrowUp : ArrowDown
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {titleOf(metric)}
      <Arrow
        size={11}
        style={{ margin: '0 0 -1px 2px', color: 'var(--text-3)' }}
        aria-label={t(`direction.${metric.direction}`)}
      />
      {metric.unit !== '' && (
        <span style={{ marginLeft: 4, color: 'var(--text-3)', fontWeight: 400 }}>{unitOf(metric)}</span>
      )}
    </span>
  )
}

/** From a score to the pair that spoils it most: the worst frame of the run in Compare. Metrics of sets have none. */
export const worstPairLink = (
  runId: string,
  { id, isPerFrame }: Pick<MetricInfo, 'id' | 'isPerFrame'>,
  t: (key: 'list.openWorst') => string,
): { href: string; hint: string } | undefined =>
  isPerFrame ? { href: `#/compare?run=${runId}&metric=${id}&at=worst`, hint: t('list.openWorst') } : undefined

/**
 * One column per metric that any of the runs has, in the order of the catalogue. What was skipped in all of them is not
 * among the columns; `SkippedMetrics` says why.
 *
 * @param isRanked marks best and second of each column; only sensible among runs of one map.
 */
export function useScoreColumns(runs: readonly RunSummary[], isRanked: boolean): Column<RunSummary>[] {
  const { t } = useTranslation('metrics')
  const { t: tRuns } = useTranslation('runs')
  return useMemo(() => {
    const abouts = t('about', { returnObjects: true })
    return measuredMetrics(runs).map((metric): Column<RunSummary> => {
      const ranks = isRanked ? ranksOf(runs, metric) : undefined
      return {
        id: metric.id,
        title: <MetricTitle metric={metric} />,
        hint: `${abouts[metric.id] ?? metric.about} ${t(`direction.${metric.direction}`)}`,
        isNumeric: true,
        firstOrder: metric.direction === 'higher' ? 'descending' : 'ascending',
        sortBy: (run) => valueOf(run, metric.id),
        cell: (run) => (
          <ScoreCell
            score={run.metrics[metric.id]}
            rank={ranks?.get(run.id)}
            link={worstPairLink(run.id, metric, tRuns)}
          />
        ),
      }
    })
  }, [runs, isRanked, t, tRuns])
}
