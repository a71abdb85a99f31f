/** Going to a field of the form from elsewhere: from a hint, from a difference. */
import { createStore } from 'zustand'
import { canonicalFlag } from '../../../../../shared/domain/launch/argumentSpec.ts'

/** The field that was asked for last. Subscribers hear of every request, also of one for the same field. */
const requests = createStore<{ field: string | undefined }>(() => ({ field: undefined }))

/** Shows a field and gives it the focus. @param name a flag, a variable, or `launcher`. */
export const jumpToField = (name: string): void =>
  requests.setState({ field: name.startsWith('-') ? canonicalFlag(name) : name })

/** Follows requests. @param reveal makes a field appear that is not on the page; it gets the focus afterwards. */
export const followJumps = (reveal: (field: string) => void): (() => void) =>
  requests.subscribe(({ field }) => {
    if (field === undefined || focusField(field)) return
    reveal(field)
    setTimeout(() => focusField(field))
  })

/** Gives the focus to a field that is on the page. Gives whether it is. */
function focusField(field: string): boolean {
  const row = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`)
  if (!row) return false
  row.scrollIntoView({ block: 'center' })
  row.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
  return true
}
