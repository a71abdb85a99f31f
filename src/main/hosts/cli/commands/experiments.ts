import { resolve } from 'node:path'
import type { ExperimentDetail } from '../../../../shared/contract/experiments.ts'
import { listExperiments, type LabCommand, type LabExperiment } from '../../../../shared/domain/labBook.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { AppError } from '../../../../shared/errors.ts'
import { parseLabBook } from '../../../core/experiments/labBook/parseLabBook.ts'
import { readTextFile } from '../../../core/experiments/textFile.ts'
import type { Command, CommandContext } from '../command.ts'
import { textTable } from '../table.ts'

const importBook: Command = {
  name: 'experiments import',
  usage: 'FILE',
  summary: 'Reads a lab book (Markdown) into the studio; reading it again updates what changed.',
  flags: [],
  examples: ['experiments import record.md'],
  async run({ flags, session, out }) {
    const path = resolve(oneFile(flags.positionals))
    const summary = await session.call('experiments.import', { path })
    out.json({ type: 'result', ...summary })
    out.print(
      `${summary.path}\n${summary.experiments} experiments, ${summary.commands} commands, ${summary.lines} lines`,
    )
    const list = (title: string, names: readonly string[]) => {
      if (names.length > 0) out.print(`${title.padEnd(8)} ${names.join(', ')}`)
    }
    list('new', summary.added)
    list('changed', summary.changed)
    list(
      'renamed',
      summary.renamed.map(({ from, to }) => `${from} → ${to}`),
    )
    list('missing', summary.missing)
    printProblems(out, summary.problems)
    return 0
  },
}

const list: Command = {
  name: 'experiments list',
  usage: '[FILE]',
  summary: 'Lists the experiments of the imported lab book, or of a file without importing it.',
  flags: [],
  examples: ['experiments list', 'experiments list record.md --json'],
  async run(context) {
    const { flags, session, out } = context
    if (flags.positionals.length > 1) throw new AppError('usage', 'Name one lab book at most.')
    const file = flags.positionals[0]
    const book = file === undefined ? await session.call('experiments.list', {}) : await readBook(file)
    // This shape is promised to scripts, so it stands alone, without a type.
    out.json(book)
    if (book.experiments.length === 0) out.print('The lab book holds no experiments.')
    else
      out.print(
        textTable([
          ['experiment', 'line', 'train', 'evaluate', 'benchmark', 'video', 'notes'],
          ...book.experiments.map((experiment) => [
            `${'  '.repeat(Math.max(0, depthOf(experiment, book.experiments)))}${experiment.name}`,
            String(experiment.lines[0]),
            count(experiment, 'train'),
            count(experiment, 'eval-gen', 'eval-loc'),
            count(experiment, 'benchmark'),
            count(experiment, 'frames-to-video'),
            String(experiment.notes.length),
          ]),
        ]),
      )
    return 0
  },
}

const show: Command = {
  name: 'experiments show',
  usage: 'NAME',
  summary: 'Shows one experiment: its notes as written, its commands with their labels, links and todo.',
  flags: [],
  examples: ['experiments show exp5'],
  async run({ flags, session, out }) {
    if (flags.positionals.length !== 1)
      throw new AppError('usage', 'Name one experiment.', { hint: 'parallax experiments list shows them.' })
    const detail = await session.call('experiments.show', { experiment: flags.positionals[0] })
    out.json({ type: 'result', ...detail })
    const { section, base, children, todos } = detail
    out.print(`${section.name}  lines ${section.lines.join('–')}`)
    if (base) out.print(`built from ${base.name} (${baseReasons[base.why](base)})`)
    if (children.length > 0) out.print(`with ${children.join(', ')}`)
    if (section.notes.length > 0) out.print('')
    for (const note of section.notes) out.print(`${' '.repeat(note.indent)}${note.text}`)
    for (const command of section.commands) {
      out.print(`\n${command.line}: ${command.kind}${labelsOf(command)}`)
      out.print(`  ${quoteShell(command.argv, command.env)}`)
    }
    if (todos.length > 0) out.print('\nTodo')
    for (const todo of todos) out.print(`  ${todo.line}: ${todo.text}`)
    printProblems(out, detail.problems)
    return 0
  },
}

const report: Command = {
  name: 'experiments report',
  usage: '',
  summary: 'Says what every line of the imported lab book became, and what is the matter with it.',
  flags: [],
  async run({ session, out }) {
    const found = await session.call('experiments.report', {})
    out.json({ type: 'result', ...found })
    out.print(found.path)
    if (found.text === null) out.note('The file has changed since it was read; import it again.')
    for (const { line, kind, experiment } of found.lines)
      if (kind !== 'blank')
        out.print(
          `${String(line).padStart(5)}  ${kind.padEnd(17)}  ${(experiment ?? '').padEnd(14)}  ${(found.text?.[line - 1] ?? '').trim().slice(0, 100)}`,
        )
    printProblems(out, found.problems)
    return 0
  },
}

const check: Command = {
  name: 'experiments check',
  usage: '[NAME]',
  summary: 'Problems of the lab book, and what deserves a look in every recorded command.',
  flags: [],
  async run({ flags, session, out }) {
    const [experiment, ...more] = flags.positionals
    if (more.length > 0) throw new AppError('usage', 'Name one experiment at most.')
    const checked = await session.call('experiments.check', experiment === undefined ? {} : { experiment })
    out.json({ type: 'result', ...checked })
    printProblems(out, checked.problems)
    for (const { experiment: name, line, kind, hints } of checked.commands) {
      if (hints.length === 0) continue
      out.print(`\n${name}, line ${line}, ${kind}`)
      for (const { severity, message, hint } of hints)
        out.print(`  ${severity.padEnd(7)} ${message}${hint === undefined ? '' : ` ${hint}`}`)
    }
    const errors =
      checked.problems.filter(({ severity }) => severity === 'error').length +
      checked.commands.flatMap(({ hints }) => hints).filter(({ severity }) => severity === 'error').length
    out.print(`\n${checked.commands.length} commands looked at, ${errors} errors.`)
    return errors > 0 ? 1 : 0
  },
}

type Base = NonNullable<ExperimentDetail['base']>
const baseReasons: Record<Base['why'], (base: Base) => string> = {
  chosen: () => 'chosen by you',
  copied: ({ line, mention }) => `line ${line}: copied from ${mention}`,
  'first-note': ({ line, mention }) => `line ${line}: the notes begin with ${mention}`,
  'longer-name': ({ name }) => `the name extends ${name}`,
  'sub-section': ({ name }) => `it is a sub-section of ${name}`,
}

/** Reads a lab book without storing anything. */
async function readBook(file: string): Promise<{ experiments: LabExperiment[] }> {
  const { text } = await readTextFile(resolve(file))
  return listExperiments(parseLabBook(text))
}

function depthOf(experiment: LabExperiment, all: readonly LabExperiment[]): number {
  let depth = 0
  for (let { parent } = experiment; parent !== null; depth++) {
    const above = all.find(({ name }) => name === parent)
    if (!above || depth > 8) break
    parent = above.parent
  }
  return depth
}

const count = ({ commands }: LabExperiment, ...kinds: string[]) => {
  const found = commands.filter(({ kind }) => kinds.includes(kind)).length
  return found === 0 ? '' : String(found)
}

function labelsOf({ labels, todo }: LabCommand): string {
  const { run, steps, machines, learningRates, states, losses, scores } = labels
  const named = Object.entries({ ...losses, ...scores }).map(([name, value]) => `${name} ${value}`)
  const parts = [
    run,
    steps && `step ${steps.join(', ')}`,
    machines?.join(', '),
    learningRates && `lr ${learningRates.join(', ')}`,
    states?.join(', '),
    ...named,
    todo && !states?.includes('todo') ? 'todo' : undefined,
  ].filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? '' : `  (${parts.join('; ')})`
}

function printProblems(
  out: CommandContext['out'],
  problems: readonly { line: number; severity: string; message: string }[],
): void {
  for (const { line, severity, message } of problems) out.note(`${severity} in line ${line}: ${message}`)
}

function oneFile(positionals: readonly string[]): string {
  if (positionals.length === 1) return positionals[0]
  throw new AppError('usage', 'Name one lab book.', { hint: 'parallax experiments import record.md' })
}

export const experimentsCommands: readonly Command[] = [importBook, list, show, report, check]
