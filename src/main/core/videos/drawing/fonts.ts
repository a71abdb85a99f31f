/**
 * The fonts of text in videos. Inter covers Latin, Greek, Cyrillic and Vietnamese; Noto Sans covers Chinese, Japanese
 * and Korean; the system's fonts fill what is left. All come from npm packages, so that a server without a single
 * font draws the same text as a desktop.
 */
import { createRequire } from 'node:module'
import { GlobalFonts } from '@napi-rs/canvas'

const require = createRequire(import.meta.url)

/** Files in order of preference, each one family of its own: the canvas picks the first that has a character. */
const fontFiles: readonly { family: string; file: string }[] = [
  ...['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'].map((part) => ({
    family: `Parallax Inter ${part}`,
    file: `@fontsource-variable/inter/files/inter-${part}-wght-normal.woff2`,
  })),
  {
    family: 'Parallax Noto SC',
    file: '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-500-normal.woff2',
  },
  {
    family: 'Parallax Noto JP',
    file: '@fontsource/noto-sans-jp/files/noto-sans-jp-japanese-500-normal.woff2',
  },
  { family: 'Parallax Noto KR', file: '@fontsource/noto-sans-kr/files/noto-sans-kr-korean-500-normal.woff2' },
]

let families: string | undefined

/** The value of a canvas `font` property at a size in pixels. Loads the fonts at the first call in a thread. */
export function fontOf(pixels: number, weight: 500 | 600 = 500): string {
  families ??= [...fontFiles.filter(load).map(({ family }) => `"${family}"`), 'sans-serif'].join(', ')
  return `${weight} ${pixels}px ${families}`
}

/** Whether a font's package is installed and its file could be read. */
function load({ family, file }: { family: string; file: string }): boolean {
  try {
    return GlobalFonts.registerFromPath(require.resolve(file), family) !== null
  } catch {
    return false
  }
}
