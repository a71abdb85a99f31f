import { Flag, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import { engine } from '../../../api/connection.ts'
import { invalidate } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { formatCount } from '../../../ui/format.ts'
import type { OpenComparison } from '../comparison.ts'
import { goToPosition } from '../compareStore.ts'
import { markedPlaces } from '../markedPlaces.ts'
import css from './PairPanel.module.css'

/** The marked frames of this comparison, in their order. */
export function Markers({
  data,
  markers,
  position,
}: {
  data: OpenComparison
  markers: readonly Marker[]
  position: number
}) {
  const { t } = useTranslation('compare')
  const { t: tApp } = useTranslation()
  const places = useMemo(() => markedPlaces(markers, data.names), [markers, data])
  const shown = markers.flatMap((marker) => {
    const at = places.get(marker.name)
    return at === undefined ? [] : [{ marker, at }]
  })
  if (shown.length === 0) return null
  return (
    <section className={css.section}>
      <h3>{t('panel.markers')}</h3>
      <ul className={css.markers}>
        {shown
          .sort((a, b) => a.at - b.at)
          .map(({ marker, at }) => (
            <li key={marker.id} aria-current={at === position || undefined}>
              <button type="button" onClick={() => goToPosition(at)}>
                <Flag size={12} aria-hidden />
                <b>{formatCount(at + 1)}</b>
                <span>{marker.text}</span>
              </button>
              <IconButton
                icon={Trash2}
                size={13}
                label={tApp('actions.clear')}
                onClick={() =>
                  void engine()
                    .call('compare.removeMarker', { id: marker.id })
                    .then(() => invalidate('compare.markers'))
                }
              />
            </li>
          ))}
      </ul>
    </section>
  )
}
