import css from './ProgressBar.module.css'
import { classes } from './classes.ts'

/** How far something is, 0 to 1; `undefined` when that is not known yet. */
export function ProgressBar(props: {
  value: number | undefined
  label: string
  state?: 'running' | 'done' | 'failed' | 'idle'
  className?: string
}) {
  const { value, label, state = 'running', className } = props
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10
  return (
    <div
      className={classes(css.track, css[state], value === undefined && css.unknown, className)}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${percent ?? 30}%` }} />
    </div>
  )
}
