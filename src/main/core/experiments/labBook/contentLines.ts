/** Ordinary lines: commands in code spans or bare, environment lines, other shell commands, and text. */
import { piecesOf, splitHtml, startsLaunch, type Piece } from './codeSpans.ts'
import { headingAt, isCommentedCommand } from './headings.ts'
import {
  isBareLaunch,
  isShellLine,
  mentionsLaunch,
  readShellCode,
  readSpan,
  withoutPrompt,
  type FoundLaunch,
  type FoundProblem,
} from './launchText.ts'
import { environmentOf, peel, type Marker } from './markup.ts'
import { commandInText, commandInside, commentedCommand } from './notLaunched.ts'
import { oneLine, tokenOf, type Reading, type Source } from './token.ts'

/** A line without quote signs, list marker and check box. */
type Content = { marker: Marker; checkbox?: boolean; text: string }

/** The token that starts at an ordinary line; a command may run over the lines below. */
export function readContentLine(source: Source, at: number): Reading {
  if (source.isOrg && orgBookkeeping.test(source.lines[at])) return oneLine(source, { kind: 'comment' }, at)
  const content = peel(source.lines[at])
  if (source.isOrg) content.text = withoutOrgMarkup(content.text)
  const { text, marker } = content
  const environment = environmentOf(withoutPrompt(text.replace(/^`+|`+$/g, '')))
  if (environment) return oneLine(source, { kind: 'environment', ...environment }, at)

  const commands =
    (text.includes('`') || /<code>/i.test(text) ? spanCommands(source, at, content) : undefined) ??
    bareCommand(source, at, content)
  if (commands) return commands

  const comment = /^#+\s*(.*)$/.exec(text)?.[1]
  if (marker === null && comment !== undefined && isCommentedCommand(comment))
    return oneLine(
      source,
      { kind: 'text', marker: 'comment', text: comment, problems: [commentedCommand(at)] },
      at,
    )
  const isLaunch = mentionsLaunch(text)
  if (marker === null && isShellLine(withoutPrompt(text)))
    return oneLine(source, { kind: 'shell', text, problems: isLaunch ? [commandInside(text, at)] : [] }, at)
  return oneLine(
    source,
    { kind: 'text', ...content, problems: isLaunch ? [commandInText(text, at)] : [] },
    at,
  )
}

/** Dates, properties and settings that org keeps between the lines of a person. */
const orgBookkeeping = /^\s*(?:(?:CLOSED|SCHEDULED|DEADLINE):\s*[<[]|:[\w-]+:(?:\s|$)|#\+\w+:)/i

/** `~command~`, `=command=` and `: command` of an org file, written as Markdown would. */
const withoutOrgMarkup = (text: string): string =>
  text
    .replace(/^: /, '')
    .replace(/(?<=^|[\s(])([~=])(\S(?:.{0,2000}?\S)?)\1(?=$|[\s.,;:!?)])/g, (all, _, inside: string) =>
      mentionsLaunch(inside) ? `\`${inside}\`` : all,
    )

/** Commands in code spans. Undefined when the spans hold none. */
function spanCommands(source: Source, at: number, content: Content): Reading | undefined {
  const { pieces, to, unclosed } = spansFrom(source, at, content.text)
  const commands: FoundLaunch[] = []
  const problems: FoundProblem[] = []
  if (unclosed)
    problems.push({ line: at, severity: unclosed, code: 'open-span', message: openSpan[unclosed] })
  const outside: string[] = []
  for (const piece of pieces) {
    const found = piece.isCode && mentionsLaunch(piece.text) ? readSpan(piece.text) : undefined
    if (found && (found.launches.length > 0 || found.problems.length > 0)) {
      commands.push(...found.launches.map((launch) => ({ ...launch, line: at })))
      problems.push(...found.problems.map((problem) => ({ ...problem, line: at })))
      outside.push('\0')
    } else outside.push(piece.raw)
  }
  if (commands.length === 0 && !problems.some(({ severity }) => severity === 'error')) return undefined
  const around = outside.join('')
  const first = around.includes('\0') ? around.indexOf('\0') : around.length
  const before = around.slice(0, first).trim()
  const after = around.slice(first).replaceAll('\0', ' ').replace(/ {2,}/g, ' ').trim()
  const { marker, checkbox } = content
  return {
    tokens: [
      tokenOf(source, { kind: 'commands', marker, checkbox, before, after, commands, problems }, at, to),
    ],
    next: to + 1,
  }
}

const openSpan = {
  warning: 'The backticks around this command do not match; the command was taken to end with them.',
  error: 'The backticks around this command are never closed, so its end is not known.',
}

/** The code spans that begin on a line; the last may run over the following lines of the paragraph. */
function spansFrom(
  source: Source,
  at: number,
  text: string,
): { pieces: Piece[]; to: number; unclosed?: 'warning' | 'error' } {
  const { lines } = source
  if (!text.includes('`'))
    return { pieces: splitHtml(text.replace(/<(pre|code)>|<\/(pre|code)>/gi, '\0')), to: at }
  const pieces = piecesOf(text)
  const open = pieces.at(-1)
  if (!open?.isOpen) return { pieces, to: at }
  if (startsLaunch.test(open.text)) {
    const run = /^`+/.exec(open.raw)?.[0] ?? ''
    const closes = new RegExp(`(?<!\`)${run}(?!\`)`)
    for (let to = at + 1; to < lines.length && to < at + 200; to++) {
      if (lines[to].trim() === '' || headingAt(source, to)) break
      if (!closes.test(lines[to])) continue
      const longer = piecesOf([text, ...lines.slice(at + 1, to + 1)].join('\n'))
      if (!longer.some((piece) => piece.isOpen)) return { pieces: longer, to }
    }
  }
  // A command that goes on but never ends is not guessed at.
  if (/\\\s*$/.test(open.text)) return { pieces, to: at, unclosed: 'error' }
  // Else the rest of the line is the command, less the backticks at its end.
  if (!mentionsLaunch(open.text)) return { pieces, to: at }
  const code = { ...open, isCode: true, text: open.text.replace(/`+\s*$/, '') }
  return { pieces: [...pieces.slice(0, -1), code], to: at, unclosed: 'warning' }
}

/** No command has more lines. */
const maxCommandLines = 300

/** A command without any markup, with the lines that a backslash or an operator at the end joins to it. */
function bareCommand(source: Source, at: number, { marker, checkbox, text }: Content): Reading | undefined {
  if (!/python|torchrun|deepspeed|accelerate|srun|\.py|=/.test(text)) return undefined
  const lines = [text]
  let to = at
  const goesOn = () => /(?:\\|&&|\|)\s*$/.test(lines.at(-1)!)
  while (to + 1 < source.lines.length && to - at < maxCommandLines && goesOn()) {
    const next = source.lines[to + 1].replace(/^\s*(?:>\s?)*/, '')
    if (next.trim() === '') break
    lines.push(next)
    to++
  }
  // Where the script stands decides; what follows on later lines cannot change it.
  const scriptLine = lines.findIndex((line) => /\.py\b|-m\s/.test(line))
  const head = lines
    .slice(0, scriptLine + 2)
    .join(' ')
    .replace(/\\(?=\s|$)/g, ' ')
  let before = ''
  if (!isBareLaunch(head)) {
    const label = /^(\*\*[^*]+\*\*\s*[:：]?\s+|[^`]{1,60}?(?::\s+|：\s*))(?=\S)/.exec(text)
    if (!label || !isBareLaunch(head.slice(label[0].length))) return undefined
    before = label[1].trim()
    lines[0] = text.slice(label[0].length)
  }
  const found = readShellCode(lines)
  if (found.launches.length === 0 && !found.problems.some(({ severity }) => severity === 'error'))
    return undefined
  const inFile = <T extends { line: number }>(entries: readonly T[]) =>
    entries.map((entry) => ({ ...entry, line: at + entry.line }))
  const body = { marker, checkbox, before, after: '' }
  return {
    tokens: [
      tokenOf(
        source,
        { kind: 'commands', ...body, commands: inFile(found.launches), problems: inFile(found.problems) },
        at,
        to,
      ),
    ],
    next: to + 1,
  }
}
