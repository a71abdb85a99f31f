/** Going to a field of the form from elsewhere: from a hint, from a difference. */
import { create } from 'zustand'
import { canonicalFlag } from '../../../../../shared/domain/launch/argumentSpec.ts'

/** The field that was asked for last; `asked` counts, so that the same one can be asked for again. */
export const useFieldJump = create<{ field: string | undefined; asked: number }>(() => ({
  field: undefined,
  asked: 0,
}))

/** Shows a field and gives it the focus. @param name a flag, a variable, or `launcher`. */
export const jumpToField = (name: string): void =>
  useFieldJump.setState(({ asked }) => ({
    field: name.startsWith('-') ? canonicalFlag(name) : name,
    asked: asked + 1,
  }))

/** Gives the focus to a field that is on the page. Gives whether it is. */
export function focusField(field: string): boolean {
  const row = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`)
  if (!row) return false
  row.scrollIntoView({ block: 'center' })
  row.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
  return true
}
