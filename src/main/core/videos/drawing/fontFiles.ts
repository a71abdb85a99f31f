/**
 * The fonts we ship, and which of their files a text needs. Inter covers Latin, Greek, Cyrillic and Vietnamese, Noto Sans
 * the other scripts, Noto Emoji pictographs. All come from npm packages, so that a server without a single font draws the
 * same text as a desktop. A package cuts its font into small files and says in its style sheet which characters each
 * one holds.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** One file of a font. */
export type FontFile = {
  /** The name it is registered under; each file is a family of its own. */
  family: string
  /** Absolute path. */
  path: string
  /** First and last character of each range it is for; it may lack some of them. */
  ranges: [number, number][]
}

const inter = '@fontsource-variable/inter/index.css'
const chinese = '@fontsource/noto-sans-sc/500.css'
const japanese = '@fontsource/noto-sans-jp/500.css'
const korean = '@fontsource/noto-sans-kr/500.css'
const styleSheets = [
  inter,
  ...['arabic', 'devanagari', 'hebrew', 'thai'].map((script) => `@fontsource/noto-sans-${script}/500.css`),
  ...[
    ...['armenian', 'bengali', 'ethiopic', 'georgian', 'gujarati', 'gurmukhi', 'kannada', 'khmer', 'lao'],
    ...['malayalam', 'myanmar', 'oriya', 'sinhala', 'tamil', 'telugu'],
  ].map((script) => `@fontsource-variable/noto-sans-${script}/index.css`),
  '@fontsource-variable/noto-emoji/index.css',
]
/** They come last: their files are cut alike in all three languages and claim characters of other scripts too. */
const cjk = [chinese, japanese, korean]

/** Letters, and what stands between them, come from the first font that has them; for signs several may be needed. */
const isFromOneFont = /^[\p{L}\p{M}\p{Nd}\p{ASCII}\u00a0-\u00ff\u2010-\u2026]$/u

/** The files a text needs, in order of preference: the canvas picks the first that has a character. */
export function fontFilesFor(text: string): FontFile[] {
  const sheets = sheetsFor(text)
  const needed = new Set<FontFile>()
  // The ellipsis stands in every text that is shortened.
  for (const character of new Set(`${text}…`)) {
    const code = character.codePointAt(0) ?? 0
    for (const sheet of sheets) {
      const found = filesOf(sheet).filter(({ ranges }) =>
        ranges.some(([first, last]) => code >= first && code <= last),
      )
      for (const file of found) needed.add(file)
      if (found.length > 0 && isFromOneFont.test(character)) break
    }
  }
  return sheets.flatMap((sheet) => filesOf(sheet).filter((file) => needed.has(file)))
}

/** Chinese, Japanese and Korean write one character in different ways; kana and hangul tell whose it is. */
function sheetsFor(text: string): readonly string[] {
  const own = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? japanese
    : /\p{Script=Hangul}/u.test(text)
      ? korean
      : chinese
  const rest = cjk.filter((sheet) => sheet !== own)
  return [...styleSheets, own, ...rest]
}

/** Package and version of each font that is installed: text that changes when a font does. */
export function fontsInstalled(): string[] {
  return [...styleSheets, ...cjk].flatMap((sheet) => {
    const path = pathOf(sheet)
    if (path === undefined) return []
    const { name, version } = JSON.parse(readFileSync(join(dirname(path), 'package.json'), 'utf8')) as {
      name: string
      version: string
    }
    return [`${name}@${version}`]
  })
}

const known = new Map<string, FontFile[]>()

/** The files of a style sheet, none when its package is not installed. */
function filesOf(sheet: string): FontFile[] {
  const earlier = known.get(sheet)
  if (earlier) return earlier
  const path = pathOf(sheet)
  const files = path === undefined ? [] : parseStyleSheet(readFileSync(path, 'utf8'), dirname(path))
  known.set(sheet, files)
  return files
}

function pathOf(sheet: string): string | undefined {
  try {
    return require.resolve(sheet)
  } catch {
    return undefined
  }
}

/** Reads the `@font-face` blocks of a style sheet that lies in `folder`. */
function parseStyleSheet(css: string, folder: string): FontFile[] {
  const blocks = css.matchAll(/url\(\.\/files\/([\w-]+)\.woff2\)[^}]*unicode-range:([^;}]*)/g)
  return [...blocks].map(([, name, ranges]) => ({
    family: `Parallax ${name}`,
    path: join(folder, 'files', `${name}.woff2`),
    ranges: [...ranges.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].map(([, first, last = first]) => [
      parseInt(first, 16),
      parseInt(last, 16),
    ]),
  }))
}
