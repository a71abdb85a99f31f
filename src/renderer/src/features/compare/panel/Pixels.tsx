import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { useCompare } from '../compareStore.ts'
import { pixelUnder } from '../stage/alignment.ts'
import { readPixel } from '../stage/pixelReader.ts'
import { useArrivals } from '../stage/useArrivals.ts'
import { Statistics } from './Statistics.tsx'
import type { ShownPair } from './shownPair.ts'
import css from './PairPanel.module.css'

/** The stored values of every pane's picture under the pointer. */
export function Pixels({ data, supply, position }: ShownPair) {
  const { t } = useTranslation('compare')
  const { pointer, stage, alignment, panes } = useCompare(
    useShallow(({ pointer, stage, alignment, panes }) => ({ pointer, stage, alignment, panes })),
  )
  useArrivals()
  const rows = [...new Set(panes)].map((source) => {
    const shown = supply.show(useCompare.getState(), source, position)
    if (!pointer || !stage || shown.state !== 'ready' || shown.detail !== 'file')
      return { source, value: undefined }
    const at = pixelUnder({ x: pointer.x + 0.5, y: pointer.y + 0.5 }, shown.bitmap, stage, alignment)
    return { source, value: at && { rgb: readPixel(shown.bitmap, at.x, at.y), at } }
  })
  return (
    <section className={css.section}>
      <h3>
        {t('panel.pixels')}
        <small>{pointer ? `x ${pointer.x}  y ${pointer.y}` : t('panel.pointHint')}</small>
      </h3>
      <table className={css.pixels} data-testid="pixels">
        <tbody>
          {rows.map(({ source, value }) => (
            <tr key={source} data-source={data.sources[source].id}>
              <th scope="row" translate="no">
                <i style={{ background: data.sources[source].color }} aria-hidden />
                {data.sources[source].label}
              </th>
              {value ? (
                value.rgb.map((level, channel) => <td key={channel}>{level}</td>)
              ) : (
                <td colSpan={3} className={css.none}>
                  {'·'}
                </td>
              )}
              <td className={css.swatch}>
                {value && <i style={{ background: `rgb(${value.rgb.join(' ')})` }} aria-hidden />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Statistics data={data} supply={supply} position={position} />
    </section>
  )
}
