/** Tells those who draw that a picture has arrived. */
const listeners = new Set<() => void>()

export function pictureArrived(): void {
  for (const listener of listeners) listener()
}

export function onPictureArrived(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
