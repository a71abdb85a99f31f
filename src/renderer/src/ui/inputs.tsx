/** Text, number and list inputs: Mantine's behaviour in our dress. Each takes the id that `Field` hands it. */
import {
  NumberInput as MantineNumberInput,
  Select as MantineSelect,
  TextInput as MantineTextInput,
} from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useEffect, useRef } from 'react'

type Wired = { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; 'aria-label'?: string }

/** One line of text. A path shows its end, which tells paths apart, until it is edited. */
export function TextInput(
  props: Wired & {
    value: string
    onChange(value: string): void
    placeholder?: string
    isMono?: boolean
    onEnter?(): void
    autoFocus?: boolean
    type?: 'text' | 'password'
  },
) {
  const { value, onChange, isMono, onEnter, autoFocus, 'aria-invalid': isInvalid, ...rest } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isMono && input.current && document.activeElement !== input.current)
      input.current.scrollLeft = input.current.scrollWidth
  }, [isMono, value])
  return (
    <MantineTextInput
      ref={input}
      {...rest}
      value={value}
      error={isInvalid}
      spellCheck={false}
      autoComplete="off"
      data-autofocus={autoFocus || undefined}
      styles={isMono ? { input: { fontFamily: 'var(--mono)', fontSize: 12 } } : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter?.()
      }}
    />
  )
}

/** A number; `undefined` while the field is empty. */
export function NumberInput(
  props: Wired & {
    value: number | undefined
    onChange(value: number | undefined): void
    min?: number
    max?: number
    step?: number
    isWhole?: boolean
    placeholder?: string
    suffix?: string
  },
) {
  const { value, onChange, isWhole, 'aria-invalid': isInvalid, ...rest } = props
  return (
    <MantineNumberInput
      {...rest}
      error={isInvalid}
      hideControls
      allowDecimal={!isWhole}
      value={value ?? ''}
      onChange={(changed) => onChange(typeof changed === 'number' ? changed : undefined)}
    />
  )
}

/** One of many, from a list. */
export function Select<Value extends string>(
  props: Wired & {
    value: Value | undefined
    options: readonly { value: Value; label: string; isDisabled?: boolean }[]
    onChange(value: Value): void
    isSearchable?: boolean
    placeholder?: string
  },
) {
  const { value, options, onChange, isSearchable = false, 'aria-invalid': isInvalid, ...rest } = props
  return (
    <MantineSelect
      {...rest}
      error={isInvalid}
      value={value ?? null}
      data={options.map((option) => ({
        value: option.value,
        label: option.label,
        disabled: option.isDisabled ?? false,
      }))}
      allowDeselect={false}
      searchable={isSearchable}
      withCheckIcon={false}
      rightSection={<ChevronDown size={14} aria-hidden />}
      rightSectionPointerEvents="none"
      comboboxProps={{ offset: 4, transitionProps: { duration: 0 } }}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen as Value)
      }}
    />
  )
}
