import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Check } from '../../../../shared/contract/system.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Skeleton } from '../../ui/states.tsx'
import { Status, type StatusLook } from '../../ui/Status.tsx'
import css from './SystemPage.module.css'
import { WeightsPanel } from './WeightsPanel.tsx'

const looks: Record<Check['status'], StatusLook> = { ok: 'ok', missing: 'off', problem: 'warning' }
// Weights have a panel of their own, with more to do than to read.
const areas: Exclude<Check['area'], 'weights'>[] = [
  'provider',
  'gpu',
  'ffmpeg',
  'python',
  'database',
  'disk',
  'engine',
]

/** What the engine has to work with, and what to do about what is missing. */
export function SystemPage() {
  const { t } = useTranslation('system')
  const doctor = useEngineQuery('system.doctor', {}, { staleTime: 60_000 })
  const info = useEngineQuery('system.info', {}, { staleTime: Infinity })
  return (
    <Page
      title={t('title')}
      about={info.data && <span>{t('version', info.data)}</span>}
      actions={
        <>
          {doctor.data && (
            <CopyButton text={reportOf(doctor.data.version, doctor.data.checks)}>{t('copy')}</CopyButton>
          )}
          <Button icon={RotateCw} isBusy={doctor.isFetching} onClick={() => void doctor.refetch()}>
            {t('again')}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.column}>
          <WeightsPanel />
        </div>
        <div className={css.column}>
          <Answer
            query={doctor}
            skeleton={
              <Panel title={t('checking')}>
                <Skeleton lines={12} />
              </Panel>
            }
          >
            {({ checks }) =>
              areas.map((area) => (
                <Area key={area} area={area} checks={checks.filter((check) => check.area === area)} />
              ))
            }
          </Answer>
        </div>
      </div>
    </Page>
  )
}

function Area({ area, checks }: { area: Check['area']; checks: readonly Check[] }) {
  const { t } = useTranslation('system')
  const sentence = useSentence()
  if (checks.length === 0) return null
  return (
    <Panel title={t(`areas.${area}`)} flush>
      <ul className={css.checks}>
        {checks.map(({ name, status, found, hint }) => (
          <li key={`${name} ${found}`}>
            <Status look={looks[status]} label={t(`status.${status}`)} />
            <span className={css.name}>{sentence(name)}</span>
            <span className={css.found}>{sentence(found)}</span>
            {hint !== undefined && status !== 'ok' && <span className={css.hint}>{sentence(hint)}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const reportOf = (version: string, checks: readonly Check[]) =>
  [
    `Parallax ${version}`,
    ...checks.map(
      ({ area, name, status, found }) => `${status.padEnd(7)} ${area.padEnd(9)} ${name}: ${found}`,
    ),
  ].join('\n')
