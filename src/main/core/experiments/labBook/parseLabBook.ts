/**
 * Reads a lab book: second pass over its tokens, which gives every line its meaning. Nothing is dropped; `lines`
 * says what each line became.
 */
import {
  experimentId,
  type CommandLabels,
  type LabBook,
  type LabLine,
  type LabNote,
  type LabProblem,
  type LabSection,
  type LabTodo,
} from '../../../../shared/domain/labBook.ts'
import { baseName } from '../../../../shared/domain/launch/catalogue.ts'
import { splitLaunch } from '../../../../shared/domain/launch/splitLaunch.ts'
import { dateIn, isTodo, joinLabels, namesActivity, readLabel, scriptIn } from './labels.ts'
import { findLinks } from './links.ts'
import { splitLines } from './markup.ts'
import { tokenize, type Token } from './tokens.ts'

type Label = { text: string; indent: number; rank: 0 | 1; line: number; isUsed: boolean; todo: boolean }
type TextToken = Extract<Token, { kind: 'text' }>
type CommandsToken = Extract<Token, { kind: 'commands' }>

/**
 * Parses a whole file.
 *
 * @param text decoded text; CRLF, a byte order mark and any other characters are fine.
 */
export function parseLabBook(text: string): LabBook {
  const lines = splitLines(text)
  return new Reader(tokenize(lines), lines).read()
}

/** The implicit section for what stands in front of the first heading. */
const withoutHeading = '(no heading)'

class Reader {
  private readonly tokens: readonly Token[]
  private readonly source: readonly string[]
  private readonly sections: LabSection[] = []
  private readonly lines: LabLine[] = []
  private readonly problems: LabProblem[] = []
  private readonly todos: LabTodo[] = []
  private section!: LabSection
  private labels: Label[] = []
  /** `isContent`: the run's commands are indented below its bullet, so it ends with the indentation. */
  private run:
    | { name: string; text: string; indent: number; todo: boolean; isInline: boolean; isContent: boolean }
    | undefined
  private group: { text: string; date: string | undefined } | undefined
  private block = 0
  private readonly headingIds: ReadonlySet<string | undefined>

  constructor(tokens: readonly Token[], source: readonly string[]) {
    this.tokens = tokens
    this.headingIds = new Set(
      tokens.map((token) => (token.kind === 'heading' ? experimentId(token.name) : undefined)),
    )
    this.source = source
  }

  read(): LabBook {
    const startsWithHeading = this.tokens.find(({ kind }) => kind !== 'blank')?.kind === 'heading'
    if (!startsWithHeading || this.tokens.length === 0) this.open(withoutHeading, 0, 1)
    for (let i = 0; i < this.tokens.length; i++) this.token(i)
    this.closeSection(this.source.length)
    // A leading part without a heading is only worth showing when it holds something.
    const sections = this.sections.filter((section) => section.level > 0 || hasContent(section))
    markExperiments(sections)
    return {
      sections,
      links: findLinks(sections),
      todos: this.todos,
      problems: this.problems,
      lines: this.nameExperiments(sections),
    }
  }

  private open(name: string, level: number, line: number): void {
    if (this.sections.length > 0) this.closeSection(line - 1)
    this.section = {
      name,
      level,
      parent: null,
      lines: [line, line],
      notes: [],
      commands: [],
      isExperiment: false,
      runs: [],
      environment: [],
      shell: [],
    }
    this.sections.push(this.section)
    this.labels = []
    this.run = undefined
    this.group = undefined
    this.block = 0
  }

  private closeSection(lastLine: number): void {
    this.flushLabels(() => true)
    this.section.lines[1] = Math.max(this.section.lines[0], lastLine)
  }

  private mark(token: Token, kind: LabLine['kind'], more: LabLine['kind'] = kind): void {
    for (let line = token.from; line <= token.to; line++)
      this.lines.push({
        line: line + 1,
        kind: line === token.from ? kind : more,
        experiment: this.section?.name ?? null,
      })
  }

  private token(index: number): void {
    const token = this.tokens[index]
    switch (token.kind) {
      case 'heading':
        this.open(token.name, token.level, token.from + 1)
        if (token.isTodo || isTodo(token.name))
          this.todos.push({ line: token.from + 1, experiment: token.name, text: token.name })
        return this.mark(token, 'heading')
      case 'blank':
        if (this.section === undefined) this.open(withoutHeading, 0, 1)
        this.block++
        // A plain line such as "step=6000" speaks of the commands right below it.
        this.flushLabels(({ isUsed, rank }) => isUsed && rank === 1)
        return this.mark(token, 'blank')
      case 'rule':
        return this.mark(token, 'rule')
      case 'comment':
      case 'front-matter':
        for (let line = token.from; line <= token.to; line++)
          this.note(line, this.source[line].trim(), 'comment', token.indent)
        return this.mark(token, token.kind)
      case 'environment':
        this.section.environment.push({ line: token.from + 1, text: token.text, settings: token.settings })
        return this.mark(token, 'environment')
      case 'shell':
        this.section.shell.push({ line: token.from + 1, text: token.text })
        return this.mark(token, 'shell')
      case 'table':
        if (!/^[|\s:+-]+$/.test(token.text)) this.note(token.from, token.text, 'table', token.indent)
        return this.mark(token, 'table')
      case 'code':
        this.note(token.from, token.text, 'code', token.indent)
        return this.mark(token, 'code')
      case 'fence':
        // Words behind a closing fence are a label of the command inside.
        if (token.text !== '' && !/^\s*(?:>\s?)*[`~#]/.test(token.text)) this.trailing(token)
        this.report(token.problems)
        return this.mark(token, 'fence')
      case 'commands':
        return this.commands(token)
      case 'text':
        return this.text(token, index)
    }
  }

  private report(problems: CommandsToken['problems']): void {
    for (const { line, severity, code, message } of problems)
      this.problems.push({
        line: line + 1,
        severity,
        code,
        message,
        text: this.source[line].trim().slice(0, 400),
        experiment: this.section.name,
      })
  }

  private trailing(token: Extract<Token, { kind: 'fence' }>): void {
    const last = this.section.commands.at(-1)
    if (!last) return this.note(token.from, token.text, 'text', token.indent)
    last.labels = joinLabels([last.labels, { text: [token.text] }, readLabel(token.text)])
    last.todo ||= isTodo(token.text)
  }

  private text(token: TextToken, index: number): void {
    this.endContentRun(token)
    this.report(token.problems)
    const next = this.tokens[index + 1]
    const after = this.next(index)
    const headsCommand = next?.kind === 'commands' || (next?.kind === 'fence' && after?.kind === 'commands')
    if (this.isRun(token, index, headsCommand))
      return this.openRun(token, after !== undefined && after.indent > token.indent)
    if (this.isLabel(token, index, headsCommand)) {
      const rank = isBold(token.text) || /^[\w/.-]+\.(py|sh)\b/.test(token.text) ? 0 : 1
      this.group = undefined
      const isNew = (label: Label) =>
        label.indent > token.indent || (label.indent === token.indent && label.rank >= rank)
      this.flushLabels(isNew)
      this.labels.push({
        text: token.text,
        indent: token.indent,
        rank,
        line: token.from,
        isUsed: false,
        todo: isTodo(token.text) || token.checkbox === false,
      })
      return this.mark(token, 'label')
    }
    const kind =
      token.marker === null && isTitle(token.text)
        ? 'group'
        : token.marker === 'comment'
          ? 'comment'
          : token.marker === null
            ? 'text'
            : 'bullet'
    if (kind === 'group') this.group = { text: token.text, date: dateIn(token.text) }
    this.note(token.from, token.text, kind, token.indent, token.checkbox)
    this.mark(token, kind === 'group' ? 'note-group' : 'note')
  }

  private endContentRun({ indent }: Token): void {
    if (this.run?.isContent && indent <= this.run.indent) this.run = undefined
  }

  /** The next token that is neither blank nor a fence. */
  private next(index: number): Token | undefined {
    let at = index + 1
    while (this.tokens[at]?.kind === 'blank' || this.tokens[at]?.kind === 'fence') at++
    return this.tokens[at]
  }

  /** A bullet opens a run when commands follow it at once, or as its indented content. */
  private isRun(token: TextToken, index: number, headsCommand: boolean): boolean {
    if (token.marker !== 'bullet' && token.marker !== 'number') return false
    const after = this.next(index)
    const isContent = after?.kind === 'commands' && after.indent > token.indent
    if (!headsCommand && !isContent) return false
    if (
      namesActivity(token.text) ||
      (experimentId(token.text) === undefined && hasFacts(readLabel(token.text)))
    )
      return false
    // "- exp5 + a new head" in another section is a note about exp5, which has a section of its own.
    const id = experimentId(token.text)
    if (id !== undefined && id !== experimentId(this.section.name) && this.headingIds.has(id)) return false
    return id !== undefined || !this.isInList(token, index)
  }

  /** The last bullet of a list of notes is a note, unless it is the name of an experiment. */
  private isInList(token: TextToken, index: number): boolean {
    const before = this.tokens[index - 1]
    return before?.kind === 'text' && before.marker === token.marker && before.indent === token.indent
  }

  private openRun(token: TextToken, isContent: boolean): void {
    this.flushLabels(() => true)
    const todo = isTodo(token.text) || token.checkbox === false
    this.run = {
      name: runName(token.text),
      text: token.text,
      indent: token.indent,
      todo,
      isInline: false,
      isContent,
    }
    this.section.runs.push({ name: this.run.name, line: token.from + 1, text: token.text, todo })
    if (todo) this.todos.push({ line: token.from + 1, experiment: this.section.name, text: token.text })
    this.mark(token, 'run')
  }

  private isLabel(token: TextToken, index: number, headsCommand: boolean): boolean {
    const { text } = token
    if (text.length > 300 || token.problems.length > 0) return false
    if (token.marker === 'comment') return headsCommand
    const after = this.next(index)
    const isBullet = token.marker !== null
    const leads =
      after?.kind === 'commands' ||
      (after?.kind === 'text' && (isBold(after.text) || namesActivity(after.text)) && isTitleLike(after.text))
    if (isBold(text) && !isBullet)
      return (
        scriptIn(firstBold(text)) !== undefined ||
        headsCommand ||
        (namesActivity(text) && (leads || isTodo(text)))
      )
    if (isBullet) {
      const heads = headsCommand || (after?.kind === 'commands' && after.indent > token.indent)
      if (namesActivity(text)) return heads || isTodo(text)
      return heads && !this.isInList(token, index) && hasFacts(readLabel(text))
    }
    if (headsCommand) return /[:：]$/.test(text) || namesActivity(text) || hasFacts(readLabel(text))
    if (after?.kind !== 'commands') return false
    return (/[:：]$/.test(text) && text.length <= 80) || (namesActivity(text) && text.length <= 40)
  }

  private commands(token: CommandsToken): void {
    this.endContentRun(token)
    // ~~`command`~~: the tildes are no words of a label.
    const isStruck = token.before.endsWith('~~') && token.after.startsWith('~~')
    const own = (
      isStruck ? [token.before.slice(0, -2).trim(), token.after.slice(2).trim()] : [token.before, token.after]
    ).filter((text) => text !== '')
    this.report(token.problems)
    if (token.marker !== null && this.run?.isInline && token.indent <= this.run.indent) this.run = undefined
    const id =
      token.marker === 'bullet' && token.before !== ''
        ? experimentId(token.before.replace(/^\W+/, ''))
        : undefined
    if (id !== undefined && !namesActivity(token.before)) {
      this.flushLabels(() => true)
      this.run = {
        name: runName(token.before),
        text: token.before,
        indent: token.indent,
        todo: isTodo(token.before),
        isInline: true,
        isContent: false,
      }
      this.section.runs.push({
        name: this.run.name,
        line: token.from + 1,
        text: token.before,
        todo: this.run.todo,
      })
    }
    this.flushLabels(
      (label) => label.isUsed && (label.indent > token.indent || (label.rank === 1 && token.before !== '')),
    )
    for (const { line, kind, env, argv, comment } of token.commands) {
      const { chain, under } = this.labelsFor(argv)
      for (const label of chain) label.isUsed = true
      const texts = [...chain.map(({ text }) => text), ...own, ...(comment === undefined ? [] : [comment])]
      const labels: CommandLabels = {
        ...(texts.length > 0 ? { text: texts } : {}),
        ...(under === undefined ? {} : { under: under.text }),
        ...(this.run === undefined ? {} : { run: this.run.name }),
        ...joinLabels([...texts.map(readLabel), ...(isStruck ? [{ states: ['struck'] }] : [])]),
      }
      if (this.run && chain.length === 0) Object.assign(labels, joinLabels([readRun(this.run.text), labels]))
      const todo =
        texts.some(isTodo) ||
        chain.some((label) => label.todo) ||
        this.run?.todo === true ||
        token.checkbox === false
      this.section.commands.push({ line: line + 1, kind, env, argv, labels, todo })
      if (own.some(isTodo) || token.checkbox === false)
        this.todos.push({
          line: line + 1,
          experiment: this.section.name,
          text: this.source[line].trim().slice(0, 400),
        })
    }
    this.mark(token, token.commands.length > 0 ? 'command' : 'command-problem', 'command-continued')
  }

  /** The labels that speak of a command: the innermost with the lines below it, and the one a level further out. */
  private labelsFor(argv: readonly string[]): { chain: Label[]; under: Label | undefined } {
    const script = baseName(splitLaunch(argv).script ?? '')
    const heads = this.labels.filter((label) => {
      const named = scriptIn(label.text)
      return named === undefined || !label.isUsed || baseName(named) === script
    })
    const innermost = heads.at(-1)
    if (!innermost) return { chain: [], under: undefined }
    const chain = heads.filter(({ indent }) => indent === innermost.indent)
    const under = heads.findLast(({ indent }) => indent < innermost.indent)
    return { chain, under }
  }

  /** Takes labels off; one that headed nothing is kept as a note, and as a todo when it says so. */
  private flushLabels(which: (label: Label) => boolean): void {
    const leaving = this.labels.filter(which)
    this.labels = this.labels.filter((label) => !which(label))
    for (const { text, line, indent, isUsed, todo } of leaving) {
      if (todo) this.todos.push({ line: line + 1, experiment: this.section.name, text })
      if (!isUsed) this.note(line, text, 'label', indent)
    }
  }

  private note(line: number, text: string, kind: LabNote['kind'], indent: number, checkbox?: boolean): void {
    const date = dateIn(text) ?? this.group?.date
    const todo = kind !== 'code' && (checkbox === undefined ? isTodo(text) : !checkbox)
    this.section.notes.push({
      line: line + 1,
      text,
      kind,
      ...(this.group === undefined || kind === 'group' ? {} : { group: this.group.text }),
      block: this.block,
      ...(date === undefined ? {} : { date }),
      struck: /^\W*~~.+~~\W*$/.test(text),
      todo,
      indent,
      ...(this.run === undefined ? {} : { run: this.run.name }),
    })
    if (todo && kind !== 'label') this.todos.push({ line: line + 1, experiment: this.section.name, text })
  }

  /** Line records name an experiment only where the section is one. */
  private nameExperiments(sections: readonly LabSection[]): LabLine[] {
    const names = new Set(sections.filter(({ isExperiment }) => isExperiment).map(({ name }) => name))
    const known = (name: string | null) => (name !== null && names.has(name) ? name : null)
    for (const section of sections) section.notes.sort((a, b) => a.line - b.line)
    for (const list of [this.todos, this.problems]) {
      for (const entry of list) entry.experiment = known(entry.experiment)
      list.sort((a, b) => a.line - b.line)
    }
    return this.lines.map((line) => ({ ...line, experiment: known(line.experiment) }))
  }
}

const hasContent = ({ notes, commands, environment, shell }: LabSection) =>
  notes.length + commands.length + environment.length + shell.length > 0

/**
 * Which sections are experiments: all from level 2 on. A level-1 heading is usually a part of the book; it counts
 * when it holds commands itself, bears an experiment's name, or the book has no deeper headings.
 */
function markExperiments(sections: readonly LabSection[]): void {
  const isFlat = sections.every(({ level }) => level <= 1)
  const open: LabSection[] = []
  for (const section of sections) {
    const { level, name, commands } = section
    section.isExperiment =
      level >= 2 ||
      commands.length > 0 ||
      (level === 1 && (/^\S+$/.test(name) ? experimentId(name) !== undefined : isFlat && hasContent(section)))
    while (open.length > 0 && open.at(-1)!.level >= level) open.pop()
    section.parent = open.findLast(({ isExperiment }) => isExperiment)?.name ?? null
    if (level > 0) open.push(section)
  }
}

const isBold = (text: string) => /^(\*\*|__)\S/.test(text)
const firstBold = (text: string) => /^(?:\*\*|__)(.+?)(?:\*\*|__)/.exec(text)?.[1] ?? ''
/** A whole line in bold is the title of the notes below it. */
const isTitle = (text: string) => /^(\*\*|__)[^*]+\1\s*[:：]?$/.test(text)
const isTitleLike = (text: string) => isBold(text) || text.length <= 60
const hasFacts = (labels: CommandLabels) =>
  Object.keys(labels).some((name) => name !== 'remarks' && name !== 'settings')

/** The name of a run: its first word when that names an experiment, else all of it without markup. */
function runName(text: string): string {
  const plain = text.replace(/\*\*|~~|`/g, '').trim()
  return (
    experimentId(plain) !== undefined ? plain.split(/[\s:：,，+]+/)[0] : plain.replace(/[:：]\s*$/, '')
  ).slice(0, 200)
}

/** Of a run's title only the learning rate inside its name and state words are facts. */
function readRun(text: string): CommandLabels {
  const rate = /(?<![A-Za-z])lr[_=]?(\d[\d.]*(?:e-?\d+)?)/i.exec(text)?.[1]
  const { states } = readLabel(text.replace(/\S*\d\S*/g, ' '))
  return {
    ...(rate === undefined ? {} : { learningRates: [rate] }),
    ...(states === undefined ? {} : { states }),
  }
}
