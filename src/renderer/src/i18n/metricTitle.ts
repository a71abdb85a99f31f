/** Titles and units of metrics in the language of the page. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricInfo } from '../../../shared/domain/metricCatalog.ts'

/** Gives the functions that name a metric and its unit, the same ones until the language changes. Abbreviations such as SSIM are the same everywhere. */
export function useMetricWords(): {
  titleOf(metric: MetricInfo): string
  unitOf(metric: MetricInfo): string
} {
  const { t } = useTranslation('metrics')
  return useMemo(() => {
    const titles = t('title', { returnObjects: true })
    const units = t('unit', { returnObjects: true })
    return {
      titleOf: ({ id, title }) => titles[id] ?? title,
      unitOf: ({ unit }) => units[unit] ?? unit,
    }
  }, [t])
}
