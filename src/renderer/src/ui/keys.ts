/** Key combinations as text such as `mod+k`, `alt+1`, `shift+?`, `escape`; `mod` is ⌘ on a Mac and Ctrl elsewhere. */

export const isMac = (): boolean =>
  typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform || navigator.userAgent)

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Whether a key press is the combination. Letters and digits are compared by their place when Alt changes them. */
export function matchesKeys(press: KeyPress, keys: string, mac: boolean): boolean {
  const parts = keys.toLowerCase().split('+')
  const key = parts.pop() ?? ''
  const wants = (name: string) => parts.includes(name)
  if (press.ctrlKey !== (wants('ctrl') || (wants('mod') && !mac))) return false
  if (press.metaKey !== (wants('mod') && mac)) return false
  if (press.altKey !== wants('alt')) return false
  const pressed = press.altKey ? keyOfCode(press.code) : press.key.toLowerCase()
  if (pressed !== (key === 'space' ? ' ' : key)) return false
  // A sign such as ? needs Shift on some layouts and not on others; only letters and named keys ask for it.
  const isSign = key.length === 1 && !/[a-z0-9]/.test(key)
  return isSign || press.shiftKey === wants('shift')
}

const keyOfCode = (code: string) => code.replace(/^(Key|Digit)/, '').toLowerCase()

const names: Record<string, [pc: string, mac: string]> = {
  mod: ['Ctrl', '⌘'],
  ctrl: ['Ctrl', '⌃'],
  alt: ['Alt', '⌥'],
  shift: ['Shift', '⇧'],
  enter: ['Enter', '↵'],
  escape: ['Esc', 'esc'],
  space: ['Space', 'space'],
  backspace: ['Backspace', '⌫'],
  delete: ['Del', '⌦'],
  home: ['Home', '↖'],
  end: ['End', '↘'],
  pageup: ['PgUp', '⇞'],
  pagedown: ['PgDn', '⇟'],
  arrowleft: ['←', '←'],
  arrowright: ['→', '→'],
  arrowup: ['↑', '↑'],
  arrowdown: ['↓', '↓'],
}

/** The keys of a combination as they stand on the keyboard, in order. */
export function keyLabels(keys: string, mac: boolean): string[] {
  return keys
    .toLowerCase()
    .split('+')
    .map((key) => names[key]?.[mac ? 1 : 0] ?? key.toUpperCase())
}
