import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import css from './Button.module.css'
import { classes } from './classes.ts'
import { Hint } from './Hint.tsx'

type Shared = {
  icon?: LucideIcon
  /** Why it cannot be pressed. The button stays reachable, and says so on hover and focus. */
  disabledReason?: string
  keys?: string
  isBusy?: boolean
}

export type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> &
  Shared & {
    children: ReactNode
    look?: 'primary' | 'default' | 'quiet' | 'danger'
    size?: 'normal' | 'small'
    hint?: ReactNode
  }

/** A button with a word. `primary` at most once in a view. */
export function Button(props: ButtonProps) {
  const {
    icon: Icon,
    disabledReason,
    keys,
    isBusy,
    look = 'default',
    size = 'normal',
    hint,
    children,
    className,
    onClick,
    ...rest
  } = props
  const isOff = disabledReason !== undefined || isBusy === true
  return (
    <Hint label={disabledReason ?? hint} keys={disabledReason === undefined ? keys : undefined}>
      <button
        type="button"
        {...rest}
        className={classes(css.button, css[look], size === 'small' && css.small, className)}
        aria-disabled={isOff || undefined}
        aria-busy={isBusy || undefined}
        onClick={isOff ? (event) => event.preventDefault() : onClick}
      >
        {Icon && <Icon size={size === 'small' ? 14 : 16} strokeWidth={1.75} aria-hidden />}
        <span className={css.label}>{children}</span>
      </button>
    </Hint>
  )
}

export type IconButtonProps = Omit<ComponentProps<'button'>, 'disabled' | 'children'> &
  Shared & {
    icon: LucideIcon
    label: string
    size?: number
    hintAt?: 'top' | 'right' | 'bottom' | 'left'
    isOn?: boolean
  }

/** A button of a toolbar: an icon whose word is its tooltip. */
export function IconButton(props: IconButtonProps) {
  const {
    icon: Icon,
    label,
    disabledReason,
    keys,
    isBusy,
    size = 16,
    hintAt,
    isOn,
    className,
    onClick,
    ...rest
  } = props
  const isOff = disabledReason !== undefined || isBusy === true
  return (
    <Hint label={disabledReason ?? label} keys={keys} position={hintAt}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={isOff || undefined}
        aria-pressed={isOn}
        className={classes(css.iconButton, className)}
        onClick={isOff ? (event) => event.preventDefault() : onClick}
      >
        <Icon size={size} strokeWidth={1.75} aria-hidden />
      </button>
    </Hint>
  )
}
