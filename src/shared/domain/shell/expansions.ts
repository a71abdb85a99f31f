/** Finds where quotes and expansions end in shell text. Nothing is looked up: only the extent of each is of interest. */

/** Why the rest of a text cannot be read. `offset` is the character at which it begins. */
export class Stop {
  readonly code: 'unbalanced' | 'here-document' | 'compound' | 'syntax' | 'unfinished'
  readonly message: string
  readonly offset: number
  constructor(code: Stop['code'], message: string, offset: number) {
    this.code = code
    this.message = message
    this.offset = offset
  }
}

/** No command line of a person nests deeper; the limit keeps hostile text from exhausting the stack. */
const maxDepth = 50

/** Offset behind the single quote that closes the one at `from`. @throws Stop `unbalanced` */
export function endOfSingleQuotes(text: string, from: number): number {
  const end = text.indexOf("'", from + 1)
  if (end < 0) throw new Stop('unbalanced', 'A single quote is opened and never closed.', from)
  return end + 1
}

/** Offset behind the quote that closes `$'…'`, in which a backslash escapes; `from` is its first quote. @throws Stop */
export function endOfAnsiQuotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === "'") return at + 1
  }
  throw new Stop('unbalanced', "A quote $'… is opened and never closed.", from)
}

/** Offset behind the double quote that closes the one at `from`. @throws Stop `unbalanced` */
export function endOfDoubleQuotes(text: string, from: number, depth = 0): number {
  for (let at = from + 1; at < text.length;) {
    const char = text[at]
    if (char === '"') return at + 1
    if (char === '\\') at += 2
    else at = Math.max(at + 1, endOfExpansion(text, at, true, depth))
  }
  throw new Stop('unbalanced', 'A double quote is opened and never closed.', from)
}

/**
 * Offset behind the expansion that starts at `from` (`$NAME`, `$1`, `${…}`, `$(…)`, `$[…]`, backquotes); `from` itself
 * when the character there is an ordinary one.
 *
 * @param isQuoted whether it stands inside double quotes.
 * @throws Stop `unbalanced`
 */
export function endOfExpansion(text: string, from: number, isQuoted: boolean, depth = 0): number {
  if (text[from] === '`') return endOfBackquotes(text, from)
  if (text[from] !== '$') return from
  const at = withoutContinuation(text, from + 1)
  const next = text[at]
  if (next === undefined) return from
  if (/[A-Za-z_]/.test(next)) {
    let end = at + 1
    while (end < text.length && /[A-Za-z0-9_]/.test(text[end])) end++
    return end
  }
  if (/[0-9@*#?$!-]/.test(next)) return at + 1
  if (next !== '{' && next !== '(' && next !== '[') return from
  if (depth >= maxDepth) throw new Stop('compound', 'Expansions are nested too deeply to be read.', from)
  if (next === '{') return endOfBraces(text, at, isQuoted, depth + 1)
  return endOfBrackets(text, at, next, depth + 1)
}

/** Where the text goes on at `at`: a backslash at the end of a line joins it with the next one. */
export function withoutContinuation(text: string, at: number): number {
  while (text.startsWith('\\\n', at)) at += 2
  return at
}

function endOfBackquotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '`') return at + 1
  }
  throw new Stop('unbalanced', 'A backquote is opened and never closed.', from)
}

/** `${…}`, of which the brace is at `open`: ends at the first closing brace outside quotes and inner expansions. */
function endOfBraces(text: string, open: number, isQuoted: boolean, depth: number): number {
  // Inside double quotes a single quote is an ordinary character, except in a pattern: "${x:-it's}", "${x#'a}'}".
  const isPattern = /^\{[A-Za-z0-9_@*]+[#%/]/.test(text.slice(open, open + 200))
  for (let at = open + 1; at < text.length;) {
    const char = text[at]
    if (char === '}') return at + 1
    if (char === '\\') at += 2
    else if (char === "'" && (!isQuoted || isPattern)) at = endOfSingleQuotes(text, at)
    else if (char === '"') at = endOfDoubleQuotes(text, at, depth)
    else at = Math.max(at + 1, endOfExpansion(text, at, isQuoted, depth))
  }
  throw new Stop('unbalanced', '${ is opened and never closed.', open - 1)
}

/** `$(…)`, `$((…))` and `$[…]`, of which the bracket is at `open`: brackets nest; quotes and comments hide them. */
function endOfBrackets(text: string, open: number, bracket: '(' | '[', depth: number): number {
  const close = bracket === '(' ? ')' : ']'
  const isCommand = bracket === '(' && text[open + 1] !== '('
  let level = 0
  for (let at = open; at < text.length;) {
    const char = text[at]
    if (char === bracket) level++
    if (char === close && --level === 0) return at + 1
    if (char === '\\') at += 2
    else if (char === "'") at = endOfSingleQuotes(text, at)
    else if (char === '"') at = endOfDoubleQuotes(text, at, depth)
    else if (isCommand && char === '#' && /[\s;&|()]/.test(text[at - 1])) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else at = Math.max(at + 1, endOfExpansion(text, at, false, depth))
  }
  throw new Stop('unbalanced', `$${bracket} is opened and never closed.`, open - 1)
}
