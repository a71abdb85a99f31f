import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../../shared/contract/training.ts'
import { Status, type StatusLook } from '../../../ui/Status.tsx'
import css from './curves.module.css'

type Anomaly = TrainingRun['anomalies'][number]
const looks: Record<Anomaly['severity'], StatusLook> = {
  error: 'failed',
  warning: 'warning',
  note: 'waiting',
}
const order: Anomaly['severity'][] = ['error', 'warning', 'note']

/** What in the logs deserves a look, worst first, with the place where it stands. */
export function AnomalyList({ anomalies }: { anomalies: readonly Anomaly[] }) {
  const { t } = useTranslation('train')
  if (anomalies.length === 0) return <Status look="ok">{t('anomalies.none')}</Status>
  const sorted = [...anomalies].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return (
    <ul className={css.anomalies}>
      {sorted.map(({ code, severity, message, line, path }, index) => (
        <li key={`${code}${index}`}>
          <Status look={looks[severity]} label={t(`anomalies.${severity}`)} />
          <span title={path}>
            {message}
            <em>{line !== undefined && ` ${t('anomalies.line', { line })}`}</em>
          </span>
        </li>
      ))}
    </ul>
  )
}
