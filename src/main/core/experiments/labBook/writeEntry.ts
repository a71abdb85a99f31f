/**
 * Writes a finished run into the lab book in the user's own style: how labels, steps and backticks look is learned
 * from the commands that stand there already. The result is proposed first; nothing is written here.
 */
import type { LabBook, LabCommand, LabSection } from '../../../../shared/domain/labBook.ts'
import type { LaunchCommand } from '../../../../shared/domain/launch/launchForm.ts'
import { baseName, type CommandKind } from '../../../../shared/domain/launch/catalogue.ts'
import { splitLaunch } from '../../../../shared/domain/launch/splitLaunch.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { splitKeepingEnds, unifiedDiff } from '../../../../shared/domain/textDiff.ts'
import { AppError } from '../../../../shared/errors.ts'
import { commandKey } from '../identities.ts'
import { parseLabBook } from './parseLabBook.ts'
import { indentOf, isOrg } from './markup.ts'

/** What is to be noted. */
export type LabEntry = {
  /** Name of the section; a new one is added at the end when the book has none of that name. */
  experiment: string
  /** Name of a run inside the section. */
  run?: string
  kind: CommandKind
  command: LaunchCommand
  step?: number
  machine?: string
  /** Scores by name, as they shall be written: `{ FID: '14.7104' }`. */
  scores?: Record<string, string>
  remark?: string
}

export type ProposedEntry = { before: string; after: string; patch: string }

/** A place in the file: lines are inserted in front of `line` (from 0), or `line` is replaced. */
type Change = { line: number; replace: boolean; lines: string[] }

/**
 * Proposes the text with the entry. A command that stands in the section already gets its step and scores; else it
 * is added behind the last command of its kind.
 *
 * @param name file name for the diff's header.
 * @throws AppError `usage` when the entry cannot be one line of Markdown.
 */
export function proposeEntry(text: string, entry: LabEntry, name: string): ProposedEntry {
  const facts = [entry.machine, entry.remark, ...Object.entries(entry.scores ?? {}).flat()].filter(
    (part) => part !== undefined,
  )
  if (facts.some((part) => /[\r\n`]/.test(part)))
    throw new AppError('usage', 'Scores, machine and remark are written on one line, without backticks.')
  const book = parseLabBook(text)
  const lines = splitKeepingEnds(text)
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const changes = changesFor(book, lines, entry)
  for (const { line, replace, lines: added } of changes.sort((a, b) => b.line - a.line)) {
    const previous = lines[line - 1]
    if (!replace && previous !== undefined && !previous.endsWith('\n')) lines[line - 1] = previous + lineEnd
    const isLast = line + (replace ? 1 : 0) >= lines.length
    const endOfFile = isLast && text !== '' && !text.endsWith('\n') ? '' : lineEnd
    lines.splice(
      line,
      replace ? 1 : 0,
      ...added.map((content, index) => content + (index === added.length - 1 ? endOfFile : lineEnd)),
    )
  }
  const after = lines.join('')
  checkResult(book, parseLabBook(after), entry)
  return { before: text, after, patch: unifiedDiff(text, after, { before: name, after: name }) }
}

function changesFor(book: LabBook, lines: readonly string[], entry: LabEntry): Change[] {
  const section = book.sections.find(
    (candidate) => candidate.name === entry.experiment && (candidate.isExperiment || candidate.level > 0),
  )
  const style = styleOf(book, section, entry.kind, lines)
  if (!section) return [newSection(book, lines, entry, style)]
  const key = commandKey(entry.command)
  const known = section.commands.filter(
    (command) => commandKey(command) === key && (entry.run === undefined || command.labels.run === entry.run),
  )
  // Of equal commands the one that still waits for its result is meant, else the last.
  const present = known.find(({ todo, labels }) => todo || (labels.pending?.length ?? 0) > 0) ?? known.at(-1)
  if (present) {
    const isTaken =
      entry.step !== undefined &&
      present.labels.steps !== undefined &&
      !present.labels.steps.includes(entry.step) &&
      !present.todo
    if (!isTaken) return noteResult(book, section, present, lines, entry, style)
  }
  return [insertCommand(book, section, lines, entry, style)]
}

/** How the user writes commands of a kind. */
type Style = {
  indent: string
  fence: string
  padding: [string, string]
  isBlock: boolean
  label: string
  stepPrefix: string
}

function styleOf(
  book: LabBook,
  section: LabSection | undefined,
  kind: CommandKind,
  lines: readonly string[],
): Style {
  const others = book.sections.flatMap((other) => (other === section ? [] : other.commands))
  // The section's own commands come last, so that they are looked at first.
  const all = [...others, ...(section?.commands ?? [])]
  const sample = all.findLast((command) => command.kind === kind) ?? all.at(-1)
  const stepPrefix = [...all]
    .reverse()
    .flatMap(({ labels }) => labels.text ?? [])
    .map((text) => /\bstep\s?[=:]\s?(?=\d)/i.exec(text)?.[0])
    .find((found) => found !== undefined)
  const bare = all.some(
    ({ labels }) =>
      (labels.steps?.length ?? 0) > 0 && !(labels.text ?? []).some((text) => /step/i.test(text)),
  )
  const source = sample ? (lines[sample.line - 1] ?? '') : ''
  const span = /^(\s*)(?:[-*+]\s+|\d+[.)]\s+)?[^`]*(`+)(\s*).*?(\s*)\2/.exec(source)
  const script = (command: LabCommand) => baseName(splitLaunch(command.argv).script ?? '')
  const label = sample ? (sample.labels.text ?? []).find((text) => /^\*\*.+?\*\*/.test(text)) : undefined
  const name =
    label === undefined ? undefined : /^\*\*(.+?)\*\*/.exec(label)?.[1].replace(/\s*\bto-?do\b/i, '')
  return {
    indent: '',
    fence: span?.[2] ?? '``',
    padding: span ? [span[3], span[4]] : ['    ', '      '],
    isBlock:
      sample !== undefined && span === null && book.lines.some(({ kind: lineKind }) => lineKind === 'fence'),
    label:
      sample && name !== undefined && (kind === 'eval-gen' || name.endsWith('.py'))
        ? script(sample)
        : (name ?? ''),
    stepPrefix: stepPrefix ?? (bare ? '' : 'step='),
  }
}

/** `step=8000`, `65:8000`, then scores and the remark, as one piece of text. */
function resultText(entry: LabEntry, style: Style, known: LabCommand['labels'] = {}): string {
  const parts: string[] = []
  const isNewStep = entry.step !== undefined && !(known.steps ?? []).includes(entry.step)
  const machine =
    entry.machine !== undefined && !(known.machines ?? []).includes(entry.machine) ? entry.machine : undefined
  if (isNewStep)
    parts.push(machine === undefined ? `${style.stepPrefix}${entry.step}` : `${machine}:${entry.step}`)
  else if (machine !== undefined) parts.push(`@${machine}`)
  for (const [name, value] of Object.entries(entry.scores ?? {})) parts.push(`${name}: ${value}`)
  if (entry.remark !== undefined && entry.remark.trim() !== '') parts.push(entry.remark.trim())
  return parts.join(' ')
}

/** Adds the result to a command that stands there: on its own label line, else behind the command. */
function noteResult(
  book: LabBook,
  section: LabSection,
  command: LabCommand,
  lines: readonly string[],
  entry: LabEntry,
  style: Style,
): Change[] {
  const result = resultText(entry, style, command.labels)
  const above = command.line - 2
  const isOwnLabel =
    book.lines[above]?.kind === 'label' &&
    !section.commands.some(({ line }) => line === command.line + 1) &&
    book.lines[command.line]?.kind !== 'command'
  if (isOwnLabel) {
    const old = lines[above].replace(/\r?\n$/, '')
    const done = old.replace(/[ \t]*(?<![A-Za-z])to-?do(?![A-Za-z])/gi, '').replace(/[ \t]+$/, '')
    // `step=(1e-4 …` was left open for the step.
    const isOpenStep = entry.step !== undefined && /\bstep\s?[=:](?=\s*(?:\(|$))/i.test(done)
    const withStep = isOpenStep ? done.replace(/\bstep\s?[=:](?=\s*(?:\(|$))/i, `$&${entry.step}`) : done
    const filled = fillPending(withStep, entry)
    const rest = resultText(
      { ...entry, scores: filled.left, ...(isOpenStep ? { step: undefined } : {}) },
      style,
      command.labels,
    )
    return [{ line: above, replace: true, lines: [`${filled.text}${rest === '' ? '' : ` ${rest}`}`] }]
  }
  if (result === '') return []
  let last = command.line - 1
  while (book.lines[last + 1]?.kind === 'command-continued') last++
  const old = lines[last].replace(/\r?\n$/, '').replace(/[ \t]+$/, '')
  // Behind backticks the text is a label; behind a bare command it must be a comment, or it would be an argument.
  return [
    {
      line: last,
      replace: true,
      lines: [
        `${old}${old.endsWith('`') || (/`/.test(old) && !/#\s/.test(old) && closesSpan(old)) ? ' ' : '  # '}${result}`,
      ],
    },
  ]
}

const closesSpan = (line: string) => (line.match(/`+/g)?.length ?? 0) % 2 === 0

/** Puts values behind names the label left open: `masked_loc_loss:` becomes `masked_loc_loss: 0.85`. */
function fillPending(label: string, entry: LabEntry): { text: string; left: Record<string, string> } {
  const left = { ...entry.scores }
  let text = label
  for (const [name, value] of Object.entries(left)) {
    const open = new RegExp(
      `(?<![\\w])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[:=](?=\\s*(?:[,，)]|\\s|$))(?!\\s*-?[\\d.])`,
    )
    if (!open.test(text)) continue
    text = text.replace(open, (match) => `${match} ${value}`)
    delete left[name]
  }
  return { text, left }
}

function insertCommand(
  book: LabBook,
  section: LabSection,
  lines: readonly string[],
  entry: LabEntry,
  style: Style,
): Change {
  const inRun = section.commands.filter(({ labels }) => entry.run === undefined || labels.run === entry.run)
  const template = inRun.findLast(({ kind }) => kind === entry.kind)
  const anchor = template ?? inRun.at(-1)
  let at: number
  let indent = 0
  if (anchor) {
    indent = template ? indentOf(lines[anchor.line - 1]) : 0
    at = anchor.line
    const continues = (line: number) =>
      ['command-continued', 'fence'].includes(book.lines[line]?.kind ?? '') ||
      (book.lines[line] !== undefined &&
        book.lines[line].kind !== 'blank' &&
        book.lines[line].kind !== 'heading' &&
        indentOf(lines[line]) > indent)
    while (at < section.lines[1] && continues(at)) at++
  } else {
    const run = section.runs.find((candidate) => candidate.name === entry.run)
    at = run ? run.line : section.lines[1]
    while (!run && at > section.lines[0] && book.lines[at - 1]?.kind === 'blank') at--
  }
  return {
    line: at,
    replace: false,
    lines: [
      ...(anchor || section.lines[0] === at ? [] : ['']),
      ...entryLines(entry, style, ' '.repeat(indent)),
    ],
  }
}

function newSection(book: LabBook, lines: readonly string[], entry: LabEntry, style: Style): Change {
  if (entry.experiment.trim() === '' || /[\r\n]/.test(entry.experiment))
    throw new AppError('usage', 'The name of an experiment is one line.')
  const levels = book.sections
    .filter(({ isExperiment, level }) => isExperiment && level > 0)
    .map(({ level }) => level)
  const level = levels.length > 0 ? Math.min(...levels) : 2
  let end = lines.length
  while (end > 0 && lines[end - 1].trim() === '') end--
  const gaps = book.sections.slice(1).map(({ lines: [from] }) => {
    let gap = 0
    while (book.lines[from - 2 - gap]?.kind === 'blank') gap++
    return gap
  })
  const gap = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 1
  const blanks = end === 0 ? [] : Array.from({ length: Math.max(1, gap) }, () => '')
  return {
    line: end,
    replace: false,
    lines: [
      ...blanks,
      // A level-2 section of an org file has one star.
      `${isOrg(lines) ? '*'.repeat(Math.max(1, level - 1)) : '#'.repeat(level)} ${entry.experiment}`,
      ...(gap > 1 ? [] : ['']),
      ...entryLines(entry, style, ''),
    ],
  }
}

function entryLines(entry: LabEntry, style: Style, indent: string): string[] {
  const code = quoteShell(entry.command.argv, entry.command.env)
  if (/[\r\n]/.test(code))
    throw new AppError(
      'usage',
      'A command with line breaks in its arguments cannot be one line of the lab book.',
    )
  const script = baseName(splitLaunch(entry.command.argv).script ?? entry.kind)
  const result = resultText(entry, style)
  const label = style.label !== '' && !style.label.endsWith('.py') ? style.label : script
  const head = `${indent}**${label}**${result === '' ? '' : ` ${result}`}`
  if (style.isBlock) return [head, `${indent}\`\`\`bash`, `${indent}${code}`, `${indent}\`\`\``]
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length))
  const fence = style.fence.length > longest ? style.fence : '`'.repeat(longest + 1)
  return [head, `${indent}${fence}${style.padding[0]}${code}${style.padding[1]}${fence}`]
}

/** Reads the new text back: all old commands are there, and the noted one says what was noted. */
function checkResult(before: LabBook, after: LabBook, entry: LabEntry): void {
  const keys = (book: LabBook) => book.sections.flatMap(({ commands }) => commands.map(commandKey))
  const left = keys(after)
  for (const key of keys(before)) {
    const at = left.indexOf(key)
    if (at < 0)
      throw new AppError(
        'internal',
        'The entry would damage another command of the lab book; nothing was proposed.',
      )
    left.splice(at, 1)
  }
  const key = commandKey(entry.command)
  const noted =
    after.sections
      .find(({ name }) => name === entry.experiment)
      ?.commands.filter((command) => commandKey(command) === key) ?? []
  if (noted.length === 0)
    throw new AppError(
      'internal',
      'The command would not be read back from the lab book; nothing was proposed.',
    )
  const values = noted.map(({ labels }) => ({ ...labels.scores, ...labels.losses }))
  for (const [name, value] of Object.entries(entry.scores ?? {}))
    if (
      Number.isFinite(Number(value)) &&
      /^[A-Za-z_][\w.-]*$/.test(name) &&
      !noted.some(({ labels }) => (labels.text ?? []).some((text) => text.includes(`${name}: ${value}`))) &&
      !values.some((found) => found[name] === Number(value))
    )
      throw new AppError(
        'internal',
        `The score ${name} would not be read back from the lab book; nothing was proposed.`,
      )
}
