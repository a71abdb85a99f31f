import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { classes } from './classes.ts'
import css from './Page.module.css'

/**
 * A page: a heading row that stays, and content that scrolls. `fill` gives the content the height that is left, for
 * pages whose parts scroll by themselves.
 */
export function Page(props: {
  title: string
  about?: ReactNode
  actions?: ReactNode
  footer?: ReactNode
  fill?: boolean
  children: ReactNode
}) {
  const { title, about, actions, footer, fill, children } = props
  useEffect(() => {
    document.title = `${title} · Parallax`
  }, [title])
  return (
    <div className={css.page}>
      <header className={css.header}>
        <h1 title={title}>{title}</h1>
        {about !== undefined && <div className={css.about}>{about}</div>}
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </header>
      <div className={classes(css.content, fill && css.fill)}>{children}</div>
      {footer !== undefined && <footer className={css.footer}>{footer}</footer>}
    </div>
  )
}
