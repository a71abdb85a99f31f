import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../../shared/contract/training.ts'
import { formatCount } from '../../../ui/format.ts'
import { Status, type StatusLook } from '../../../ui/Status.tsx'
import css from './curves.module.css'

type Anomaly = TrainingRun['anomalies'][number]
const looks: Record<Anomaly['severity'], StatusLook> = {
  error: 'failed',
  warning: 'warning',
  note: 'waiting',
}
const order: Anomaly['severity'][] = ['error', 'warning', 'note']

/** What in the logs deserves a look, worst first, with the place where it stands; a click shows a step in the plots. */
export function AnomalyList(props: { anomalies: readonly Anomaly[]; onShow?(step: number): void }) {
  const { anomalies, onShow } = props
  const { t } = useTranslation('train')
  if (anomalies.length === 0) return <Status look="ok">{t('anomalies.none')}</Status>
  const sorted = [...anomalies].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return (
    <ul className={css.anomalies}>
      {sorted.map((anomaly, index) => {
        const { code, severity, values, line, step, path } = anomaly
        const text = t(`anomalies.codes.${code}`, values)
        const place =
          step !== undefined
            ? t('curves.atStep', { step: formatCount(step) })
            : line !== undefined
              ? t('anomalies.line', { line: formatCount(line) })
              : undefined
        return (
          <li key={`${code}${index}`}>
            <Status look={looks[severity]} label={t(`anomalies.${severity}`)} />
            <span title={path}>
              {text}{' '}
              {place !== undefined &&
                (step !== undefined && severity !== 'note' && onShow ? (
                  <button type="button" className={css.place} onClick={() => onShow(step)}>
                    {place}
                  </button>
                ) : (
                  <em>{place}</em>
                ))}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
