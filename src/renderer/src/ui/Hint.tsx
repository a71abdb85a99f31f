import { Tooltip } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { KeyHint } from './KeyHint.tsx'
import css from './Hint.module.css'

/** A tooltip: a word or a reason, with the shortcut behind it. Without a label the child stands alone. */
export function Hint(props: {
  label: ReactNode
  keys?: string
  position?: 'right' | 'top' | 'bottom' | 'left'
  children: ReactElement<object>
}) {
  const { label, keys, position = 'top', children } = props
  if (label === undefined || label === '' || label === null) return children
  const content = (
    <span className={css.content}>
      {label}
      {keys !== undefined && <KeyHint keys={keys} />}
    </span>
  )
  return (
    <Tooltip
      label={content}
      position={position}
      openDelay={350}
      offset={6}
      events={{ hover: true, focus: true, touch: false }}
    >
      {children}
    </Tooltip>
  )
}
