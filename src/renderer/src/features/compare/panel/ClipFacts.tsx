import { useTranslation } from 'react-i18next'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import type { OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import css from './PairPanel.module.css'

/** What the clips are: a picture out of a video is not the frame that was encoded. */
export function ClipFacts({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  const offsets = useCompare((state) => state.offsets)
  if (data.clips.length === 0) return null
  return (
    <section className={css.section}>
      <h3>{t('panel.clips')}</h3>
      <ul className={css.clips}>
        {data.sources.map(({ id, label, color, clip }, source) => {
          if (!clip) return null
          const frame = position + offsets[source] - clip.first
          const isInside = frame >= 0 && frame < clip.frames
          return (
            <li key={id}>
              <strong title={clip.path} translate="no">
                <i style={{ background: color }} aria-hidden />
                {label}
              </strong>
              <span>
                {isInside
                  ? t('panel.clipFrame', { frame: formatCount(frame + 1), count: formatCount(clip.frames) })
                  : t('panel.clipOutside')}
              </span>
              <small translate="no">
                {clip.codec} {clip.pixelFormat} · {clip.width}×{clip.height} ·{' '}
                {formatNumber(clip.framesPerSecond)} fps
              </small>
              <small>{t('panel.clipDecoded')}</small>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
