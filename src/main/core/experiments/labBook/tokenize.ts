/**
 * First pass over a lab book: cuts it into headings, commands, environment lines and text, whatever the wrapping.
 * Every line belongs to exactly one token.
 */
import { readCodeBlock } from './codeBlocks.ts'
import { readContentLine } from './contentLines.ts'
import { headingAt } from './headings.ts'
import { isOrg } from './markup.ts'
import { readTableRow } from './tables.ts'
import { oneLine, tokenOf, type Reading, type Source, type Token } from './token.ts'

/** Reads all lines into tokens. */
export function tokenize(lines: readonly string[]): Token[] {
  const source = { lines, isOrg: isOrg(lines) }
  const tokens: Token[] = []
  for (let at = 0; at < lines.length;) {
    const reading = readFrom(source, at, tokens.at(-1))
    tokens.push(...reading.tokens)
    at = reading.next
  }
  noteStrayArguments(source, tokens)
  return tokens
}

function readFrom(source: Source, at: number, before: Token | undefined): Reading {
  const line = source.lines[at]
  if (line.trim() === '') return oneLine(source, { kind: 'blank' }, at)
  return (
    (at === 0 ? frontMatter(source) : undefined) ??
    heading(source, at) ??
    htmlComment(source, at) ??
    (/^\s*([-*_=])(?:\s*\1){2,}\s*$/.test(line) ? oneLine(source, { kind: 'rule' }, at) : undefined) ??
    readCodeBlock(source, at) ??
    readTableRow(source, at, before) ??
    readContentLine(source, at)
  )
}

function frontMatter(source: Source): Reading | undefined {
  const { lines } = source
  if (!/^---\s*$/.test(lines[0])) return undefined
  const end = lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line))
  const isMapping = end > 0 && lines.slice(1, end).every((line) => /^(\s|#|-|$)|^[\w-]+\s*:/.test(line))
  if (!isMapping) return undefined
  return {
    tokens: Array.from({ length: end + 1 }, (_, at) => tokenOf(source, { kind: 'front-matter' }, at)),
    next: end + 1,
  }
}

function heading(source: Source, at: number): Reading | undefined {
  const found = headingAt(source, at)
  if (!found) return undefined
  const { level, name, keyword, lines } = found
  const isTodo = keyword !== undefined && keyword !== 'DONE'
  return {
    tokens: [tokenOf(source, { kind: 'heading', level, name, isTodo }, at, at + lines - 1)],
    next: at + lines,
  }
}

function htmlComment(source: Source, at: number): Reading | undefined {
  const { lines } = source
  if (!/^\s*<!--/.test(lines[at])) return undefined
  let end = at
  while (end < lines.length && !lines[end].includes('-->')) end++
  // Never closed: only this line is a comment, so that the rest is not lost.
  if (end === lines.length) end = at
  const tokens: Token[] = []
  for (let i = at; i <= end; i++) tokens.push(tokenOf(source, { kind: 'comment' }, i))
  return { tokens, next: end + 1 }
}

/** Arguments on a line of their own that no shell would join with the command above, such as after a lost backslash. */
function noteStrayArguments({ lines }: Source, tokens: readonly Token[]): void {
  let isBelowCommand = false
  for (const token of tokens) {
    if (token.kind === 'blank' || token.kind === 'comment') continue
    const isStray: boolean =
      isBelowCommand &&
      (token.kind === 'text' || token.kind === 'code' || token.kind === 'shell') &&
      /^\s*(?:>\s)?\s*--?[A-Za-z][\w-]*(?:[=\s]|$)/.test(lines[token.from])
    if (isStray)
      token.problems.push({
        line: token.from,
        severity: 'warning',
        code: 'stray-arguments',
        message:
          'This looks like arguments of the command above, but a shell would not join them: the line before does not end with a backslash.',
      })
    const isComment = token.kind === 'text' && token.marker === 'comment'
    isBelowCommand = token.kind === 'commands' || isStray || (isBelowCommand && isComment)
  }
}
