import { Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useSentence } from '../i18n/sentences/index.ts'
import { classes } from './classes.ts'
import css from './Notice.module.css'

/** A sentence that belongs to what stands beside it: plain or a warning. One of the engine's is translated. */
export function Notice({ look = 'info', children }: { look?: 'info' | 'warning'; children: ReactNode }) {
  const sentence = useSentence()
  const Icon = look === 'warning' ? TriangleAlert : Info
  return (
    <p className={classes(css.notice, css[look])}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <span>{typeof children === 'string' ? sentence(children) : children}</span>
    </p>
  )
}
