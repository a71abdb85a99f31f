/**
 * First pass over a lab book: cuts it into headings, commands, environment lines and text, whatever the wrapping.
 * Every line belongs to exactly one token.
 */
import {
  isBareLaunch,
  isShellLine,
  mentionsLaunch,
  readShellCode,
  readSpan,
  withoutPrompt,
  type FoundProblem,
  type FoundText,
} from './launchText.ts'

type Place = {
  /** Lines of the token, counted from 0, both included. */
  from: number
  to: number
  /** Columns in front of the text; a tab counts to the next multiple of 4. */
  indent: number
}

/** A command inside a `commands` token; `line` counts from 0 in the file. */
export type TokenCommand = FoundText['launches'][number]

export type Token = Place &
  (
    | { kind: 'blank' | 'rule' | 'front-matter' | 'comment' }
    | { kind: 'heading'; level: number; name: string; isTodo: boolean }
    | {
        kind: 'commands'
        marker: Marker
        checkbox?: boolean
        /** Text in front of and behind the command's markup. */
        before: string
        after: string
        commands: TokenCommand[]
        shell: number[]
        problems: FoundProblem[]
      }
    | { kind: 'environment'; text: string; settings: Record<string, string> }
    | { kind: 'shell'; text: string }
    | { kind: 'text'; marker: Marker; checkbox?: boolean; text: string; problems: FoundProblem[] }
    | { kind: 'table'; text: string }
    | { kind: 'code'; text: string }
    | { kind: 'fence'; text: string; problems: FoundProblem[] }
  )

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

const listMarker = /^(\s*(?:>\s?)*\s*)(?:([-*+•·])|(\d+|[a-zA-Z])[.)、])(?:\s+\[([ xX~-])\])?(?:\s+|$)/

/** Takes quote signs, list marker and check box off a line. */
function peel(line: string): { marker: Marker; checkbox?: boolean; text: string } {
  const match = listMarker.exec(line)
  if (!match) return { marker: null, text: line.replace(/^\s*(?:>\s?)*/, '').trim() }
  const checkbox = match[4] === undefined ? undefined : /[xX]/.test(match[4])
  return {
    marker: match[2] ? 'bullet' : 'number',
    ...(checkbox === undefined ? {} : { checkbox }),
    text: line.slice(match[0].length).trim(),
  }
}

const fenceLine = /^(.*?)(`{3,}|~{3,})\s*([\w+#.-]*)(?:\s*[\w{}=":.,-]*)\s*$/
const languages =
  /^(bash|sh|shell|console|zsh|shell-session|powershell|bat|text|txt|plain|plaintext|python|py|yaml|yml|json|markdown|md|diff|ini|toml|none|log|c|cpp|js|sql)$/i

/** Reads all lines into tokens. */
export function tokenize(lines: readonly string[]): Token[] {
  return new Tokenizer(lines).run()
}

class Tokenizer {
  private readonly lines: readonly string[]
  private readonly isOrg: boolean
  private readonly tokens: Token[] = []
  private at = 0
  /** Column titles of the table at hand. */
  private tableHeader: string[] = []

  constructor(lines: readonly string[]) {
    this.lines = lines
    this.isOrg = lines.some((line) => /^\s*#\+(begin_src|title|startup|options|author|date)\b/i.test(line))
  }

  run(): Token[] {
    if (/^---\s*$/.test(this.lines[0] ?? '')) {
      const end = this.lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line))
      const isMapping =
        end > 0 && this.lines.slice(1, end).every((line) => /^(\s|#|-|$)|^[\w-]+\s*:/.test(line))
      if (isMapping) for (; this.at <= end; this.at++) this.push({ kind: 'front-matter' }, this.at)
    }
    while (this.at < this.lines.length) this.next()
    return this.tokens
  }

  private push(token: TokenBody, from: number, to = from): void {
    this.tokens.push({ ...token, from, to, indent: indentOf(this.lines[from]) })
  }

  private next(): void {
    const at = this.at
    const line = this.lines[at]
    if (line.trim() === '') return this.take({ kind: 'blank' })
    const heading = this.headingAt(at)
    if (heading) {
      const isTodo = heading.keyword !== undefined && heading.keyword !== 'DONE'
      this.push(
        { kind: 'heading', level: heading.level, name: heading.name, isTodo },
        at,
        at + heading.lines - 1,
      )
      this.at += heading.lines
      return
    }
    if (/^\s*<!--/.test(line)) return this.htmlComment()
    if (/^\s*([-*_=])(?:\s*\1){2,}\s*$/.test(line)) return this.take({ kind: 'rule' })
    if (this.fence()) return
    if (/^\s*\|.*\|\s*$/.test(line) && !this.commandsOfTable())
      return this.take({ kind: 'table', text: line.trim() })
    if (this.at > at) return
    this.contentLine()
  }

  private take(token: TokenBody): void {
    this.push(token, this.at)
    this.at++
  }

  private headingAt(
    at: number,
  ): { level: number; name: string; lines: number; keyword?: string } | undefined {
    const line = this.lines[at]
    if (this.isOrg) {
      // A file has no other title than its #+TITLE, so one star is what two number signs are in Markdown.
      const org = /^(\*+)\s+(?:(TODO|DONE|NEXT|WAIT(?:ING)?)\s+)?(.+?)(?:\s+:[\w:@]+:)?\s*$/.exec(line)
      if (org) return { level: org[1].length + 1, name: plainName(org[3]), lines: 1, keyword: org[2] }
      return undefined
    }
    const atx =
      /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line) ??
      /^(#{2,6})([^\s#!].*?)\s*$/.exec(line)
    if (atx && (atx[2] ?? '') !== '') return { level: atx[1].length, name: plainName(atx[2]), lines: 1 }
    // Setext: one short line of plain words, alone between a blank line and its underline.
    const under = /^(={3,}|-{3,})\s*$/.exec(this.lines[at + 1] ?? '')?.[1]
    const isAlone = at === 0 || this.lines[at - 1].trim() === ''
    if (
      under &&
      isAlone &&
      line.trim().length <= 80 &&
      /^[\p{L}\p{N}]/u.test(line) &&
      !/[`|]|=\S/.test(line) &&
      !mentionsLaunch(line)
    )
      return { level: under.startsWith('=') ? 1 : 2, name: plainName(line), lines: 2 }
    return undefined
  }

  private htmlComment(): void {
    const start = this.at
    while (this.at < this.lines.length && !this.lines[this.at].includes('-->')) this.at++
    if (this.at === this.lines.length) {
      // Never closed: only this line is a comment, so that the rest is not lost.
      this.at = start
    }
    for (let i = start; i <= this.at; i++) this.push({ kind: 'comment' }, i)
    this.at++
  }

  /** A fenced or org block with the lines between. False when the line at hand opens none. */
  private fence(): boolean {
    const start = this.at
    const line = this.lines[start]
    const org = /^\s*#\+begin_(src|example)\b\s*([\w-]*)/i.exec(line)
    const match = org ? null : fenceLine.exec(line)
    if (!org && (!match || match[1].includes('`') || mentionsLaunch(match[3]))) return false
    const language = (org ? (org[1].toLowerCase() === 'src' ? org[2] : 'text') : match![3]).toLowerCase()
    const isClosing = (text: string): boolean => {
      if (org) return /^\s*#\+end_(src|example)/i.test(text)
      const found = /^\s*(?:>\s?)*(`{3,}|~{3,})(.*)$/.exec(text)
      return (
        found !== null &&
        found[1][0] === match![2][0] &&
        found[1].length >= match![2].length &&
        !found[2].includes('`') &&
        !languages.test(found[2].trim())
      )
    }
    let end = start + 1
    while (end < this.lines.length && !isClosing(this.lines[end])) end++
    const before = org ? '' : peel(match![1]).text
    const isClosed = end < this.lines.length
    if (!isClosed) {
      // Text in front of backticks that open nothing is text; a block without an end stops at the next heading.
      if (before !== '') return false
      end = start + 1
      while (end < this.lines.length && !this.looksLikeSection(end)) end++
    }
    const after = isClosed && !org ? this.lines[end].replace(/^\s*(?:>\s?)*[`~]+/, '').trim() : ''
    const opened = peel(org ? '' : match![1])
    if (before !== '') this.push({ kind: 'text', marker: opened.marker, text: before, problems: [] }, start)
    else
      this.push(
        {
          kind: 'fence',
          text: line.trim(),
          problems: isClosed
            ? []
            : [
                {
                  line: start,
                  severity: 'warning',
                  code: 'open-fence',
                  message: 'This code block is never closed; it was taken to end before the next heading.',
                },
              ],
        },
        start,
      )
    this.block(start + 1, isClosed ? end : end, language)
    if (isClosed) {
      this.push({ kind: 'fence', text: after, problems: [] }, end)
      end++
    }
    this.at = end
    return true
  }

  /** Inside an unclosed block `## ` may be a comment of a script; a heading that names something like an experiment is none. */
  private looksLikeSection(at: number): boolean {
    const heading = this.headingAt(at)
    return heading !== undefined && (heading.level >= 2 || this.lines[at - 1].trim() === '')
  }

  private block(from: number, end: number, language: string): void {
    const lines = this.lines.slice(from, end).map((line) => line.replace(/^\s*(?:>\s)/, ''))
    const isShell = /^(|bash|sh|shell|console|zsh|shell-session|text|txt|plain|plaintext|none)$/.test(
      language,
    )
    const found = isShell || lines.some((line) => isBareLaunch(line)) ? readShellCode(lines) : undefined
    const launchLines = new Set(found?.launches.map(({ line }) => line))
    for (let i = 0; i < lines.length;) {
      const line = lines[i]
      const start = from + i
      const problems =
        found?.problems
          .filter((problem) => problem.line === i)
          .map((problem) => ({ ...problem, line: start })) ?? []
      const hasError = problems.some(({ severity }) => severity === 'error')
      if (line.trim() === '') this.push({ kind: 'blank' }, start)
      else if (found && (launchLines.has(i) || hasError)) {
        const to = found.ranges.find((range) => range.from === i)?.to ?? i
        this.push(
          {
            kind: 'commands',
            marker: null,
            before: '',
            after: '',
            shell: [],
            commands: found.launches
              .filter((launch) => launch.line >= i && launch.line <= to)
              .map((launch) => ({ ...launch, line: start })),
            problems,
          },
          start,
          from + to,
        )
        i = to
      } else if (found && /^\s*#/.test(line))
        this.push(
          { kind: 'text', marker: 'comment', text: line.replace(/^\s*#+\s*/, ''), problems: [] },
          start,
        )
      else if (found && environmentOf(line))
        this.push({ kind: 'environment', ...environmentOf(line)! }, start)
      else if (found && isShell && isShellLine(line)) this.push({ kind: 'shell', text: line.trim() }, start)
      else this.push({ kind: 'code', text: line }, start)
      i++
    }
  }

  /** A table row with commands in its cells. */
  private commandsOfTable(): boolean {
    const line = this.lines[this.at]
    const cells = cellsOf(line)
    const isFirst = !/^\s*\|.*\|\s*$/.test(this.lines[this.at - 1] ?? '')
    if (isFirst) this.tableHeader = /^\s*\|[|\s:-]+\|\s*$/.test(this.lines[this.at + 1] ?? '') ? cells : []
    const commands: TokenCommand[] = []
    const problems: FoundProblem[] = []
    const rest: string[] = []
    for (const [column, cell] of cells.entries()) {
      const spans = codeSpans(cell).filter(({ content }) => mentionsLaunch(content))
      const texts = spans.length > 0 ? spans.map(({ content }) => content) : isBareLaunch(cell) ? [cell] : []
      const title = this.tableHeader[column] ?? ''
      if (texts.length === 0 && cell !== '') rest.push(title === '' ? cell : `${title}: ${cell}`)
      for (const text of texts) {
        const found = readSpan(text)
        commands.push(...found.launches.map((launch) => ({ ...launch, line: this.at })))
        problems.push(...found.problems.map((problem) => ({ ...problem, line: this.at })))
      }
    }
    if (commands.length === 0 && problems.length === 0) return false
    this.take({
      kind: 'commands',
      marker: null,
      before: rest.join(' · '),
      after: '',
      commands,
      shell: [],
      problems,
    })
    return true
  }

  private contentLine(): void {
    const start = this.at
    const { marker, checkbox, text } = peel(this.lines[start])
    const box = checkbox === undefined ? {} : { checkbox }
    const environment = environmentOf(text.replace(/^`+|`+$/g, ''))
    if (environment) return this.take({ kind: 'environment', ...environment })

    if (text.includes('`') || /<code>/i.test(text)) {
      const spans = this.spansFrom(start, text)
      if (spans) {
        const { pieces, to, unclosed } = spans
        const commands: TokenCommand[] = []
        const problems: FoundProblem[] = unclosed
          ? [
              {
                line: start,
                severity: 'warning',
                code: 'open-span',
                message:
                  'The backticks around this command do not match; the command was taken to end with them.',
              },
            ]
          : []
        const outside: string[] = []
        for (const piece of pieces) {
          const found = piece.isCode && mentionsLaunch(piece.text) ? readSpan(piece.text) : undefined
          if (found && (found.launches.length > 0 || found.problems.length > 0)) {
            commands.push(...found.launches.map((launch) => ({ ...launch, line: start })))
            problems.push(...found.problems.map((problem) => ({ ...problem, line: start })))
            outside.push('\0')
          } else outside.push(piece.raw)
        }
        if (commands.length > 0 || problems.some(({ severity }) => severity === 'error')) {
          const around = outside.join('')
          const first = around.indexOf('\0')
          this.push(
            {
              kind: 'commands',
              marker,
              ...box,
              before: around.slice(0, first).trim(),
              after: around.slice(first).replaceAll('\0', ' ').trim(),
              commands,
              shell: [],
              problems,
            },
            start,
            to,
          )
          this.at = to + 1
          return
        }
      }
    }
    if (this.bareCommand(start, marker, box, text)) return
    if (marker === null && isShellLine(withoutPrompt(text))) return this.take({ kind: 'shell', text })
    const problems: FoundProblem[] = mentionsLaunch(text)
      ? [
          {
            line: start,
            severity: 'info',
            code: 'command-in-text',
            message: 'This text mentions a command but is not one. Put it in backticks to launch it.',
          },
        ]
      : []
    this.take({ kind: 'text', marker, ...box, text, problems })
  }

  private bareCommand(start: number, marker: Marker, box: { checkbox?: boolean }, text: string): boolean {
    let before = ''
    let code = text
    if (!isBareLaunch(code)) {
      const label = /^(\*\*[^*]+\*\*\s*[:：]?\s+|[^`]{1,60}?(?::\s+|：\s*))(?=\S)/.exec(text)
      if (!label || !isBareLaunch(text.slice(label[0].length))) return false
      before = label[1].trim()
      code = text.slice(label[0].length)
    }
    let to = start
    const lines = [code]
    while (/\\\s*$/.test(lines.at(-1)!) && to + 1 < this.lines.length && this.lines[to + 1].trim() !== '') {
      lines[lines.length - 1] = lines.at(-1)!.replace(/\\\s+$/, '\\')
      lines.push(this.lines[++to].replace(/^\s*(?:>\s?)*/, ''))
    }
    const found = readShellCode(lines)
    if (found.launches.length === 0 && !found.problems.some(({ severity }) => severity === 'error'))
      return false
    this.push(
      {
        kind: 'commands',
        marker,
        ...box,
        before,
        after: '',
        commands: found.launches.map((launch) => ({ ...launch, line: start })),
        shell: [],
        problems: found.problems.map((problem) => ({ ...problem, line: start })),
      },
      start,
      to,
    )
    this.at = to + 1
    return true
  }

  /** The code spans that begin on a line; the last may run over the following lines of the paragraph. */
  private spansFrom(
    start: number,
    text: string,
  ): { pieces: Piece[]; to: number; unclosed: boolean } | undefined {
    const html = text.replace(/<(pre|code)>|<\/(pre|code)>/gi, '\0')
    if (!text.includes('`')) return { pieces: splitHtml(html), to: start, unclosed: false }
    let whole = text
    let pieces = piecesOf(whole)
    let to = start
    const isOpen = () => pieces.at(-1)?.isOpen === true
    if (
      !isOpen() ||
      !/^\s*(?:[A-Za-z_]\w*=|(?:\S*\/)?(?:python|torchrun|deepspeed|accelerate|srun|nohup|cd)\b)/.test(
        pieces.at(-1)!.text,
      )
    ) {
      if (!isOpen()) return { pieces, to, unclosed: false }
    } else {
      for (let next = start + 1; next < this.lines.length && next < start + 200; next++) {
        if (this.lines[next].trim() === '' || this.headingAt(next)) break
        whole += `\n${this.lines[next]}`
        const longer = piecesOf(whole)
        if (longer.findIndex((piece) => piece.isOpen) < 0)
          return { pieces: longer, to: next, unclosed: false }
      }
    }
    // Never closed: the rest of the line is the command, less the backticks at its end.
    pieces = piecesOf(text)
    to = start
    const last = pieces.at(-1)!
    if (!mentionsLaunch(last.text)) return { pieces, to, unclosed: false }
    pieces[pieces.length - 1] = { ...last, isCode: true, text: last.text.replace(/`+\s*$/, '') }
    return { pieces, to, unclosed: true }
  }
}

/** The cells of a table row. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type TokenBody = DistributiveOmit<Token, keyof Place>
type Piece = { isCode: boolean; isOpen?: boolean; text: string; raw: string }

/** Cuts a text into code spans and what lies between, as CommonMark does: a run of backticks ends at an equal run. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }))
  let plainFrom = 0
  for (let i = 0; i < runs.length; i++) {
    const open = runs[i]
    if (open.at < plainFrom) continue
    const close = runs.find((run) => run.at > open.at && run.length === open.length)
    const plain = text.slice(plainFrom, open.at)
    if (!close) {
      if (!mentionsLaunch(text.slice(open.at + open.length))) continue
      if (plain !== '') pieces.push({ isCode: false, text: plain, raw: plain })
      const raw = text.slice(open.at)
      pieces.push({ isCode: false, isOpen: true, text: raw.slice(open.length), raw })
      return pieces
    }
    if (plain !== '') pieces.push({ isCode: false, text: plain, raw: plain })
    pieces.push({
      isCode: true,
      text: text.slice(open.at + open.length, close.at),
      raw: text.slice(open.at, close.at + close.length),
    })
    plainFrom = close.at + close.length
  }
  const rest = text.slice(plainFrom)
  if (rest !== '') pieces.push({ isCode: false, text: rest, raw: rest })
  return pieces
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

function splitHtml(text: string): Piece[] {
  return text.split('\0').map((part) => {
    const decoded = part.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity])
    return { isCode: mentionsLaunch(decoded), text: decoded, raw: part }
  })
}

function codeSpans(text: string): { content: string }[] {
  return piecesOf(text)
    .filter(({ isCode }) => isCode)
    .map((piece) => ({ content: piece.text }))
}

/** A line that only sets variables: `A=1 B=2`, with or without `export`. */
function environmentOf(line: string): { text: string; settings: Record<string, string> } | undefined {
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

/** A heading's words without the markup that wraps all of them. */
function plainName(text: string): string {
  return text
    .trim()
    .replace(/^(\*\*|__|`)(.+)\1$/, '$2')
    .trim()
}
