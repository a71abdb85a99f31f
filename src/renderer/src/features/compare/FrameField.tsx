import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '../../ui/format.ts'
import css from './ComparePage.module.css'
import { goToPosition, useCompare } from './compareStore.ts'

/** The frame number as a field: type one, press Enter, be there. */
export function FrameField() {
  const { t } = useTranslation('compare')
  const count = useCompare(({ head }) => head.count)
  const position = useCompare(({ head }) => head.position)
  // What is typed belongs to the frame it was typed on; when the playhead moves, it is gone.
  const [typed, setTyped] = useState<{ at: number; text: string }>()
  const draft = typed?.at === position ? typed.text : undefined
  const setDraft = (text: string | undefined) =>
    setTyped(text === undefined ? undefined : { at: position, text })
  const go = () => {
    const wanted = Number(draft)
    if (draft !== undefined && draft.trim() !== '' && Number.isFinite(wanted)) goToPosition(wanted - 1)
    setDraft(undefined)
  }
  return (
    <label className={css.frame}>
      <span>{t('transport.frame')}</span>
      <input
        id="compare-frame"
        inputMode="numeric"
        aria-label={t('transport.frameField')}
        value={draft ?? String(position + 1)}
        style={{ width: `${String(count).length + 2}ch` }}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value.replace(/[^\d]/g, ''))}
        onBlur={go}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') {
            if (event.key === 'Escape') setDraft(undefined)
            event.currentTarget.blur()
          }
        }}
      />
      <span>/ {formatCount(count)}</span>
    </label>
  )
}
