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
import { isLabel, isRun, isTitleOfCommand, isTitleOfNotes, type TextToken } from './headLines.ts'
import { dateIn, isTodo, joinLabels, namesActivity, readLabel } from './labels.ts'
import { LabelStack, type Label } from './labelStack.ts'
import type { FoundLaunch, FoundProblem } from './launchText.ts'
import { findLinks } from './links.ts'
import { splitLines } from './markup.ts'
import { readRun, runName, type OpenRun } from './runs.ts'
import { hasContent, markExperiments, newSection } from './sections.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'

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
  private readonly headingIds: ReadonlySet<string | undefined>
  private readonly sections: LabSection[] = []
  private readonly lines: LabLine[] = []
  private readonly problems: LabProblem[] = []
  private readonly todos: LabTodo[] = []
  private section = newSection(withoutHeading, 0, 1)
  private labels = new LabelStack()
  private run: OpenRun | undefined
  private group: { text: string; date: string | undefined } | undefined
  private block = 0

  constructor(tokens: readonly Token[], source: readonly string[]) {
    this.tokens = tokens
    this.source = source
    this.headingIds = new Set(
      tokens.map((token) => (token.kind === 'heading' ? experimentId(token.name) : undefined)),
    )
  }

  read(): LabBook {
    this.sections.push(this.section)
    for (const [index, token] of this.tokens.entries()) this.token(token, index)
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

  private token(token: Token, index: number): void {
    if (token.kind === 'heading') this.openSection(token.name, token.level, token.from + 1)
    this.report(token.problems)
    switch (token.kind) {
      case 'heading':
        if (token.isTodo || isTodo(token.name)) this.todo(token.from, token.name)
        return this.mark(token, 'heading')
      case 'blank':
        this.block++
        // A plain line such as "step=6000" speaks of the commands right below it.
        this.endLabels(this.labels.take(({ isUsed, rank }) => isUsed && rank === 1))
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
        if (token.text !== '' && !/^\s*(?:>\s?)*[`~#]/.test(token.text)) this.labelBehind(token)
        return this.mark(token, 'fence')
      case 'commands':
        return this.commands(token)
      case 'text':
        return this.text(token, index)
    }
  }

  private openSection(name: string, level: number, line: number): void {
    this.closeSection(line - 1)
    this.section = newSection(name, level, line)
    this.sections.push(this.section)
    this.run = undefined
    this.group = undefined
    this.block = 0
  }

  private closeSection(lastLine: number): void {
    this.endLabels(this.labels.take(() => true))
    this.section.lines[1] = Math.max(this.section.lines[0], lastLine)
  }

  private mark(token: Token, kind: LabLine['kind'], more: LabLine['kind'] = kind): void {
    for (let line = token.from; line <= token.to; line++)
      this.lines.push({
        line: line + 1,
        kind: line === token.from ? kind : more,
        experiment: this.section.name,
      })
  }

  private report(problems: readonly FoundProblem[]): void {
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

  private todo(line: number, text: string): void {
    this.todos.push({ line: line + 1, experiment: this.section.name, text })
  }

  private labelBehind(token: Extract<Token, { kind: 'fence' }>): void {
    const last = this.section.commands.at(-1)
    if (!last) return this.note(token.from, token.text, 'text', token.indent)
    last.labels = joinLabels([last.labels, { text: [token.text] }, readLabel(token.text)])
    last.todo ||= isTodo(token.text)
  }

  private text(token: TextToken, index: number): void {
    this.endContentRun(token)
    const next = this.tokens[index + 1]
    const after = this.next(index)
    const line = {
      token,
      before: this.tokens[index - 1],
      after,
      headsCommand: next?.kind === 'commands' || (next?.kind === 'fence' && after?.kind === 'commands'),
      sectionId: experimentId(this.section.name),
      headingIds: this.headingIds,
    }
    const todo = isTodo(token.text) || token.checkbox === false
    if (isRun(line)) {
      const isContent = after !== undefined && after.indent > token.indent
      this.openRun({ text: token.text, indent: token.indent, todo, isInline: false, isContent }, token.from)
      if (todo) this.todo(token.from, token.text)
      return this.mark(token, 'run')
    }
    if (isLabel(line)) {
      this.group = undefined
      this.endLabels(
        this.labels.push({
          text: token.text,
          indent: token.indent,
          rank: isTitleOfCommand(token.text) ? 0 : 1,
          isListItem: token.marker === 'bullet' || token.marker === 'number',
          line: token.from,
          isUsed: false,
          todo,
        }),
      )
      return this.mark(token, 'label')
    }
    const kind =
      token.marker === null
        ? isTitleOfNotes(token.text)
          ? 'group'
          : 'text'
        : token.marker === 'comment'
          ? 'comment'
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

  private openRun(run: Omit<OpenRun, 'name'>, line: number): void {
    this.endLabels(this.labels.take(() => true))
    this.run = { ...run, name: runName(run.text) }
    const { name, text, todo } = this.run
    this.section.runs.push({ name, line: line + 1, text, todo })
  }

  private commands(token: CommandsToken): void {
    this.endContentRun(token)
    const isItem = token.marker === 'bullet' || token.marker === 'number'
    if (isItem && this.run && token.indent <= this.run.indent) this.run = undefined
    // ~~`command`~~: the tildes are no words of a label.
    const isStruck = token.before.endsWith('~~') && token.after.startsWith('~~')
    const [before, after] = isStruck
      ? [token.before.slice(0, -2).trim(), token.after.slice(2).trim()]
      : [token.before, token.after]
    this.openInlineRun(token)
    this.endLabels(
      this.labels.take(
        ({ isUsed, indent, rank }) =>
          isUsed && (indent > token.indent || (rank === 1 && token.before !== '')),
      ),
    )
    const own = [before, after].filter((text) => /[\p{L}\p{N}]/u.test(text))
    for (const launch of token.commands) this.command(launch, own, isStruck, token.checkbox === false)
    this.mark(token, token.commands.length > 0 ? 'command' : 'command-problem', 'command-continued')
    const starts = new Set(token.commands.map(({ line }) => line + 1))
    for (const line of this.lines.slice(token.from - token.to - 1))
      if (starts.has(line.line)) line.kind = 'command'
  }

  /** `- exp5_1: lr 5e-5 \`command\`` opens a run that ends with the next bullet. */
  private openInlineRun({ marker, before, indent, from }: CommandsToken): void {
    if (marker !== 'bullet' || before === '' || namesActivity(before)) return
    if (experimentId(before.replace(/^\W+/, '')) === undefined) return
    this.openRun({ text: before, indent, todo: isTodo(before), isInline: true, isContent: false }, from)
  }

  private command(
    { line, kind, env, argv, comment }: FoundLaunch,
    own: readonly string[],
    isStruck: boolean,
    isUnchecked: boolean,
  ): void {
    const { chain, under } = this.labels.of(argv)
    const texts = [...chain.map(({ text }) => text), ...own, ...(comment === undefined ? [] : [comment])]
    const facts = joinLabels([...texts.map(readLabel), ...(isStruck ? [{ states: ['struck'] }] : [])])
    const labels: CommandLabels = {
      ...(texts.length > 0 ? { text: texts } : {}),
      ...(under === undefined ? {} : { under: under.text }),
      ...(this.run === undefined ? {} : { run: this.run.name }),
      ...(this.run && chain.length === 0 ? joinLabels([readRun(this.run.text), facts]) : facts),
    }
    const todo =
      isUnchecked || texts.some(isTodo) || chain.some((label) => label.todo) || this.run?.todo === true
    this.section.commands.push({ line: line + 1, kind, env, argv, labels, todo })
    if (own.some(isTodo) || isUnchecked) this.todo(line, this.source[line].trim().slice(0, 400))
  }

  /** Of labels that end, one that headed nothing is kept as a note, and as a todo when it says so. */
  private endLabels(labels: readonly Label[]): void {
    for (const { text, line, indent, isUsed, todo } of labels) {
      if (todo) this.todo(line, text)
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
    if (todo && kind !== 'label') this.todo(line, text)
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
