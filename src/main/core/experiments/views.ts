/** What pages see of an experiment: its place in the tree, and everything that is known of it. */
import type { ExperimentDetail, ExperimentNode } from '../../../shared/contract/experiments.ts'
import type { LabBook } from '../../../shared/domain/labBook.ts'
import type { ExperimentsRepository, StoredBook, StoredExperiment } from './experiments.repository.ts'
import { baseOf } from './lineage.ts'

/** An experiment with its numbers. `all` are the experiments of its book in the order of the file. */
export function nodeOf(
  { id, name, isMissing, section }: StoredExperiment,
  all: readonly StoredExperiment[],
  { todos, problems }: Pick<LabBook, 'todos' | 'problems'>,
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
  const parent = all.findLast(
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
    parentId: parent?.id ?? null,
    notes: section.notes.length,
    todos: todos.filter(mine).length,
    problems: problems.filter(mine).length,
    tags: repository
      .additions(id)
      .filter(({ kind }) => kind === 'tag')
      .map(({ text }) => text),
  }
}

/** An experiment with its links, todos, problems and what was added to it in the studio. */
export function detailOf(
  { id, bookId, isMissing, section, base }: StoredExperiment,
  book: StoredBook,
  repository: ExperimentsRepository,
): ExperimentDetail {
  const sections = repository
    .experiments(bookId)
    .filter((other) => !other.isMissing)
    .map((other) => other.section)
  const inside = ({ line }: { line: number }) =>
    !isMissing && line >= section.lines[0] && line <= section.lines[1]
  return {
    id,
    bookId,
    section,
    isMissing,
    commandIds: repository.commands(id).map((command) => command.id),
    base: baseOf(section, sections, book.links, base),
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
