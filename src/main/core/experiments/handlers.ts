import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type {
  ExperimentDetail,
  ExperimentNode,
  experiments as contract,
} from '../../../shared/contract/experiments.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { experimentId, listExperiments, type LabBook } from '../../../shared/domain/labBook.ts'
import { trainingSize } from '../../../shared/domain/launch/arithmetic.ts'
import { kindOfScript } from '../../../shared/domain/launch/catalogue.ts'
import { debugCopy } from '../../../shared/domain/launch/debugCopy.ts'
import { launchHints, type GpuFact } from '../../../shared/domain/launch/hints.ts'
import { diffForms } from '../../../shared/domain/launch/launchDiff.ts'
import { commandFromForm, formFromCommand } from '../../../shared/domain/launch/launchForm.ts'
import { slurmScript } from '../../../shared/domain/launch/slurmScript.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { quoteShell } from '../../../shared/domain/shellWords.ts'
import { AppError } from '../../../shared/errors.ts'
import { compareColumns } from './compare.ts'
import { compareConfigs, createConfig, previewConfig, readConfigFile, saveConfig } from './configs.ts'
import { confine } from './confine.ts'
import type { ExperimentsRepository, StoredBook, StoredExperiment } from './experiments.repository.ts'
import { findFreePort, gatherFacts, listConfigs } from './facts.ts'
import { readSpan } from './labBook/launchText.ts'
import { parseLabBook } from './labBook/parseLabBook.ts'
import { proposeEntry, type LabEntry } from './labBook/writeEntry.ts'
import { baseOf } from './lineage.ts'
import { configMatrix, type ReadConfigOf } from './matrix.ts'
import { readTextFile, replaceTextFile } from './textFile.ts'
import { readConfig } from './yamlConfig.ts'

/** What the experiments need from the rest of the studio. */
export type ExperimentsContext = {
  repository: ExperimentsRepository
  /** Roots of the workspaces the user opened. */
  workspaceRoots: () => readonly string[]
  /** GPUs of this machine; undefined when they cannot be asked. */
  gpus?: () => Promise<readonly GpuFact[] | undefined>
  /** Scores the studio knows of an experiment, by name. */
  scoresOf?: (experiment: string) => Promise<Readonly<Record<string, Score>>>
}

/** Answers the `experiments.*` operations. */
export function experimentHandlers(context: ExperimentsContext): Handlers<typeof contract> {
  const { repository } = context

  const bookOf = (id?: number): StoredBook => {
    const book = repository.book(id)
    if (!book)
      throw new AppError(
        'not-found',
        id === undefined ? 'No lab book was imported yet.' : `There is no lab book number ${id}.`,
        { hint: 'Import one: parallax experiments import FILE.' },
      )
    return book
  }
  /** The workspace: one that was opened, or the folder of a lab book. */
  const rootOf = (root?: string): string => {
    const known = [...repository.books().map((book) => book.root), ...context.workspaceRoots()]
    if (root === undefined) {
      if (known.length === 0)
        throw new AppError('usage', 'No workspace is open.', {
          hint: 'Open a workspace or import a lab book first.',
        })
      return known[0]
    }
    const absolute = resolve(root)
    if (!known.includes(absolute))
      throw new AppError('permission', `${absolute} is no workspace that was opened.`, {
        hint: 'Open it as a workspace first.',
      })
    return absolute
  }
  const experimentOf = (name: string, bookId?: number): StoredExperiment => {
    const byId = repository.experiment(name)
    if (byId) return byId
    const all = repository.experiments(bookOf(bookId).id)
    const found =
      all.find((experiment) => experiment.name === name) ??
      all.find((experiment) => experimentId(experiment.name) === name)
    if (found) return found
    throw new AppError('not-found', `The lab book has no experiment "${name}".`, {
      hint: `It has ${all
        .slice(0, 8)
        .map((experiment) => experiment.name)
        .join(', ')}${all.length > 8 ? ' …' : ''}.`,
    })
  }
  const importFile = async (path: string, root?: string) => {
    const absolute = resolve(root ?? '.', path)
    const { text, hash, encoding, isExact } = await readTextFile(absolute)
    const book = parseLabBook(text)
    if (!isExact)
      book.problems.unshift({
        line: 1,
        severity: 'warning',
        code: 'encoding',
        message:
          encoding === 'unknown'
            ? 'The file is not UTF-8; characters that could not be read are shown as �.'
            : `The file is written in ${encoding}, not UTF-8. It is read, but the studio does not write into it.`,
        experiment: null,
      })
    return repository.saveImport(
      { path: absolute, root: root === undefined ? dirname(absolute) : resolve(root), hash, encoding },
      book,
    )
  }
  const sectionsOf = (bookId: number) => repository.experiments(bookId).filter(({ isMissing }) => !isMissing)
  const withBases = (book: StoredBook) => {
    const all = sectionsOf(book.id)
    const sections = all.map(({ section }) => section)
    return all.map(({ id, section, base }) => ({
      id,
      section,
      base: baseOf(section, sections, book.links, base),
    }))
  }
  const readConfigOf = (root: string): ReadConfigOf => {
    const known = new Map<string, ReturnType<ReadConfigOf>>()
    const read: ReadConfigOf = async (path) => {
      try {
        return readConfig((await readTextFile(await confine(root, path))).text, path)
      } catch (error) {
        return error instanceof AppError ? error.message : String(error)
      }
    }
    return (path) => known.get(path) ?? known.set(path, read(path)).get(path)!
  }
  const propose = async (entry: LabEntry, bookId?: number) => {
    const book = bookOf(bookId)
    const { text, hash, encoding, isExact } = await readTextFile(book.path)
    if (!isExact)
      throw new AppError(
        'unsupported',
        `${book.path} is written in ${encoding}; the studio writes into UTF-8 files only.`,
        { hint: 'Save it as UTF-8 first.' },
      )
    return { book, hash, ...proposeEntry(text, entry, book.path) }
  }

  return {
    'experiments.import': ({ path, root }) => importFile(path, root),
    'experiments.books': async () =>
      Promise.all(
        repository.books().map(async ({ id, path, root, importedAt, hash }) => ({
          bookId: id,
          path,
          root,
          importedAt,
          isChanged: (await readTextFile(path).catch(() => undefined))?.hash !== hash,
        })),
      ),
    'experiments.forget': ({ bookId }) => ({ removed: repository.removeBook(bookId) }),
    'experiments.list': ({ bookId }) => {
      const book = bookOf(bookId)
      return listExperiments({ ...book, sections: sectionsOf(book.id).map(({ section }) => section) })
    },
    'experiments.tree': ({ bookId }) => {
      const book = bookOf(bookId)
      return repository
        .experiments(book.id)
        .map((experiment, _, all) => toNode(experiment, all, book, repository))
    },
    'experiments.show': ({ experiment, bookId }) => {
      const found = experimentOf(experiment, bookId)
      return detailOf(found, bookOf(found.bookId), repository)
    },
    'experiments.report': async ({ bookId }) => {
      const { path, hash, lines, problems, todos, parts } = bookOf(bookId)
      const file = await readTextFile(path).catch(() => undefined)
      const text = file?.hash === hash ? file.text.split(/\r\n|\n|\r/) : null
      const counts: Record<string, number> = {}
      for (const { kind } of lines) counts[kind] = (counts[kind] ?? 0) + 1
      return { path, counts, lines, text, problems, todos, parts }
    },
    'experiments.check': async ({ experiment, bookId }) => {
      const book = bookOf(bookId)
      const chosen = experiment === undefined ? sectionsOf(book.id) : [experimentOf(experiment, book.id)]
      const names = new Set(chosen.map(({ name }) => name))
      // A log on its own, without the project it speaks of, would miss every file.
      const hasProject = existsSync(join(book.root, 'csgo_configs'))
      const commands = []
      for (const { id, name } of chosen)
        for (const { id: commandId, command } of repository.commands(id)) {
          const form = formFromCommand(command)
          const facts = await gatherFacts(form, {
            root: book.root,
            experiment: hintName(name, command.labels.run),
            isRecorded: true,
          })
          const hints = launchHints(form, hasProject ? facts : { experiment: facts.experiment })
          commands.push({
            experiment: name,
            commandId,
            line: command.line,
            kind: command.kind,
            hints,
          })
        }
      return {
        problems: book.problems.filter(
          (problem) => experiment === undefined || names.has(problem.experiment ?? ''),
        ),
        commands,
      }
    },
    'experiments.annotate': ({ experimentId: id, kind, text, commandId }) => {
      if (!repository.experiment(id))
        throw new AppError('not-found', 'This experiment is not known any more.')
      return repository.addAddition(id, { kind, text, ...(commandId === undefined ? {} : { commandId }) })
    },
    'experiments.removeAddition': ({ id }) => ({ removed: repository.removeAddition(id) }),
    'experiments.setBase': ({ experimentId: id, base }) => {
      const found = repository.experiment(id)
      if (!found) throw new AppError('not-found', 'This experiment is not known any more.')
      const name = base === null ? null : experimentOf(base, found.bookId).name
      if (name === found.name) throw new AppError('usage', 'An experiment cannot be built from itself.')
      repository.setBase(id, name)
      return { base: name }
    },

    'experiments.form': (input) => {
      if ('commandId' in input) {
        const found = repository.command(input.commandId)
        if (!found) throw new AppError('not-found', 'This command is not known any more.')
        return {
          form: formFromCommand(found.command),
          kind: found.command.kind,
          labels: found.command.labels,
          experiment: repository.experiment(found.experimentId)?.name ?? null,
        }
      }
      const command = 'text' in input ? commandOfText(input.text) : input
      const form = formFromCommand(command)
      return { form, kind: kindOfScript(form.script ?? '') ?? null, labels: null, experiment: null }
    },
    'experiments.command': ({ form, against }) => {
      const command = commandFromForm(form)
      return {
        ...command,
        shell: quoteShell(command.argv, command.env),
        differences: against ? diffForms(against, form) : [],
      }
    },
    'experiments.debugCopy': ({ form }) => {
      const copy = debugCopy(form)
      return { form: copy, differences: diffForms(form, copy) }
    },
    'experiments.slurm': ({ form, settings }) => ({ script: slurmScript(form, settings) }),
    'experiments.hints': async ({ form, experiment, root }) => {
      const { entries, isBalanced, ...facts } = await gatherFacts(form, {
        root: rootOf(root),
        ...(experiment === undefined ? {} : { experiment: hintName(experiment, undefined) }),
        gpus: await context.gpus?.(),
      })
      const isTraining = kindOfScript(form.script ?? '') === 'train'
      return {
        hints: launchHints(form, facts),
        size: isTraining
          ? trainingSize(form, { isBalanced, ...(entries === undefined ? {} : { entries }) })
          : null,
        entries: entries ?? null,
        checkpointSteps: [...(facts.checkpointSteps ?? [])],
      }
    },
    'experiments.freePort': async ({ from }) => ({ port: await findFreePort(from) }),

    'experiments.config.list': ({ root }) => listConfigs(rootOf(root)),
    'experiments.config.read': ({ path, root }) => readConfigFile(rootOf(root), path),
    'experiments.config.preview': ({ path, edits, root }) => previewConfig(rootOf(root), path, edits),
    'experiments.config.save': ({ path, hash, edits, text, root }) => {
      if ((edits === undefined) === (text === undefined))
        throw new AppError('usage', 'Give either edits or a whole text.')
      return saveConfig(rootOf(root), path, hash, { edits, text })
    },
    'experiments.config.create': ({ from, path, edits, root }) =>
      createConfig(rootOf(root), from, path, edits),
    'experiments.config.diff': ({ before, after, root }) => compareConfigs(rootOf(root), before, after),
    'experiments.matrix': ({ bookId, root }) => {
      const book = bookOf(bookId)
      return configMatrix(withBases(book), readConfigOf(root === undefined ? book.root : rootOf(root)))
    },
    'experiments.compare': async ({ experiments, bookId, root }) => {
      const book = bookOf(bookId)
      const chosen = experiments.map((name) => experimentOf(name, book.id))
      const ids = new Set(chosen.map(({ id }) => id))
      const matrix = await configMatrix(
        withBases(book).filter(({ id }) => ids.has(id)),
        readConfigOf(root === undefined ? book.root : rootOf(root)),
      )
      const scores = new Map<string, Readonly<Record<string, Score>>>()
      for (const { name } of chosen) scores.set(name, (await context.scoresOf?.(name)) ?? {})
      return compareColumns(matrix, chosen, scores)
    },

    'experiments.propose': async ({ entry, bookId }) => {
      const { before, after, patch, hash } = await propose(entry, bookId)
      return { before, after, patch, hash }
    },
    'experiments.append': async ({ entry, hash, bookId }) => {
      const { book, after, patch } = await propose(entry, bookId)
      await replaceTextFile(book.path, after, hash)
      return { patch, import: await importFile(book.path, book.root) }
    },

    'experiments.templates.list': () => repository.templates(),
    'experiments.templates.save': ({ name, form }) => repository.saveTemplate(name, form),
    'experiments.templates.remove': ({ id }) => ({ removed: repository.removeTemplate(id) }),
  }
}

/** The name that configs and folders of a run should bear. */
const hintName = (experiment: string, run: string | undefined) =>
  (run === undefined ? undefined : experimentId(run)) ?? experimentId(experiment) ?? experiment

/** The one launch command in a line pasted from a terminal. */
function commandOfText(text: string): { env: Record<string, string>; argv: string[] } {
  const { launches, problems } = readSpan(text)
  const error = problems.find(({ severity }) => severity === 'error')
  if (error)
    throw new AppError('usage', error.message, {
      hint: 'Write the values out, and close every quote.',
      details: { line: error.line + 1 },
    })
  if (launches.length !== 1)
    throw new AppError(
      'usage',
      launches.length === 0
        ? 'This is no command that starts a known script.'
        : `These are ${launches.length} commands.`,
      {
        hint: 'Paste one command, such as python train_csgo.py --csgo_config …',
      },
    )
  return { env: launches[0].env, argv: launches[0].argv }
}

function toNode(
  { id, name, isMissing, section }: StoredExperiment,
  all: readonly StoredExperiment[],
  book: LabBookLists,
  repository: ExperimentsRepository,
): ExperimentNode {
  const commands: ExperimentNode['commands'] = {
    train: 0,
    'eval-gen': 0,
    'eval-loc': 0,
    benchmark: 0,
    'frames-to-video': 0,
  }
  for (const { kind } of section.commands) commands[kind]++
  // Names may repeat: the parent is the nearest one above.
  const above = all.filter(
    (other) => other.name === section.parent && other.section.lines[0] < section.lines[0],
  )
  const mine = ({ experiment, line }: { experiment: string | null; line: number }) =>
    !isMissing && experiment === name && line >= section.lines[0] && line <= section.lines[1]
  return {
    id,
    name,
    level: section.level,
    lines: section.lines,
    isMissing,
    commands,
    parentId: above.at(-1)?.id ?? null,
    notes: section.notes.length,
    todos: book.todos.filter(mine).length,
    problems: book.problems.filter(mine).length,
    tags: repository
      .additions(id)
      .filter(({ kind }) => kind === 'tag')
      .map(({ text }) => text),
  }
}

type LabBookLists = Pick<LabBook, 'todos' | 'problems' | 'links'>

function detailOf(
  found: StoredExperiment,
  book: StoredBook,
  repository: ExperimentsRepository,
): ExperimentDetail {
  const { id, bookId, isMissing, section } = found
  const sections = repository
    .experiments(bookId)
    .filter((other) => !other.isMissing)
    .map((other) => other.section)
  const base = baseOf(section, sections, book.links, found.base)
  const inside = ({ line }: { line: number }) =>
    !isMissing && line >= section.lines[0] && line <= section.lines[1]
  return {
    id,
    bookId,
    section,
    isMissing,
    commandIds: repository.commands(id).map((command) => command.id),
    base: base && { name: base.name, why: base.why },
    children: sections
      .filter((other) => other.parent === section.name && other.name !== section.name)
      .map(({ name }) => name),
    links: book.links.filter(inside),
    backlinks: book.links.filter(({ to }) => to === section.name),
    todos: book.todos.filter(inside),
    problems: book.problems.filter(inside),
    additions: repository.additions(id),
  }
}
