import { Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import css from './Notice.module.css'

/** A sentence that belongs to what stands beside it: plain or a warning. */
export function Notice({ look = 'info', children }: { look?: 'info' | 'warning'; children: ReactNode }) {
  const Icon = look === 'warning' ? TriangleAlert : Info
  return (
    <p className={classes(css.notice, css[look])}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <span>{children}</span>
    </p>
  )
}
