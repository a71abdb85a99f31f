import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../../ui/format.ts'
import { colorOfRun, valueAt, type OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import css from './Timelines.module.css'

/** What all runs have at the frame under the pointer. @param place 0..1 of the timeline's width. */
export function HoverValues({
  data,
  position,
  place,
}: {
  data: OpenComparison
  position: number
  place: number
}) {
  const metrics = useCompare((state) => state.metrics)
  const { t } = useTranslation('compare')
  return (
    <div
      className={css.tip}
      style={
        place > 0.6
          ? { right: `calc(${(1 - place) * 100}% + 10px)` }
          : { left: `calc(${place * 100}% + 10px)` }
      }
    >
      <strong>
        {t('transport.frame')} {position + 1}
      </strong>
      <table>
        <tbody>
          {data.runs.map((run) => (
            <tr key={run.id}>
              <th>
                <i style={{ background: colorOfRun(data, run) }} />
                {run.label}
              </th>
              {metrics.map((metric) => {
                const value = valueAt(run, metric, position)
                return <td key={metric}>{value === undefined ? '·' : formatNumber(value)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
