/** Reads one word of shell text: quotes are removed, and what the shell would fill in is noticed. */
import {
  endOfAnsiQuotes,
  endOfDoubleQuotes,
  endOfExpansion,
  endOfSingleQuotes,
  withoutContinuation,
} from './expansions.ts'

/** A word as read. Offsets count in the whole text. */
export type Word = {
  /** After quote removal; an expansion stays as written. */
  value: string
  start: number
  end: number
  /** What patterns, braces, tildes and assignments are looked for in: every quoted character is a NUL here. */
  bare: string
  /** Expansions: their text and place. */
  expansions: { what: string; offset: number }[]
}

/** The word that starts at `start`, or undefined when an operator or blank stands there. @throws Stop `unbalanced` */
export function readWord(text: string, start: number): Word | undefined {
  const word: Word = { value: '', start, end: start, bare: '', expansions: [] }
  while (word.end < text.length && !' \t\n&|;<>()'.includes(text[word.end])) readPart(text, word)
  return word.end === start ? undefined : word
}

/** Characters that mean themselves wherever they stand. */
const plainRun = /[^ \t\n&|;<>()\\'"$`]+/y

/** Reads ordinary characters, or one quote or expansion, at the end of the word so far. */
function readPart(text: string, word: Word): void {
  const at = word.end
  plainRun.lastIndex = at
  const plain = plainRun.exec(text)?.[0]
  if (plain !== undefined) {
    word.end += plain.length
    word.value += plain
    word.bare += plain
    return
  }
  const char = text[at]
  const next = text[at + 1]
  const behind = withoutContinuation(text, at + 1)
  const take = (end: number, value: string, bare = '\0'.repeat(Math.max(1, value.length))) => {
    word.end = end
    word.value += value
    word.bare += bare
  }
  const takeExpansion = (end: number, what = text.slice(at, end)) => {
    word.expansions.push({ what, offset: at })
    take(end, text.slice(at, end))
  }
  if (char === '\\') {
    if (next === '\n') take(at + 2, '', '')
    // A lone backslash at the very end is an ordinary character for sh -c.
    else if (next === undefined) take(at + 1, '\\')
    else take(at + 2, next)
  } else if (char === "'") {
    const end = endOfSingleQuotes(text, at)
    take(end, text.slice(at + 1, end - 1))
  } else if (char === '"') readDoubleQuotes(text, word)
  else if (char === '$' && text[behind] === "'")
    takeExpansion(endOfAnsiQuotes(text, behind), "The quote $'…'")
  else if (char === '$' && text[behind] === '"')
    takeExpansion(endOfDoubleQuotes(text, behind), 'The quote $"…"')
  else {
    const end = endOfExpansion(text, at, false)
    if (end > at) takeExpansion(end)
    else take(at + 1, char, char)
  }
}

function readDoubleQuotes(text: string, word: Word): void {
  const end = endOfDoubleQuotes(text, word.end)
  let at = word.end + 1
  let value = ''
  while (at < end - 1) {
    const next = text[at + 1]
    const expansion = endOfExpansion(text, at, true)
    if (text[at] === '\\' && next === '\n') at += 2
    else if (text[at] === '\\' && '$`"\\'.includes(next)) {
      value += next
      at += 2
    } else if (expansion > at) {
      word.expansions.push({ what: text.slice(at, expansion), offset: at })
      value += text.slice(at, expansion)
      at = expansion
    } else value += text[at++]
  }
  word.end = end
  word.value += value
  word.bare += '\0'.repeat(value.length + 1)
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/

/** Whether a word in front of a command sets a variable. */
export const isAssignment = ({ bare }: Pick<Word, 'bare'>): boolean => assignment.test(bare)

/**
 * What the shell would fill in besides expansions, in words for people: home folders, file patterns, brace lists, and
 * assignments that need an earlier value. Undefined when the word is exact.
 *
 * @param isInFront whether it stands in front of the command, where an assignment keeps its patterns and braces.
 */
export function filledIn({ bare, start, end }: Word, text: string, isInFront: boolean): string | undefined {
  const raw = text.slice(start, end)
  if (isInFront && /^[A-Za-z_][A-Za-z0-9_]*(\[.*\]\+?=|\+=)/.test(bare)) return `The assignment ${raw}`
  // A tilde counts at the start of a word, and in what looks like an assignment behind the sign and each colon.
  const equals = /^[A-Za-z_][A-Za-z0-9_]*\+?=/.exec(bare)?.[0].length
  const places = equals === undefined ? [bare] : bare.slice(equals).split(':')
  if (places.some((place) => /^~[^\0/]*(?:\/|$)/.test(place))) return `The home folder in ${raw}`
  if (isInFront && isAssignment({ bare })) return undefined
  if (isPattern(bare)) return `The file pattern ${raw}`
  if (hasBraceList(bare)) return `The brace list ${raw}`
  return undefined
}

/** Whether files may be matched: `*`, `?`, or brackets that hold something. */
const isPattern = (bare: string) =>
  /[*?]/.test(bare) || /\[(?:[!^][^]|[^!^])[^\]]*\]/.test(bare.slice(0, bare.lastIndexOf(']') + 1))

const sequence = /^\{(?:-?\d+\.\.-?\d+|[A-Za-z]\.\.[A-Za-z])(?:\.\.-?\d+)?\}/

/** Whether bash makes several words of it: `{a,b}`, `{1..3}`; `{a}` and `{a..bc}` stay as they are. */
function hasBraceList(bare: string): boolean {
  /** For each brace that is open whether a comma was seen at its own level. */
  const open: boolean[] = []
  for (let at = 0; at < bare.length; at++) {
    const char = bare[at]
    if (char === '{') {
      if (sequence.test(bare.slice(at, at + 60))) return true
      open.push(false)
    } else if (char === ',' && open.length > 0) open[open.length - 1] = true
    else if (char === '}' && open.pop() === true) return true
  }
  return false
}
