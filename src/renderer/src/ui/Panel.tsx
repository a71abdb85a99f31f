import type { ReactNode } from 'react'
import { useId } from 'react'
import { classes } from './classes.ts'
import css from './Panel.module.css'

/** A titled region with a hairline; never inside another one. `flush` lets a table touch its edges. */
export function Panel(props: {
  title?: ReactNode
  note?: ReactNode
  actions?: ReactNode
  flush?: boolean
  className?: string
  children: ReactNode
}) {
  const id = useId()
  const { title, note, actions, flush, className, children } = props
  return (
    <section className={classes(css.panel, className)} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header className={css.header}>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <span className={css.note}>{note}</span>}
          {actions !== undefined && <div className={css.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  )
}
