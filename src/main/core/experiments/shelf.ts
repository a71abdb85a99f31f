/** The imported lab books: reading files into them, and finding what operations name. */
import { dirname, resolve } from 'node:path'
import { experimentId, type LabSection } from '../../../shared/domain/labBook.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ImportSummary } from '../../../shared/contract/experiments.ts'
import type { ExperimentsRepository, StoredBook, StoredExperiment } from './experiments.repository.ts'
import { parseLabBook } from './labBook/parseLabBook.ts'
import { proposeEntry, type LabEntry, type ProposedEntry } from './labBook/writeEntry.ts'
import { baseOf, type Base } from './lineage.ts'
import { readTextFile, replaceTextFile } from './textFile.ts'

/** An experiment that stands in the file, with what it was built from. */
export type SectionWithBase = { id: string; section: LabSection; base: Base | null }

export type Shelf = ReturnType<typeof createShelf>

/** @param workspaceRoots roots of the workspaces the user opened. */
export function createShelf(repository: ExperimentsRepository, workspaceRoots: () => readonly string[]) {
  /** The book with an id, or the one imported last. @throws AppError `not-found` */
  const book = (id?: number): StoredBook => {
    const found = repository.book(id)
    if (found) return found
    throw new AppError(
      'not-found',
      id === undefined ? 'No lab book was imported yet.' : `There is no lab book number ${id}.`,
      { hint: 'Import one: parallax experiments import FILE.' },
    )
  }

  /** Experiments that stand in the file now, in its order. */
  const present = (bookId: number): StoredExperiment[] =>
    repository.experiments(bookId).filter(({ isMissing }) => !isMissing)

  return {
    book,
    present,

    /** The workspace named, or the first known one: an opened one, or the folder of a lab book. @throws AppError */
    root(root?: string): string {
      const known = [...repository.books().map((one) => one.root), ...workspaceRoots()]
      if (root === undefined) {
        if (known.length > 0) return known[0]
        throw new AppError('usage', 'No workspace is open.', {
          hint: 'Open a workspace or import a lab book first.',
        })
      }
      const absolute = resolve(root)
      if (known.includes(absolute)) return absolute
      throw new AppError('permission', `${absolute} is no workspace that was opened.`, {
        hint: 'Open it as a workspace first.',
      })
    },

    /** An experiment by its id, its name, or the identifier its name begins with. @throws AppError `not-found` */
    experiment(name: string, bookId?: number): StoredExperiment {
      const byId = repository.experiment(name)
      if (byId) return byId
      const all = repository.experiments(book(bookId).id)
      const found =
        all.find((experiment) => experiment.name === name) ??
        all.find((experiment) => experimentId(experiment.name) === name)
      if (found) return found
      const names = all.slice(0, 8).map((experiment) => experiment.name)
      throw new AppError('not-found', `The lab book has no experiment "${name}".`, {
        hint: `It has ${names.join(', ')}${all.length > 8 ? ' …' : ''}.`,
      })
    },

    withBases({ id: bookId, links }: StoredBook): SectionWithBase[] {
      const all = present(bookId)
      const sections = all.map(({ section }) => section)
      return all.map(({ id, section, base }) => ({
        id,
        section,
        base: baseOf(section, sections, links, base),
      }))
    },

    /** Reads a file and stores it over what is known of it. @throws AppError when it cannot be read. */
    async import(path: string, root?: string): Promise<ImportSummary> {
      const absolute = resolve(root ?? '.', path)
      const { text, hash, encoding, isExact } = await readTextFile(absolute)
      const parsed = parseLabBook(text)
      if (!isExact)
        parsed.problems.unshift({
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
        parsed,
      )
    },

    /** What writing an entry would change; `hash` is of the file it was proposed for. @throws AppError */
    async propose(
      entry: LabEntry,
      bookId?: number,
    ): Promise<ProposedEntry & { book: StoredBook; hash: string }> {
      const found = book(bookId)
      const { text, hash, encoding, isExact } = await readTextFile(found.path)
      if (!isExact)
        throw new AppError(
          'unsupported',
          `${found.path} is written in ${encoding}; the studio writes into UTF-8 files only.`,
          { hint: 'Save it as UTF-8 first.' },
        )
      return { book: found, hash, ...proposeEntry(text, entry, found.path) }
    },

    /** Writes an entry and reads the file again. @throws AppError `conflict` when the file has another hash. */
    async append(
      entry: LabEntry,
      hash: string,
      bookId?: number,
    ): Promise<{ patch: string; import: ImportSummary }> {
      const proposed = await this.propose(entry, bookId)
      await replaceTextFile(proposed.book.path, proposed.after, hash)
      return { patch: proposed.patch, import: await this.import(proposed.book.path, proposed.book.root) }
    },
  }
}
