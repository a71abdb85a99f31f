import { Menu } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ExperimentDetail, ExperimentNode } from '../../../../../shared/contract/experiments.ts'
import { invalidate, useEngineCommand } from '../../../api/queries.ts'
import { toast } from '../../../ui/toasts.ts'
import css from '../experiments.module.css'
import { Ref } from './Ref.tsx'

/** Which experiment this one was built from, why that is thought, and how to say otherwise. */
export function BaseMenu({ detail, nodes }: { detail: ExperimentDetail; nodes: readonly ExperimentNode[] }) {
  const { t } = useTranslation('experiments')
  const set = useEngineCommand('experiments.setBase', {
    onSuccess: () => invalidate('experiments.'),
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  const { base, id, section } = detail
  const choose = (name: string | null) => set.mutate({ experimentId: id, base: name })
  return (
    <span>
      {base ? (
        <>
          {t('detail.builtFrom')} <Ref name={base.name} />{' '}
          <span className={css.faint}>({t(`detail.baseReasons.${base.why}`, base)})</span>
        </>
      ) : (
        <span className={css.faint}>{t('detail.noBase')}</span>
      )}
      <Menu position="bottom-start" offset={4} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <button type="button" className={css.smallMenu} aria-label={t('detail.chooseBase')}>
            <ChevronDown size={12} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown className={css.menu}>
          <Menu.Item onClick={() => choose(null)}>{t('detail.baseOfBook')}</Menu.Item>
          <Menu.Divider />
          {nodes
            .filter((node) => node.name !== section.name && !node.isMissing)
            .map((node) => (
              <Menu.Item key={node.id} onClick={() => choose(node.name)}>
                {node.name}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
    </span>
  )
}
