import type { experiments as contract } from '../../../shared/contract/experiments.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { listExperiments } from '../../../shared/domain/labBook.ts'
import type { GpuFact } from '../../../shared/domain/launch/hints.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError } from '../../../shared/errors.ts'
import { checkCommands } from './check.ts'
import { compareColumns } from './compare.ts'
import { compareConfigs, createConfig, previewConfig, readConfigFile, saveConfig } from './configs.ts'
import { confine } from './confine.ts'
import type { ExperimentsRepository } from './experiments.repository.ts'
import { listConfigs } from './facts.ts'
import { splitLines } from './labBook/markup.ts'
import { launchHandlers } from './launchHandlers.ts'
import { configMatrix, type ReadConfigOf } from './matrix.ts'
import { createShelf } from './shelf.ts'
import { readTextFile } from './textFile.ts'
import { detailOf, nodeOf } from './views.ts'
import { readConfig } from './yamlConfig.ts'

/** What the experiments need from the rest of the studio. */
export type ExperimentsContext = {
  repository: ExperimentsRepository
  /** Roots of the workspaces the user opened. */
  workspaceRoots: () => readonly string[]
  /** GPUs of this machine; undefined when they cannot be asked. */
  gpus?: () => Promise<readonly GpuFact[] | undefined>
  /** What the studio knows of an experiment in a workspace by name: scores, and the last losses of its training. */
  scoresOf?: (experiment: string, root: string) => Promise<Readonly<Record<string, Score>>>
}

/** Answers the `experiments.*` operations. */
export function experimentHandlers(context: ExperimentsContext): Handlers<typeof contract> {
  const { repository, gpus, scoresOf } = context
  const shelf = createShelf(repository, context.workspaceRoots)
  const knownExperiment = (id: string) => {
    const found = repository.experiment(id)
    if (!found) throw new AppError('not-found', 'This experiment is not known any more.')
    return found
  }

  return {
    ...launchHandlers(repository, shelf, gpus),

    'experiments.import': ({ path, root }) => shelf.import(path, root),
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
      const book = shelf.book(bookId)
      return listExperiments({ ...book, sections: shelf.present(book.id).map(({ section }) => section) })
    },
    'experiments.tree': ({ bookId }) => {
      const book = shelf.book(bookId)
      const all = repository.experiments(book.id)
      return all.map((experiment) => nodeOf(experiment, all, book, repository))
    },
    'experiments.show': ({ experiment, bookId }) => {
      const found = shelf.experiment(experiment, bookId)
      return detailOf(found, shelf.book(found.bookId), repository)
    },
    'experiments.report': async ({ bookId }) => {
      const { path, hash, lines, problems, todos, parts } = shelf.book(bookId)
      const file = await readTextFile(path).catch(() => undefined)
      const text = file?.hash === hash ? splitLines(file.text) : null
      const counts: Record<string, number> = {}
      for (const { kind } of lines) counts[kind] = (counts[kind] ?? 0) + 1
      return { path, counts, lines, text, problems, todos, parts }
    },
    'experiments.check': async ({ experiment, bookId }) => {
      const book = shelf.book(bookId)
      const chosen =
        experiment === undefined ? shelf.present(book.id) : [shelf.experiment(experiment, book.id)]
      const names = new Set(chosen.map(({ name }) => name))
      return {
        problems: book.problems.filter(
          (problem) => experiment === undefined || names.has(problem.experiment ?? ''),
        ),
        commands: await checkCommands(chosen, book.root, repository),
      }
    },
    'experiments.annotate': ({ experimentId: id, kind, text, commandId }) => {
      knownExperiment(id)
      return repository.addAddition(id, { kind, text, ...(commandId === undefined ? {} : { commandId }) })
    },
    'experiments.removeAddition': ({ id }) => ({ removed: repository.removeAddition(id) }),
    'experiments.setBase': ({ experimentId: id, base }) => {
      const found = knownExperiment(id)
      const name = base === null ? null : shelf.experiment(base, found.bookId).name
      if (name === found.name) throw new AppError('usage', 'An experiment cannot be built from itself.')
      repository.setBase(id, name)
      return { base: name }
    },

    'experiments.config.list': ({ root }) => listConfigs(shelf.root(root)),
    'experiments.config.read': ({ path, root }) => readConfigFile(shelf.root(root), path),
    'experiments.config.preview': ({ path, edits, root }) => previewConfig(shelf.root(root), path, edits),
    'experiments.config.save': ({ path, hash, edits, text, root }) => {
      if ((edits === undefined) === (text === undefined))
        throw new AppError('usage', 'Give either edits or a whole text.')
      return saveConfig(shelf.root(root), path, hash, { edits, text })
    },
    'experiments.config.create': ({ from, path, edits, root }) =>
      createConfig(shelf.root(root), from, path, edits),
    'experiments.config.diff': ({ before, after, root }) => compareConfigs(shelf.root(root), before, after),
    'experiments.matrix': ({ bookId, root }) => {
      const book = shelf.book(bookId)
      return configMatrix(
        shelf.withBases(book),
        cachedConfigs(root === undefined ? book.root : shelf.root(root)),
      )
    },
    'experiments.compare': async ({ experiments, bookId, root }) => {
      const book = shelf.book(bookId)
      const chosen = experiments.map((name) => shelf.experiment(name, book.id))
      const ids = new Set(chosen.map(({ id }) => id))
      const workspace = root === undefined ? book.root : shelf.root(root)
      const matrix = await configMatrix(
        shelf.withBases(book).filter(({ id }) => ids.has(id)),
        cachedConfigs(workspace),
      )
      const scores = new Map<string, Readonly<Record<string, Score>>>()
      for (const { name } of chosen) scores.set(name, (await scoresOf?.(name, workspace)) ?? {})
      return compareColumns(matrix, chosen, scores)
    },

    'experiments.propose': async ({ entry, bookId }) => {
      const { before, after, patch, hash } = await shelf.propose(entry, bookId)
      return { before, after, patch, hash }
    },
    'experiments.append': ({ entry, hash, bookId }) => shelf.append(entry, hash, bookId),
  }
}

/** Reads each config of a workspace once; a text says why one cannot be read. */
function cachedConfigs(root: string): ReadConfigOf {
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
