/** Which window over the page is open; at most one. */
import { create } from 'zustand'

export type DialogName = 'palette' | 'shortcuts' | 'connect' | 'openWorkspace'

export const useDialog = create<{ open?: DialogName }>(() => ({}))
export const showDialog = (name: DialogName): void => useDialog.setState({ open: name })
export const closeDialog = (): void => useDialog.setState({ open: undefined })
