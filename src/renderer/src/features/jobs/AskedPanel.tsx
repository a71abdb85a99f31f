import { useTranslation } from 'react-i18next'
import type { Job } from '../../../../shared/contract/jobs.ts'
import { metricGroups } from '../../../../shared/domain/metricCatalog.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { askedOf, type AskedFact } from './asked.ts'
import css from './JobsPage.module.css'

/** What the job was asked, in words; the whole request can be copied. */
export function AskedPanel({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const facts = askedOf(job)
  const root = (job.input as { workspace?: string } | null)?.workspace
  return (
    <Panel
      title={t('input')}
      actions={<CopyButton text={JSON.stringify(job.input, null, 2)} label={t('copyInput')} />}
    >
      <dl className={css.asked}>
        {root !== undefined && (
          <div>
            <dt>{t('asked.workspace')}</dt>
            <dd>
              <PathText path={root} longest={40} />
            </dd>
          </div>
        )}
        {facts.map((fact) => (
          <div key={fact.name} data-kind={fact.as}>
            <dt>{t(`asked.${fact.name}`)}</dt>
            <dd>
              <Value fact={fact} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Value({ fact }: { fact: AskedFact }) {
  const { t } = useTranslation(['jobs', 'metrics'])
  const { name, as, values, isYes } = fact
  if (isYes) return t('jobs:asked.yes')
  if (as === 'path') return values.map((path) => <PathText key={path} path={path} longest={44} />)
  if (as === 'count') return formatCount(Number(values[0]))
  if (name === 'groups') {
    const chosen = metricGroups.filter((group) => values.includes(group))
    return chosen.length === metricGroups.length
      ? t('jobs:asked.all')
      : chosen.map((group) => t(`metrics:group.${group}`)).join(', ')
  }
  return values.join(', ')
}
