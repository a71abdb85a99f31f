import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import css from './Tabs.module.css'

export type Tab<Id extends string> = { id: Id; title: ReactNode; count?: number }

/** Views of one thing, one shown at a time; arrow keys go from one to the next. */
export function Tabs<Id extends string>(props: {
  label: string
  tabs: readonly Tab<Id>[]
  value: Id
  onChange(id: Id): void
}) {
  const { label, tabs, value, onChange } = props
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const at = tabs.findIndex(({ id }) => id === value)
    const next = (at + by + tabs.length) % tabs.length
    onChange(tabs[next].id)
    ;(list.current?.children[next] as HTMLElement | undefined)?.focus()
  }
  return (
    <div ref={list} className={css.tabs} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ id, title, count }) => (
        <button
          key={id}
          type="button"
          role="tab"
          className={css.tab}
          aria-selected={id === value}
          tabIndex={id === value ? 0 : -1}
          onClick={() => onChange(id)}
        >
          {title}
          {count !== undefined && <span className={css.count}>{count}</span>}
        </button>
      ))}
    </div>
  )
}

/** Parts of a page that have addresses of their own. An address below `href` counts as it, unless `isExact`. */
export function LinkTabs(props: {
  label: string
  tabs: readonly { href: string; title: ReactNode; count?: number; isExact?: boolean }[]
}) {
  const [location] = useLocation()
  return (
    <nav className={css.tabs} aria-label={props.label}>
      {props.tabs.map(({ href, title, count, isExact }) => {
        const isHere = location === href || (!isExact && location.startsWith(`${href}/`))
        return (
          <Link key={href} href={href} className={css.tab} aria-current={isHere ? 'page' : undefined}>
            {title}
            {count !== undefined && count > 0 && <span className={css.count}>{count}</span>}
          </Link>
        )
      })}
    </nav>
  )
}
