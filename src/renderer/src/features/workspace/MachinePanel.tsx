import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Check } from '../../../../shared/contract/system.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import css from './WorkspacePage.module.css'

const areas = ['gpu', 'weights', 'python', 'ffmpeg'] as const

/** What the machine has for this work, in a line each; the System page says more. */
export function MachinePanel() {
  const { t } = useTranslation('workspace')
  const query = useEngineQuery('system.doctor', {}, { staleTime: 60_000 })
  return (
    <Panel title={t('machine.title')} actions={<Link href="/system">{t('machine.more')}</Link>} flush>
      <div className={css.factsBody}>
        <Answer query={query}>
          {({ checks }) => (
            <Facts
              facts={areas.map((area) => [
                t(`machine.${area}`),
                <Found
                  key={area}
                  checks={checks.filter((check) => check.area === area && check.name !== 'encoders')}
                />,
              ])}
            />
          )}
        </Answer>
      </div>
    </Panel>
  )
}

function Found({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation('workspace')
  const usable = checks.filter(({ status }) => status === 'ok').length
  const hasProblem = checks.some(({ status }) => status === 'problem')
  const look = hasProblem ? 'warning' : usable === 0 ? 'off' : 'ok'
  const words =
    usable === 0
      ? t('machine.none')
      : usable === checks.length
        ? usable === 1
          ? t('machine.found')
          : t('machine.all', { count: usable })
        : t('machine.some', { usable, total: checks.length })
  return (
    <span title={checks.map(({ name, found }) => `${name}: ${found}`).join('\n')}>
      <Status look={look}>{words}</Status>
    </span>
  )
}
