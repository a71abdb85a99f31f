/** Fonts for the canvas, loaded when a text first needs them. The system's own fill in where ours have no character. */
import { GlobalFonts } from '@napi-rs/canvas'
import { fontFilesFor, type FontFile } from './fontFiles.ts'

const loaded = new Map<string, boolean>()
const familyLists = new Map<string, string>()
const keptLists = 256

/**
 * The value of a canvas `font` property for a text. The fonts it needs are loaded at the first call in a thread.
 *
 * @param pixels size.
 */
export function fontFor(text: string, pixels: number, weight: 500 | 600 = 500): string {
  return `${weight} ${pixels}px ${familiesFor(text)}`
}

function familiesFor(text: string): string {
  // Every frame has another number: digits need no fonts of their own.
  const key = /^[\x20-\x7e·…×]*$/.test(text) ? '' : text
  const earlier = familyLists.get(key)
  if (earlier !== undefined) return earlier
  const families = fontFilesFor(key === '' ? 'a' : text)
    .filter(load)
    .map(({ family }) => `"${family}"`)
  const list = [...families, 'sans-serif'].join(', ')
  if (familyLists.size >= keptLists) familyLists.clear()
  familyLists.set(key, list)
  return list
}

/** Whether a font's file could be read. */
function load({ family, path }: FontFile): boolean {
  const isLoaded = loaded.get(family) ?? GlobalFonts.registerFromPath(path, family) !== null
  loaded.set(family, isLoaded)
  return isLoaded
}
