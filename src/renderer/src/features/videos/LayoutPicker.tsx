import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { videoLayouts, type VideoLayout } from './layouts.ts'
import { lackOfLayout, type VideoForm } from './videoForm.ts'
import css from './LayoutPicker.module.css'

/** Panels of a layout as boxes in a 60 × 24 drawing: [x, width, fill]. */
const drawings: Record<VideoLayout, [number, number, 'truth' | 'run' | 'diff' | 'radar' | 'run2'][]> = {
  pair: [[4, 25, 'run'], [31, 25, 'truth']],
  single: [[17, 26, 'run']],
  'three-column': [[2, 18, 'truth'], [22, 18, 'run'], [42, 16, 'radar']],
  diff: [[2, 18, 'run'], [21, 18, 'truth'], [40, 18, 'diff']],
  runs: [[2, 18, 'run'], [21, 18, 'run2'], [40, 18, 'truth']],
} // prettier-ignore

/** The layouts as small drawings of what they put beside each other. */
export function LayoutPicker({
  value,
  form,
  onChange,
}: {
  value: VideoLayout
  form: VideoForm
  onChange(layout: VideoLayout): void
}) {
  const { t } = useTranslation('videos')
  const name = useId()
  return (
    <fieldset className={css.picker}>
      <legend>{t('form.layout')}</legend>
      <div>
        {videoLayouts.map((layout) => {
          // "Runs" may be chosen first and its folders named after.
          const lack = layout === 'runs' ? undefined : lackOfLayout(layout, form)
          const about = lack === 'reference' ? t('needsReference') : t(`layouts.${layout}About`)
          return (
            <label
              key={layout}
              className={css.option}
              title={about}
              data-off={lack !== undefined || undefined}
            >
              <input
                type="radio"
                name={name}
                checked={value === layout}
                disabled={lack !== undefined}
                onChange={() => onChange(layout)}
              />
              <svg viewBox="0 0 60 24" aria-hidden>
                {drawings[layout].map(([x, width, fill]) => (
                  <rect key={x} x={x} y={4} width={width} height={16} rx={1.5} className={css[fill]} />
                ))}
              </svg>
              <span>{t(`layouts.${layout}`)}</span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
