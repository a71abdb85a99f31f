/** Asks for a folder in the way this door can: the system's dialog, or the one of the page. */
import { create } from 'zustand'
import type { Capabilities } from '../../../shared/wire.ts'

type Request = { title: string; startAt?: string; answer(path: string | undefined): void }

export const useFolderRequest = create<{ request?: Request }>(() => ({}))

/** The chosen folder's absolute path on the engine's machine; `undefined` when none was chosen. */
export async function pickFolder(
  capabilities: Capabilities,
  title: string,
  startAt?: string,
): Promise<string | undefined> {
  if (capabilities.hasNativeDialogs && window.parallax) return window.parallax.pickFolder({ title, startAt })
  return new Promise((resolve) => {
    useFolderRequest.setState({
      request: {
        title,
        ...(startAt === undefined ? {} : { startAt }),
        answer: (path) => {
          useFolderRequest.setState({ request: undefined })
          resolve(path)
        },
      },
    })
  })
}
