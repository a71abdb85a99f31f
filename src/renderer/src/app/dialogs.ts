/** Which window over the page is open; at most one, for a new one takes the place of the one before. */
import { create } from 'zustand'

export type DialogName = 'palette' | 'shortcuts' | 'connect'
/** A question for a folder of the engine's machine. `answer` is called once, with nothing when none was chosen. */
export type FolderQuestion = { title: string; startAt?: string; answer(path: string | undefined): void }

export const useDialog = create<{ open?: DialogName; folder?: FolderQuestion }>(() => ({}))

export function showDialog(name: DialogName): void {
  closeDialog()
  useDialog.setState({ open: name })
}

export function closeDialog(): void {
  const { folder } = useDialog.getState()
  useDialog.setState({ open: undefined, folder: undefined })
  folder?.answer(undefined)
}

/** Asks for a folder in a window of the page. */
export function askForFolder(title: string, startAt?: string): Promise<string | undefined> {
  closeDialog()
  return new Promise((resolve) => {
    const answer = (path: string | undefined) => {
      useDialog.setState({ folder: undefined })
      resolve(path)
    }
    useDialog.setState({ folder: { title, answer, ...(startAt === undefined ? {} : { startAt }) } })
  })
}

/** Whether a page has a window of its own open, behind which the commands of the window must not act. */
export function isPageCovered(): boolean {
  const { open, folder } = useDialog.getState()
  const own = open === undefined && folder === undefined ? 0 : 1
  return document.querySelectorAll('[role="dialog"][aria-modal="true"]').length > own
}
