import { randomUUID } from 'node:crypto'
import type { Addition, ImportSummary, LaunchTemplate } from '../../../shared/contract/experiments.ts'
import type { LabBook, LabCommand, LabSection } from '../../../shared/domain/labBook.ts'
import type { LaunchForm } from '../../../shared/domain/launch/launchForm.ts'
import type { Db } from '../store/database.ts'
import { commandKey, matchCommands, matchSections, noteKeys } from './identities.ts'

/** What a book holds besides its experiments. */
type BookParts = Pick<LabBook, 'links' | 'todos' | 'problems' | 'lines'> & { parts: LabSection[] }

export type StoredBook = {
  id: number
  path: string
  root: string
  hash: string
  encoding: string
  importedAt: number
} & BookParts
export type StoredExperiment = {
  id: string
  bookId: number
  name: string
  position: number
  isMissing: boolean
  section: LabSection
  base: string | null
}
export type StoredCommand = { id: string; experimentId: string; command: LabCommand; isMissing: boolean }

type BookRow = {
  id: number
  path: string
  root: string
  hash: string
  encoding: string
  parts: string
  imported_at: number
}
type ExperimentRow = {
  id: string
  book_id: number
  name: string
  position: number
  is_missing: number
  section: string
  base: string | null
}
type CommandRow = { id: string; experiment_id: string; is_missing: number; command: string }
type AdditionRow = {
  id: string
  experiment_id: string
  command_id: string | null
  kind: Addition['kind']
  text: string
  created_at: number
}

export type ExperimentsRepository = ReturnType<typeof experimentsRepository>

/** Reads and writes lab books, experiments, commands, additions and launch templates. */
export function experimentsRepository(db: Db) {
  const newestBook = db.prepare<[], BookRow>(
    'SELECT * FROM lab_books ORDER BY imported_at DESC, id DESC LIMIT 1',
  )
  const bookById = db.prepare<[number], BookRow>('SELECT * FROM lab_books WHERE id = ?')
  const bookByPath = db.prepare<[string], BookRow>('SELECT * FROM lab_books WHERE path = ?')
  const allBooks = db.prepare<[], BookRow>('SELECT * FROM lab_books ORDER BY imported_at DESC, id DESC')
  const upsertBook = db.prepare<[string, string, string, string, string, number], { id: number }>(`
    INSERT INTO lab_books (path, root, hash, encoding, parts, imported_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET root = excluded.root, hash = excluded.hash, encoding = excluded.encoding,
      parts = excluded.parts, imported_at = excluded.imported_at
    RETURNING id`)
  const removeBook = db.prepare('DELETE FROM lab_books WHERE id = ?')
  const experimentsOf = db.prepare<[number], ExperimentRow>(
    'SELECT * FROM experiments WHERE book_id = ? ORDER BY is_missing, position',
  )
  const experimentById = db.prepare<[string], ExperimentRow>('SELECT * FROM experiments WHERE id = ?')
  const upsertExperiment = db.prepare(`
    INSERT INTO experiments (id, book_id, name, position, is_missing, section, created_at) VALUES (?, ?, ?, ?, 0, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position, is_missing = 0, section = excluded.section`)
  const loseExperiment = db.prepare('UPDATE experiments SET is_missing = 1 WHERE id = ?')
  const commandsOfBook = db.prepare<[number], CommandRow>(`
    SELECT c.* FROM experiment_commands c JOIN experiments e ON e.id = c.experiment_id WHERE e.book_id = ? ORDER BY e.position, c.position`)
  const commandsOf = db.prepare<[string], CommandRow>(
    'SELECT * FROM experiment_commands WHERE experiment_id = ? AND is_missing = 0 ORDER BY position',
  )
  const commandById = db.prepare<[string], CommandRow>('SELECT * FROM experiment_commands WHERE id = ?')
  const upsertCommand = db.prepare(`
    INSERT INTO experiment_commands (id, experiment_id, position, is_missing, command) VALUES (?, ?, ?, 0, ?)
    ON CONFLICT (id) DO UPDATE SET experiment_id = excluded.experiment_id, position = excluded.position, is_missing = 0, command = excluded.command`)
  const loseCommand = db.prepare('UPDATE experiment_commands SET is_missing = 1 WHERE id = ?')
  const setBase = db.prepare('UPDATE experiments SET base = ? WHERE id = ?')
  const additionsOf = db.prepare<[string], AdditionRow>(
    'SELECT * FROM experiment_additions WHERE experiment_id = ? ORDER BY created_at, rowid',
  )
  const insertAddition = db.prepare(
    'INSERT INTO experiment_additions (id, experiment_id, command_id, kind, text, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const removeAddition = db.prepare('DELETE FROM experiment_additions WHERE id = ?')
  const templates = db.prepare<[], { id: string; name: string; form: string; created_at: number }>(
    'SELECT * FROM launch_templates ORDER BY name',
  )
  const upsertTemplate = db.prepare<[string, string, string, number], { id: string; created_at: number }>(`
    INSERT INTO launch_templates (id, name, form, created_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET form = excluded.form RETURNING id, created_at`)
  const removeTemplate = db.prepare('DELETE FROM launch_templates WHERE id = ?')

  const saveImport = db.transaction(
    (file: { path: string; root: string; hash: string; encoding: string }, book: LabBook): ImportSummary => {
      const { sections, ...rest } = book
      const experiments = sections.filter(({ isExperiment }) => isExperiment)
      const parts: BookParts = { ...rest, parts: sections.filter(({ isExperiment }) => !isExperiment) }
      const previous = bookByPath.get(file.path)
      // Two imports within one millisecond keep their order.
      const now = Math.max(Date.now(), (previous?.imported_at ?? 0) + 1)
      const { id: bookId } = upsertBook.get(
        file.path,
        file.root,
        file.hash,
        file.encoding,
        JSON.stringify(parts),
        now,
      )!

      const known = experimentsOf.all(bookId).map(toExperiment)
      const knownCommands = commandsOfBook.all(bookId).map(toCommand)
      const ids = matchSections(
        known.map(({ id, name, section }) => ({ id, name, ...contentOf(section) })),
        experiments.map((section) => ({ name: section.name, ...contentOf(section) })),
      )
      const found = experiments.flatMap((section, index) =>
        section.commands.map((command) => ({ command, sectionId: ids[index], index })),
      )
      const commandIds = matchCommands(
        knownCommands.map(({ id, experimentId, command }) => ({
          id,
          sectionId: experimentId,
          key: commandKey(command),
          kind: command.kind,
          words: command.argv,
        })),
        found.map(({ command, sectionId }) => ({
          sectionId,
          key: commandKey(command),
          kind: command.kind,
          words: command.argv,
        })),
      )

      const summary: ImportSummary = {
        bookId,
        path: file.path,
        experiments: experiments.length,
        commands: found.length,
        lines: book.lines.length,
        added: [],
        changed: [],
        renamed: [],
        missing: [],
        problems: book.problems,
      }
      const newIds = experiments.map((section, position) => {
        const id = ids[position] ?? randomUUID()
        const before = known.find((experiment) => experiment.id === id)
        if (!before) summary.added.push(section.name)
        else {
          if (before.name !== section.name) summary.renamed.push({ from: before.name, to: section.name })
          if (before.isMissing || essence(before.section) !== essence(section))
            summary.changed.push(section.name)
        }
        upsertExperiment.run(id, bookId, section.name, position, JSON.stringify(section), now)
        return id
      })
      for (const { id, name, isMissing } of known) {
        if (newIds.includes(id)) continue
        if (!isMissing) summary.missing.push(name)
        loseExperiment.run(id)
      }
      const keptCommands = new Set(commandIds)
      for (const { id } of knownCommands) if (!keptCommands.has(id)) loseCommand.run(id)
      for (const [position, { command, index }] of found.entries())
        upsertCommand.run(
          commandIds[position] ?? randomUUID(),
          newIds[index],
          position,
          JSON.stringify(command),
        )
      return summary
    },
  )

  return {
    /** Stores a parsed book over what is known of it, in one transaction. */
    saveImport: (file: { path: string; root: string; hash: string; encoding: string }, book: LabBook) =>
      saveImport.immediate(file, book),
    books: () => allBooks.all().map(toBook),
    /** The book with an id, or the one imported last. */
    book: (id?: number): StoredBook | undefined =>
      mapRow(id === undefined ? newestBook.get() : bookById.get(id), toBook),
    removeBook: (id: number) => removeBook.run(id).changes > 0,
    /** In the order of the file; those that vanished from it come last. */
    experiments: (bookId: number) => experimentsOf.all(bookId).map(toExperiment),
    experiment: (id: string) => mapRow(experimentById.get(id), toExperiment),
    commands: (experimentId: string) => commandsOf.all(experimentId).map(toCommand),
    command: (id: string) => mapRow(commandById.get(id), toCommand),
    setBase: (experimentId: string, base: string | null) => void setBase.run(base, experimentId),
    additions: (experimentId: string): Addition[] => additionsOf.all(experimentId).map(toAddition),
    addAddition(
      experimentId: string,
      { kind, text, commandId }: { kind: Addition['kind']; text: string; commandId?: string },
    ): Addition {
      const added: Addition = {
        id: randomUUID(),
        kind,
        text,
        commandId: commandId ?? null,
        createdAt: Date.now(),
      }
      insertAddition.run(added.id, experimentId, added.commandId, kind, text, added.createdAt)
      return added
    },
    removeAddition: (id: string) => removeAddition.run(id).changes > 0,
    templates: (): LaunchTemplate[] =>
      templates.all().map(({ id, name, form, created_at }) => ({
        id,
        name,
        form: JSON.parse(form) as LaunchForm,
        createdAt: created_at,
      })),
    /** A template of the same name is replaced. */
    saveTemplate(name: string, form: LaunchForm): LaunchTemplate {
      const { id, created_at } = upsertTemplate.get(randomUUID(), name, JSON.stringify(form), Date.now())!
      return { id, name, form, createdAt: created_at }
    },
    removeTemplate: (id: string) => removeTemplate.run(id).changes > 0,
  }
}

const contentOf = (section: LabSection) => ({
  commands: section.commands.map(commandKey),
  notes: noteKeys(section.notes),
})

/** A section without its place in the file: moving it is no change. */
function essence({ commands, notes, level, parent, environment, shell }: LabSection): string {
  return JSON.stringify([
    level,
    parent,
    commands.map((command) => ({ ...command, line: 0 })),
    notes.map((note) => ({ ...note, line: 0, block: 0 })),
    environment.map(({ text }) => text),
    shell.map(({ text }) => text),
  ])
}

const mapRow = <Row, T>(row: Row | undefined, map: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : map(row)

function toBook({ id, path, root, hash, encoding, parts, imported_at }: BookRow): StoredBook {
  return { id, path, root, hash, encoding, importedAt: imported_at, ...(JSON.parse(parts) as BookParts) }
}

function toExperiment({
  id,
  book_id,
  name,
  position,
  is_missing,
  section,
  base,
}: ExperimentRow): StoredExperiment {
  return {
    id,
    bookId: book_id,
    name,
    position,
    isMissing: is_missing === 1,
    section: JSON.parse(section) as LabSection,
    base,
  }
}

function toCommand({ id, experiment_id, is_missing, command }: CommandRow): StoredCommand {
  return {
    id,
    experimentId: experiment_id,
    isMissing: is_missing === 1,
    command: JSON.parse(command) as LabCommand,
  }
}

function toAddition({ id, command_id, kind, text, created_at }: AdditionRow): Addition {
  return { id, kind, text, commandId: command_id, createdAt: created_at }
}
