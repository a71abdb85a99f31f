import { useTranslation } from 'react-i18next'
import { LinkTabs } from '../../ui/Tabs.tsx'

/** The two ways to evaluate: from checkpoints, or by a command of one's own. */
export function EvaluateTabs() {
  const { t } = useTranslation('evaluate')
  return (
    <LinkTabs
      label={t('title')}
      tabs={[
        { href: '/evaluate', title: t('tabs.checkpoints'), isExact: true },
        { href: '/evaluate/command', title: t('tabs.command') },
      ]}
    />
  )
}
