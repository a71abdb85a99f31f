/** Asks for a folder in the way this door can: the system's dialog, or the one of the page. */
import type { Capabilities } from '../../../shared/wire.ts'
import { askForFolder } from './dialogs.ts'

/** The chosen folder's absolute path on the engine's machine; `undefined` when none was chosen. */
export async function pickFolder(
  capabilities: Capabilities,
  title: string,
  startAt?: string,
): Promise<string | undefined> {
  if (capabilities.hasNativeDialogs && window.parallax) return window.parallax.pickFolder({ title, startAt })
  return askForFolder(title, startAt)
}
