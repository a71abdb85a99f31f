import { useId, type ReactElement, type ReactNode, cloneElement } from 'react'
import { useSentence } from '../i18n/sentences/index.ts'
import css from './Field.module.css'

/**
 * A control with its name above and a sentence or an error below. The child gets the id and the description; an error of
 * the engine is translated.
 */
export function Field(props: {
  label: ReactNode
  hint?: ReactNode
  error?: string
  children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }>
}) {
  const id = useId()
  const { label, hint, error, children } = props
  const sentence = useSentence()
  const note = error === undefined ? hint : sentence(error)
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, {
        id,
        ...(note === undefined ? {} : { 'aria-describedby': `${id}-note` }),
        ...(error === undefined ? {} : { 'aria-invalid': true }),
      })}
      {note !== undefined && (
        <p id={`${id}-note`} className={error === undefined ? css.note : css.error}>
          {note}
        </p>
      )}
    </div>
  )
}
