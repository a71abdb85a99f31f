import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '../../ui/format.ts'
import css from './ComparePage.module.css'
import { goToPosition, useCompare } from './compareStore.ts'
import { followCalmly } from './useCalmPosition.ts'

const numberNow = () => String(useCompare.getState().head.position + 1)

/** The frame number as a field: type one, press Enter, be there. */
export function FrameField() {
  const { t } = useTranslation('compare')
  const count = useCompare(({ head }) => head.count)
  const field = useRef<HTMLInputElement>(null)
  const follower = useRef<ReturnType<typeof followCalmly>>(undefined)

  // Written without a rendering. What is typed belongs to the frame it was typed on; when the playhead moves, it is gone.
  useLayoutEffect(() => {
    const following = followCalmly((position) => {
      if (field.current) field.current.value = String(position + 1)
    })
    follower.current = following
    return following.stop
  }, [])

  return (
    <label className={css.frame}>
      <span>{t('transport.frame')}</span>
      <input
        ref={field}
        id="compare-frame"
        inputMode="numeric"
        aria-label={t('transport.frameField')}
        style={{ width: `${String(count).length + 2}ch` }}
        onFocus={({ currentTarget }) => {
          // A number that came later would take the place of what is typed.
          follower.current?.catchUp()
          currentTarget.select()
        }}
        onInput={({ currentTarget }) => {
          const digits = currentTarget.value.replace(/[^\d]/g, '')
          if (digits !== currentTarget.value) currentTarget.value = digits
        }}
        onBlur={({ currentTarget }) => {
          const { value } = currentTarget
          currentTarget.value = numberNow()
          if (value !== '' && value !== numberNow()) goToPosition(Number(value) - 1)
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.value = numberNow()
          if (key === 'Enter' || key === 'Escape') currentTarget.blur()
        }}
      />
      <span>/ {formatCount(count)}</span>
    </label>
  )
}
