/** Code between fences (and org blocks): commands, comments, variables, other shell lines, and everything else. */
import { headingAt, isCommentedCommand } from './headings.ts'
import {
  isBareLaunch,
  isShellLine,
  mentionsLaunch,
  readShellCode,
  withoutPrompt,
  type FoundProblem,
} from './launchText.ts'
import { environmentOf, fenceParts, peel } from './markup.ts'
import { commandInText, commandInside, commentedCommand, otherLanguage } from './notLaunched.ts'
import { tokenOf, type Reading, type Source, type Token } from './token.ts'

const languages =
  /^(bash|sh|shell|console|zsh|shell-session|powershell|bat|text|txt|plain|plaintext|python|py|yaml|yml|json|markdown|md|diff|ini|toml|none|log|c|cpp|js|sql)$/i
const shellLanguages =
  /^(|bash|sh|shell|console|zsh|shell-session|terminal|slurm|sbatch|text|txt|plain|plaintext|none)$/

/** How a block is opened. `before` is text in front of the fence; `isClosing` recognises the line that ends it. */
type Opening = { before: string; language: string; isOrg: boolean; isClosing: (line: string) => boolean }

/** The block that a line opens, with the lines between. Undefined when it opens none. */
export function readCodeBlock(source: Source, at: number): Reading | undefined {
  const { lines } = source
  const opening = orgOpening(lines[at]) ?? fenceOpening(lines[at])
  if (!opening) return undefined
  let end = at + 1
  while (end < lines.length && !opening.isClosing(lines[end])) end++
  const { marker, text: before } = peel(opening.before)
  const isClosed = end < lines.length
  if (!isClosed) {
    // Text in front of backticks that open nothing is text; a block without an end stops at the next heading.
    if (before !== '') return undefined
    end = at + 1
    while (end < lines.length && !looksLikeSection(source, end)) end++
  }
  const problems: FoundProblem[] = isClosed ? [] : [openFence(at)]
  const first =
    before === ''
      ? tokenOf(source, { kind: 'fence', text: lines[at].trim(), problems }, at)
      : tokenOf(source, { kind: 'text', marker, text: before }, at)
  const tokens = [first, ...readCode(source, at + 1, end, opening.language)]
  if (!isClosed) return { tokens, next: end }
  const after = opening.isOrg ? '' : lines[end].replace(/^\s*(?:>\s?)*[`~]+/, '').trim()
  return { tokens: [...tokens, tokenOf(source, { kind: 'fence', text: after }, end)], next: end + 1 }
}

const openFence = (line: number): FoundProblem => ({
  line,
  severity: 'warning',
  code: 'open-fence',
  message: 'This code block is never closed; it was taken to end before the next heading.',
})

function orgOpening(line: string): Opening | undefined {
  const found = /^\s*#\+begin_(src|example)\b\s*([\w-]*)/i.exec(line)
  if (!found) return undefined
  return {
    before: '',
    language: found[1].toLowerCase() === 'src' ? found[2].toLowerCase() : 'text',
    isOrg: true,
    isClosing: (text) => /^\s*#\+end_(src|example)/i.test(text),
  }
}

function fenceOpening(line: string): Opening | undefined {
  const parts = fenceParts(line)
  // "```python train.py" is a command in backticks, no language with attributes.
  if (!parts || parts.before.includes('`')) return undefined
  if (mentionsLaunch(line.slice(parts.before.length + parts.fence.length))) return undefined
  const { before, fence, language } = parts
  return {
    before,
    language: language.toLowerCase(),
    isOrg: false,
    isClosing: (text) => {
      const found = /^\s*(?:>\s?)*(`{3,}|~{3,})(.*)$/.exec(text)
      return (
        found !== null &&
        found[1][0] === fence[0] &&
        found[1].length >= fence.length &&
        !found[2].includes('`') &&
        !languages.test(found[2].trim())
      )
    },
  }
}

/** Inside an unclosed block `## ` may be a comment of a script; a heading that names something like an experiment is none. */
function looksLikeSection(source: Source, at: number): boolean {
  const heading = headingAt(source, at)
  return heading !== undefined && (heading.level >= 2 || source.lines[at - 1].trim() === '')
}

/** The lines `from` to `end` (without it), read as code. */
function readCode(source: Source, from: number, end: number, language: string): Token[] {
  const lines = source.lines.slice(from, end).map((line) => line.replace(/^\s*(?:>\s)/, ''))
  const isShell = shellLanguages.test(language)
  if (!isShell && !lines.some((line) => isBareLaunch(line)))
    return lines.map((line, i) => codeLine(source, line, from + i, false))
  const found = readShellCode(lines)
  const inFile = <T extends { line: number }>(entries: readonly T[]) =>
    entries.map((entry) => ({ ...entry, line: from + entry.line }))
  const tokens: Token[] = []
  for (const range of found.ranges) {
    const launches = found.launches.filter(({ line }) => line >= range.from && line <= range.to)
    const problems = inFile(found.problems.filter(({ line }) => line >= range.from && line <= range.to))
    if (launches.length > 0 || problems.some(({ severity }) => severity === 'error'))
      tokens.push(
        tokenOf(
          source,
          { kind: 'commands', marker: null, before: '', after: '', commands: inFile(launches), problems },
          from + range.from,
          from + range.to,
        ),
      )
    else
      for (let i = range.from; i <= range.to; i++)
        tokens.push(
          range.isHereDocument && i > range.from
            ? tokenOf(source, { kind: 'code', text: lines[i] }, from + i)
            : codeLine(source, lines[i], from + i, isShell),
        )
  }
  return tokens
}

/** A line of code without a launch of its own. */
function codeLine(source: Source, line: string, at: number, isShell: boolean): Token {
  if (line.trim() === '') {
    // A lone quote sign was taken off in front of nothing; it is still something that was written.
    const written = source.lines[at].trim()
    return tokenOf(source, written === '' ? { kind: 'blank' } : { kind: 'code', text: written }, at)
  }
  const comment = /^\s*#+\s*(.*)$/.exec(line)?.[1]
  const isLaunch = mentionsLaunch(line)
  if (comment !== undefined) {
    const problems = isCommentedCommand(comment) ? [commentedCommand(at)] : []
    return tokenOf(source, { kind: 'text', marker: 'comment', text: comment, problems }, at)
  }
  if (!isShell)
    return tokenOf(source, { kind: 'code', text: line, problems: isLaunch ? [otherLanguage(at)] : [] }, at)
  const plain = withoutPrompt(line)
  const environment = environmentOf(plain)
  if (environment) return tokenOf(source, { kind: 'environment', ...environment }, at)
  if (isShellLine(plain))
    return tokenOf(
      source,
      { kind: 'shell', text: line.trim(), problems: isLaunch ? [commandInside(plain, at)] : [] },
      at,
    )
  return tokenOf(
    source,
    { kind: 'code', text: line, problems: isLaunch ? [commandInText(plain, at)] : [] },
    at,
  )
}
