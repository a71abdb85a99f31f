import { useTranslation } from 'react-i18next'
import { LinkTabs } from '../../ui/Tabs.tsx'
import { isLive, useProcesses } from './processes/processStore.ts'

/** The parts of the page: prepare a launch, see what runs here and in Slurm, read curves. */
export function TrainTabs() {
  const { t } = useTranslation('train')
  const live = useProcesses(({ processes }) => [...processes.values()].filter(isLive).length)
  return (
    <LinkTabs
      label={t('title')}
      tabs={[
        { href: '/train', title: t('tabs.launch'), isExact: true },
        { href: '/train/processes', title: t('tabs.processes'), count: live },
        { href: '/train/slurm', title: 'Slurm' },
        { href: '/train/curves', title: t('tabs.curves') },
      ]}
    />
  )
}
