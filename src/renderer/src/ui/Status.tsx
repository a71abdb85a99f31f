import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import css from './Status.module.css'

export type StatusLook = 'ok' | 'running' | 'waiting' | 'warning' | 'failed' | 'off'

// Every state has its own shape, so that none depends on colour alone.
const icons: Record<StatusLook, LucideIcon> = {
  ok: CircleCheck,
  running: LoaderCircle,
  waiting: CircleDashed,
  warning: TriangleAlert,
  failed: CircleX,
  off: Ban,
}

/** A state with its shape, its colour and its word. Without a word, give `label` for those who cannot see it. */
export function Status({
  look,
  children,
  label,
}: {
  look: StatusLook
  children?: ReactNode
  label?: string
}) {
  const Icon = icons[look] ?? Circle
  return (
    <span className={classes(css.status, css[look])} title={children === undefined ? label : undefined}>
      <Icon size={14} strokeWidth={2} aria-hidden />
      {children ?? <span className="visuallyHidden">{label}</span>}
    </span>
  )
}
