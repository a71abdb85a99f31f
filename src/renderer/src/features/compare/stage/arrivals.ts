/** Tells those who draw that a picture has arrived. */
const listeners = new Set<() => void>()
let count = 0

export function pictureArrived(): void {
  count++
  for (const listener of listeners) listener()
}

export function onPictureArrived(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Grows with every picture. */
export const arrivalCount = (): number => count
