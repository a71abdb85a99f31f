/** Key combinations of the pages in Electron's words. */

const keyNames: Record<string, string> = {
  mod: 'CommandOrControl',
  ctrl: 'Control',
  alt: 'Alt',
  shift: 'Shift',
  enter: 'Enter',
  escape: 'Escape',
  space: 'Space',
  backspace: 'Backspace',
  delete: 'Delete',
  arrowleft: 'Left',
  arrowright: 'Right',
  arrowup: 'Up',
  arrowdown: 'Down',
}

/** `mod+shift+k` in Electron's words; `undefined` for keys it cannot show or that have no modifier. */
export function acceleratorOf(keys: string): string | undefined {
  const parts = keys.toLowerCase().split('+')
  const key = parts.at(-1) ?? ''
  const isKnown = key in keyNames || /^[a-z0-9,./;'[\]\\`=-]$/.test(key)
  if (parts.length < 2 || !isKnown) return undefined
  return parts.map((part) => keyNames[part] ?? part.toUpperCase()).join('+')
}
