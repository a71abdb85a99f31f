/** The command that is being prepared. It lives in memory only, because it may hold secrets. */
import { create } from 'zustand'
import { formFromCommand, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'

export type LaunchDraft = {
  form: LaunchForm
  /** The form as it was recorded, to compare with. */
  recorded?: LaunchForm
  /** Where it was recorded, for people: `exp5, line 345`. */
  origin?: string
  /** Name of the experiment it belongs to; hints compare names with it. */
  experiment?: string
  /** What the started process is called; the experiment or script when empty. */
  title: string
  /** Path of the Python to use; the one on the PATH when undefined. */
  python?: string
}

/** A command from scratch: plain Python and a script. */
export const emptyForm = (script = 'train_csgo.py'): LaunchForm =>
  formFromCommand({ env: {}, argv: ['python', script] })

export const useLaunch = create<LaunchDraft>(() => ({ form: emptyForm(), title: '' }))

/** Changes the form. */
export const editForm = (change: (form: LaunchForm) => LaunchForm): void =>
  useLaunch.setState(({ form }) => ({ form: change(form) }))

/** Begins with another command; nothing of the one before is kept but the chosen Python. */
export const openDraft = (draft: Omit<LaunchDraft, 'title' | 'python'> & { title?: string }): void =>
  useLaunch.setState(
    ({ python }) => ({ title: '', ...draft, ...(python === undefined ? {} : { python }) }),
    true,
  )
