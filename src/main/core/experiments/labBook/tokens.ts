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
import { codeSpans, piecesOf, splitHtml, startsLaunch, type Piece } from './codeSpans.ts'
import {
  cellsOf,
  environmentOf,
  fenceParts,
  indentOf,
  peel,
  plainName,
  withoutClosingSigns,
  type Marker,
} from './markup.ts'

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
    const signs = /^ {0,3}(#{1,6})(?!#)/.exec(line)
    if (signs) {
      const rest = line.slice(signs[0].length)
      const name = withoutClosingSigns(rest.trim())
      // "##exp1" without a blank is meant as a heading; "#5e-4" and "#!/bin/sh" are not.
      const isHeading = /^[ \t]/.test(rest) || (signs[1].length >= 2 && /^[^\s#!]/.test(rest))
      if (isHeading && name !== '') return { level: signs[1].length, name: plainName(name), lines: 1 }
    }
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
    const parts = org ? undefined : fenceParts(line)
    if (!org) {
      // "```python train.py" is a command in backticks, no language with attributes.
      if (
        !parts ||
        parts.before.includes('`') ||
        mentionsLaunch(line.slice(parts.before.length + parts.fence.length))
      )
        return false
    }
    const fence = parts?.fence ?? ''
    const language = (
      org ? (org[1].toLowerCase() === 'src' ? org[2] : 'text') : (parts?.language ?? '')
    ).toLowerCase()
    const isClosing = (text: string): boolean => {
      if (org) return /^\s*#\+end_(src|example)/i.test(text)
      const found = /^\s*(?:>\s?)*(`{3,}|~{3,})(.*)$/.exec(text)
      return (
        found !== null &&
        found[1][0] === fence[0] &&
        found[1].length >= fence.length &&
        !found[2].includes('`') &&
        !languages.test(found[2].trim())
      )
    }
    let end = start + 1
    while (end < this.lines.length && !isClosing(this.lines[end])) end++
    const opened = peel(parts?.before ?? '')
    const before = opened.text
    const isClosed = end < this.lines.length
    if (!isClosed) {
      // Text in front of backticks that open nothing is text; a block without an end stops at the next heading.
      if (before !== '') return false
      end = start + 1
      while (end < this.lines.length && !this.looksLikeSection(end)) end++
    }
    const after = isClosed && !org ? this.lines[end].replace(/^\s*(?:>\s?)*[`~]+/, '').trim() : ''
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
      if (this.spanCommands(start, marker, box, text)) return
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

  /** Commands in code spans. False when the spans hold none. */
  private spanCommands(start: number, marker: Marker, box: { checkbox?: boolean }, text: string): boolean {
    const { pieces, to, unclosed } = this.spansFrom(start, text)
    const commands: TokenCommand[] = []
    const problems: FoundProblem[] = []
    if (unclosed === 'warning')
      problems.push({
        line: start,
        severity: unclosed,
        code: 'open-span',
        message: 'The backticks around this command do not match; the command was taken to end with them.',
      })
    if (unclosed === 'error')
      problems.push({
        line: start,
        severity: unclosed,
        code: 'open-span',
        message: 'The backticks around this command are never closed, so its end is not known.',
      })
    const outside: string[] = []
    for (const piece of pieces) {
      const found = piece.isCode && mentionsLaunch(piece.text) ? readSpan(piece.text) : undefined
      if (found && (found.launches.length > 0 || found.problems.length > 0)) {
        commands.push(...found.launches.map((launch) => ({ ...launch, line: start })))
        problems.push(...found.problems.map((problem) => ({ ...problem, line: start })))
        outside.push('\0')
      } else outside.push(piece.raw)
    }
    if (commands.length === 0 && !problems.some(({ severity }) => severity === 'error')) return false
    const around = outside.join('')
    const first = around.includes('\0') ? around.indexOf('\0') : around.length
    const before = around.slice(0, first).trim()
    const after = around.slice(first).replaceAll('\0', ' ').trim()
    this.push({ kind: 'commands', marker, ...box, before, after, commands, shell: [], problems }, start, to)
    this.at = to + 1
    return true
  }

  private bareCommand(start: number, marker: Marker, box: { checkbox?: boolean }, text: string): boolean {
    if (!/python|torchrun|deepspeed|accelerate|srun|\.py|=/.test(text)) return false
    let to = start
    const lines = [text]
    while (
      /\\\s*$/.test(lines.at(-1)!) &&
      to + 1 < this.lines.length &&
      to - start < 500 &&
      this.lines[to + 1].trim() !== ''
    ) {
      lines[lines.length - 1] = lines.at(-1)!.replace(/\\\s+$/, '\\')
      lines.push(this.lines[++to].replace(/^\s*(?:>\s?)*/, ''))
    }
    const joined = lines.join(' ').replace(/\\(?=\s)/g, ' ')
    let before = ''
    if (!isBareLaunch(joined)) {
      const label = /^(\*\*[^*]+\*\*\s*[:：]?\s+|[^`]{1,60}?(?::\s+|：\s*))(?=\S)/.exec(text)
      if (!label || !isBareLaunch(joined.slice(label[0].length))) return false
      before = label[1].trim()
      lines[0] = text.slice(label[0].length)
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
  ): { pieces: Piece[]; to: number; unclosed?: 'warning' | 'error' } {
    const html = text.replace(/<(pre|code)>|<\/(pre|code)>/gi, '\0')
    if (!text.includes('`')) return { pieces: splitHtml(html), to: start }
    const pieces = piecesOf(text)
    const open = pieces.at(-1)
    if (!open?.isOpen) return { pieces, to: start }
    if (startsLaunch.test(open.text)) {
      const run = /^`+/.exec(open.raw)?.[0] ?? ''
      const closes = new RegExp(`(?<!\`)${run}(?!\`)`)
      for (let to = start + 1; to < this.lines.length && to < start + 200; to++) {
        if (this.lines[to].trim() === '' || this.headingAt(to)) break
        if (!closes.test(this.lines[to])) continue
        const longer = piecesOf([text, ...this.lines.slice(start + 1, to + 1)].join('\n'))
        if (!longer.some((piece) => piece.isOpen)) return { pieces: longer, to }
      }
    }
    // A command that goes on but never ends is not guessed at.
    if (/\\\s*$/.test(open.text)) return { pieces, to: start, unclosed: 'error' }
    // Else the rest of the line is the command, less the backticks at its end.
    if (!mentionsLaunch(open.text)) return { pieces, to: start }
    const code = { ...open, isCode: true, text: open.text.replace(/`+\s*$/, '') }
    return { pieces: [...pieces.slice(0, -1), code], to: start, unclosed: 'warning' }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type TokenBody = DistributiveOmit<Token, keyof Place>
