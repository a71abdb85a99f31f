import type { ReactNode } from 'react'
import css from './ComparePage.module.css'

/** A choice in a toolbar. Chosen with the pointer, it gives the keys back to the page, where they step and play. */
export function PlainSelect<Value extends string | number>(props: {
  label: string
  value: Value
  options: readonly { value: Value; title: ReactNode }[]
  onChange(value: Value): void
}) {
  const { label, value, options, onChange } = props
  return (
    <select
      className={css.plain}
      aria-label={label}
      title={label}
      value={value}
      onChange={({ currentTarget }) => {
        const chosen = options.find((option) => String(option.value) === currentTarget.value)
        if (chosen) onChange(chosen.value)
        if (!currentTarget.matches(':focus-visible')) currentTarget.blur()
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.title}
        </option>
      ))}
    </select>
  )
}
