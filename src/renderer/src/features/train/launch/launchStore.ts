/**
 * The commands that are being prepared: one on the page Train, one on Evaluate. They live in memory only, because they
 * may hold secrets.
 */
import { createContext, useContext } from 'react'
import { create } from 'zustand'
import { kindOfScript } from '../../../../../shared/domain/launch/catalogue.ts'
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

/** The page a command is prepared on. */
export type LaunchPlace = 'train' | 'evaluate'

/** A command from scratch: plain Python and a script. */
export const emptyForm = (script = 'train_csgo.py'): LaunchForm =>
  formFromCommand({ env: {}, argv: ['python', script] })

const newDraft = (script: string) => create<LaunchDraft>(() => ({ form: emptyForm(script), title: '' }))

const drafts = { train: newDraft('train_csgo.py'), evaluate: newDraft('eval_csgo.py') }

/** The place whose draft the parts of the form below it show and change. */
export const LaunchPlaceContext = createContext<LaunchPlace>('train')

/** The draft of the page at hand, or a part of it. */
export function useLaunch(): LaunchDraft
export function useLaunch<Part>(part: (draft: LaunchDraft) => Part): Part
export function useLaunch<Part>(part?: (draft: LaunchDraft) => Part): Part | LaunchDraft {
  const useDraft = drafts[useContext(LaunchPlaceContext)]
  return useDraft(part ?? ((draft) => draft as Part))
}

const actionsOf = (place: LaunchPlace) => ({
  place,
  /** The draft as it stands now. */
  draft: (): LaunchDraft => drafts[place].getState(),
  /** Changes the form. */
  edit: (change: (form: LaunchForm) => LaunchForm): void =>
    drafts[place].setState(({ form }) => ({ form: change(form) })),
  choosePython: (python: string | undefined): void => drafts[place].setState({ python }),
})
const actions = { train: actionsOf('train'), evaluate: actionsOf('evaluate') }
export type LaunchActions = (typeof actions)[LaunchPlace]

/** What changes the draft of the page at hand; the same object in every rendering. */
export const useLaunchActions = (): LaunchActions => actions[useContext(LaunchPlaceContext)]

/** Where a script is prepared: what it trains on Train, everything that looks at results on Evaluate. */
export function placeOfScript(script: string | null): LaunchPlace {
  const kind = kindOfScript(script ?? '')
  return kind === undefined || kind === 'train' ? 'train' : 'evaluate'
}

/** The address of the form for a script. */
export const routeToLaunch = (script: string | null): string =>
  placeOfScript(script) === 'train' ? '/train' : '/evaluate/command'

/**
 * Begins with another command, on the page it belongs to; nothing of the one before is kept but the chosen Python.
 *
 * @returns the address of the page.
 */
export function openDraft(draft: Omit<LaunchDraft, 'title' | 'python'> & { title?: string }): string {
  drafts[placeOfScript(draft.form.script)].setState(
    ({ python }) => ({ title: '', ...draft, ...(python === undefined ? {} : { python }) }),
    true,
  )
  return routeToLaunch(draft.form.script)
}
