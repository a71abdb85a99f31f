/** Why a metric cannot be computed now. */
import type { ModelInfo } from '../../../../shared/contract/models.ts'
import { metricCatalog, type MetricGroup, type MetricInfo } from '../../../../shared/domain/metricCatalog.ts'

export type Unavailable = { reason: string; model?: ModelInfo }

/**
 * @param skipped reasons that the preflight gave, by metric id; they know most.
 * @param models weights on the engine's machine, while nothing is preflighted.
 */
export function unavailability(
  metric: MetricInfo,
  skipped: ReadonlyMap<string, string>,
  models: readonly ModelInfo[],
): Unavailable | undefined {
  if (metric.unavailable !== '') return { reason: metric.unavailable }
  const reason = skipped.get(metric.id)
  const model = models.find(({ status, title, neededFor }) =>
    reason === undefined
      ? status === 'missing' && neededFor.some((name) => name === metric.id || name === metric.title)
      : // A partial file serves some settings; whether these, only the preflight knows.
        status !== 'installed' &&
        (reason.includes(title) || (status === 'partial' && neededFor.includes(metric.id))),
  )
  if (reason !== undefined) return { reason, ...(model ? { model } : {}) }
  return model ? { reason: model.title, model } : undefined
}

/** The metrics of a group, in the order of the catalogue. */
export const metricsOf = (group: MetricGroup): MetricInfo[] =>
  metricCatalog.filter((metric) => metric.group === group)

/** The reason without the part that speaks to people at a terminal; the page has buttons for that. */
export const shortReason = (reason: string): string => reason.split(/: run "|\bor put /)[0].trim()
