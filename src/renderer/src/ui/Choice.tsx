import { useId, type ReactNode } from 'react'
import { classes } from './classes.ts'
import css from './Choice.module.css'

export type ChoiceOption<Value extends string> = {
  value: Value
  title: ReactNode
  about?: ReactNode
  disabledReason?: string
}

/** One of few, each with a sentence; radio buttons in a list with hairlines. */
export function Choice<Value extends string>(props: {
  label: string
  options: readonly ChoiceOption<Value>[]
  value: Value
  onChange(value: Value): void
}) {
  const name = useId()
  const { label, options, value, onChange } = props
  return (
    <div className={css.list} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label
          key={option.value}
          className={classes(css.option, option.value === value && css.isOn)}
          title={option.disabledReason}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={option.disabledReason !== undefined}
            onChange={() => onChange(option.value)}
          />
          <span className={css.text}>
            <span className={css.title}>{option.title}</span>
            {option.about !== undefined && <span className={css.about}>{option.about}</span>}
          </span>
        </label>
      ))}
    </div>
  )
}
