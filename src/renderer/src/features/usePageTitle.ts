import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeatureName } from './routes.ts'

/** The name of a page in the present language: the `title` of its feature's words. */
export function usePageTitle(): (feature: FeatureName) => string {
  const { i18n } = useTranslation()
  const { language } = i18n
  return useCallback((feature) => i18n.getFixedT(language, feature)('title'), [i18n, language])
}
