/**
 * The fonts of text in videos. Inter covers Latin, Greek, Cyrillic and Vietnamese; Noto Sans covers Chinese, Japanese,
 * Korean and other scripts; the system's fonts fill what is left. All come from npm packages, so that a server without a single
 * font draws the same text as a desktop.
 */
import { createRequire } from 'node:module'
import { GlobalFonts } from '@napi-rs/canvas'

const require = createRequire(import.meta.url)

type FontFile = { family: string; file: string }

const inter = (part: string): FontFile => ({
  family: `Parallax Inter ${part}`,
  file: `@fontsource-variable/inter/files/inter-${part}-wght-normal.woff2`,
})
const noto = (script: string, part: string): FontFile => ({
  family: `Parallax Noto ${script}`,
  file: `@fontsource/noto-sans-${script}/files/noto-sans-${script}-${part}-500-normal.woff2`,
})

/** Enough for English, and quick to load. */
const latinFonts = [inter('latin')]
/** In order of preference, each a family of its own: the canvas picks the first that has a character. */
const allFonts = [
  ...['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'].map(inter),
  noto('sc', 'chinese-simplified'),
  noto('jp', 'japanese'),
  noto('kr', 'korean'),
  ...['arabic', 'hebrew', 'thai', 'devanagari'].map((script) => noto(script, script)),
]

const familyLists = new Map<readonly FontFile[], string>()
const loaded = new Map<string, boolean>()

/**
 * The value of a canvas `font` property for a text.
 *
 * @param pixels size. The fonts a text needs are loaded at the first call in a thread.
 */
export function fontFor(text: string, pixels: number, weight: 500 | 600 = 500): string {
  const isLatin = [...text].every((character) => character <= 'ÿ' || '×·…'.includes(character))
  const fonts = isLatin ? latinFonts : allFonts
  const families =
    familyLists.get(fonts) ??
    [...fonts.filter(load).map(({ family }) => `"${family}"`), 'sans-serif'].join(', ')
  familyLists.set(fonts, families)
  return `${weight} ${pixels}px ${families}`
}

/** Whether a font's package is installed and its file could be read. */
function load({ family, file }: FontFile): boolean {
  const known = loaded.get(family)
  if (known !== undefined) return known
  let isLoaded = false
  try {
    isLoaded = GlobalFonts.registerFromPath(require.resolve(file), family) !== null
  } catch {
    // The package is not installed: the next font in the list is used.
  }
  loaded.set(family, isLoaded)
  return isLoaded
}
