import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import { formatCount } from '../../../ui/format.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { placeOf, titleOf, type OpenComparison } from '../comparison.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'
import { useCalmPosition } from '../useCalmPosition.ts'
import { ClipFacts } from './ClipFacts.tsx'
import { Markers } from './Markers.tsx'
import css from './PairPanel.module.css'
import { Pixels } from './Pixels.tsx'
import { RadarPanel } from './RadarPanel.tsx'
import { Scores } from './Scores.tsx'
import { WorstHere } from './WorstHere.tsx'

/** Everything about the pair that is looked at: where it stands, its scores and ranks, pose, pixels, neighbours. */
export function PairPanel({
  data,
  supply,
  markers,
}: {
  data: OpenComparison
  supply: FrameSupply
  markers: readonly Marker[]
}) {
  const { t } = useTranslation('compare')
  const position = useCalmPosition()
  const name = data.names[position]
  const place = placeOf(name)
  return (
    <aside className={css.panel} aria-label={t('panel.label')}>
      <header className={css.head}>
        <strong translate="no">{titleOf(data)}</strong>
        <span title={name} translate="no">
          {place
            ? t('panel.place', { recording: place.recording, frame: place.frame })
            : data.runs.length > 0
              ? name
              : t('panel.clipPlace', { frame: formatCount(position + 1), count: data.names.length })}
        </span>
      </header>
      {data.cautions.length > 0 && (
        <div className={css.cautions}>
          {data.cautions.map((caution) => (
            <Notice key={caution} look="warning">
              {caution}
            </Notice>
          ))}
        </div>
      )}
      {data.runs.length > 0 && <Scores data={data} position={position} />}
      <ClipFacts data={data} position={position} />
      <Pixels data={data} supply={supply} position={position} />
      <WorstHere data={data} position={position} />
      {data.runs.length > 0 && <RadarPanel data={data} position={position} />}
      <Markers data={data} markers={markers} position={position} />
    </aside>
  )
}
