import { Tooltip } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { useSentence } from '../i18n/sentences/index.ts'
import { KeyHint } from './KeyHint.tsx'
import css from './Hint.module.css'

/** A tooltip: a word or a reason, also one of the engine's, with the shortcut behind it. Without a label the child stands alone. */
export function Hint(props: {
  label: ReactNode
  keys?: string
  position?: 'right' | 'top' | 'bottom' | 'left'
  children: ReactElement<object>
}) {
  const { label, keys, position = 'top', children } = props
  const sentence = useSentence()
  if (label === undefined || label === '' || label === null) return children
  const content = (
    <span className={css.content}>
      {typeof label === 'string' ? sentence(label) : label}
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
