import { Check as CheckMark, Minus } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { classes } from './classes.ts'
import css from './Check.module.css'

/** A tick box with its word. `isMixed` when some of what it stands for is chosen. */
export function Check(props: {
  isOn: boolean
  isMixed?: boolean
  onChange(isOn: boolean): void
  label?: string
  children?: ReactNode
  isDisabled?: boolean
  title?: string
}) {
  const { isOn, isMixed = false, onChange, label, children, isDisabled, title } = props
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed
  }, [isMixed])
  const Mark = isMixed ? Minus : CheckMark
  return (
    <label className={classes(css.check, isDisabled && css.isDisabled)} title={title}>
      <span className={classes(css.box, (isOn || isMixed) && css.isOn)}>
        <input
          ref={box}
          type="checkbox"
          checked={isOn}
          disabled={isDisabled}
          aria-label={label}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {(isOn || isMixed) && <Mark size={11} strokeWidth={3} aria-hidden />}
      </span>
      {children}
    </label>
  )
}
