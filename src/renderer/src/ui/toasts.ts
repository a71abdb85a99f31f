/** Short notices at the lower right, and removals that can still be taken back. */
import { create } from 'zustand'

export type Toast = {
  id: number
  text: string
  look: 'plain' | 'ok' | 'failed'
  action?: { label: string; perform(): void }
  /** How long it stays, ms; absent when it stays until it is dismissed. */
  lastsMs?: number
}

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }))
let nextId = 1

/** Shows a notice and gives the function that takes it away. */
export function toast(shown: Omit<Toast, 'id'>): () => void {
  const id = nextId++
  const dismiss = () =>
    useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { ...shown, id }] }))
  if (shown.lastsMs !== undefined) setTimeout(dismiss, shown.lastsMs)
  return dismiss
}

/** Takes a notice away. */
export const dismissToast = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))

/** Keys of things that are being removed: lists leave them out while they can still come back. */
export const useRemovals = create<{ keys: ReadonlySet<string> }>(() => ({ keys: new Set() }))

const setKey = (key: string, isIn: boolean) =>
  useRemovals.setState(({ keys }) => {
    const next = new Set(keys)
    if (isIn) next.add(key)
    else next.delete(key)
    return { keys: next }
  })

/**
 * Removes something in a moment, unless it is taken back. Until then nothing has happened: a page that is closed in
 * between leaves everything as it was.
 */
export function removeWithUndo(removal: {
  key: string
  text: string
  undoLabel: string
  perform(): Promise<unknown>
  onError(error: unknown): void
  delayMs?: number
}): void {
  const { key, text, undoLabel, perform, onError, delayMs = 6000 } = removal
  setKey(key, true)
  const timer = setTimeout(() => {
    dismiss()
    perform()
      .catch(onError)
      .finally(() => setKey(key, false))
  }, delayMs)
  const dismiss = toast({
    text,
    look: 'plain',
    action: {
      label: undoLabel,
      perform: () => {
        clearTimeout(timer)
        setKey(key, false)
      },
    },
  })
}
