/** Small pieces of Markdown and org markup: list markers, fences, table cells, headings, variable lines. */

/** What stands in front of a line: a list marker, a comment sign in code, or nothing. */
export type Marker = 'bullet' | 'number' | 'comment' | null

/** Splits a file into lines: CRLF, LF, or CR alone in files that have no LF. A byte order mark is left out. */
export function splitLines(text: string): string[] {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  const lines = clean.includes('\n')
    ? clean.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    : clean.split('\r')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Whether a file is written in org markup rather than in Markdown. */
export const isOrg = (lines: readonly string[]): boolean =>
  lines.some((line) => /^\s*#\+(begin_src|title|startup|options|author|date)\b/i.test(line))

/** The column of the first character that is no blank. */
export function indentOf(line: string): number {
  let column = 0
  for (const char of line) {
    if (char === ' ') column++
    else if (char === '\t') column += 4 - (column % 4)
    else break
  }
  return column
}

const listMarker = /^(?:([-*+•·])|(?:\d+|[a-zA-Z])[.)、])(?:\s+\[([ xX~/-])\])?(?=\s|$)/

/** A line without the blanks and quote signs in front of it. */
function withoutQuote(line: string): string {
  let text = line.trimStart()
  while (text.startsWith('>')) text = text.slice(1).trimStart()
  return text
}

/** Takes quote signs, list marker and check box off a line. */
export function peel(line: string): { marker: Marker; checkbox?: boolean; text: string } {
  const text = withoutQuote(line).trimEnd()
  const match = listMarker.exec(text)
  if (!match) return { marker: null, text }
  // `[-]` and `[~]` were given up, `[/]` is under way.
  const checkbox = match[2] === undefined ? undefined : !/[ /]/.test(match[2])
  return {
    marker: match[1] ? 'bullet' : 'number',
    ...(checkbox === undefined ? {} : { checkbox }),
    text: text.slice(match[0].length).trim(),
  }
}

/** The parts of a line that may open a code block: text in front, the fence, its language; the rest is attributes. */
export function fenceParts(line: string): { before: string; fence: string; language: string } | undefined {
  const fence = /`{3,}|~{3,}/.exec(line)
  if (!fence) return undefined
  const info = /^([\w+#.-]*)(?:\s+[\w{}=":.,-]+|[{=][\w{}=":.,-]*)?$/.exec(
    line.slice(fence.index + fence[0].length).trim(),
  )
  return info ? { before: line.slice(0, fence.index), fence: fence[0], language: info[1] } : undefined
}
/** The cells of a table row. */
export function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
}

/** A line that only sets variables: `A=1 B=2`, with or without `export`. */
export function environmentOf(line: string): { text: string; settings: Record<string, string> } | undefined {
  const text = line.trim()
  if (!/^(?:export\s+)?(?:[A-Z_][A-Z0-9_]*=(?:"[^"]*"|'[^']*'|[^\s"'`]*)(?:\s+|\s*$))+$/.test(text))
    return undefined
  const settings: Record<string, string> = {}
  for (const [, name, double, single, bare] of text.matchAll(
    /([A-Z_][A-Z0-9_]*)=(?:"([^"]*)"|'([^']*)'|(\S*))/g,
  ))
    settings[name] = double ?? single ?? bare ?? ''
  return { text, settings }
}

/** `## exp1 ##` is the heading exp1. */
export function withoutClosingSigns(text: string): string {
  let end = text.length
  while (text[end - 1] === '#') end--
  return end < text.length && (end === 0 || /\s/.test(text[end - 1])) ? text.slice(0, end).trimEnd() : text
}

/** A heading's words without the markup that wraps all of them. */
export function plainName(text: string): string {
  return text
    .trim()
    .replace(/^(\*\*|__|`)(.+)\1$/, '$2')
    .trim()
}
