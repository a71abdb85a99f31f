/** Puts what was changed beside what came out. */
import type { OutputOf } from '../../../shared/contract/operation.ts'
import type { ConfigMatrix, experiments as contract } from '../../../shared/contract/experiments.ts'
import type { LabSection } from '../../../shared/domain/labBook.ts'
import type { Score } from '../../../shared/domain/score.ts'

type Comparison = OutputOf<(typeof contract)['experiments.compare']>

/**
 * @param matrix settings of the compared experiments.
 * @param scores what the studio measured, by experiment and score name.
 */
export function compareColumns(
  matrix: ConfigMatrix,
  experiments: readonly { id: string; name: string; section: LabSection }[],
  scores: ReadonlyMap<string, Readonly<Record<string, Score>>>,
): Comparison {
  const { columns } = matrix
  const observed = columns.map(({ experimentId, run }) => {
    const section = experiments.find(({ id }) => id === experimentId)?.section
    const values = new Map<string, { line: number; value: number }[]>()
    for (const { line, labels } of section?.commands ?? []) {
      if ((labels.run ?? null) !== run) continue
      for (const [name, value] of Object.entries({ ...labels.scores, ...labels.losses }))
        values.set(name, [...(values.get(name) ?? []), { line, value }])
    }
    return values
  })
  const measured = columns.map(({ experiment }) => scores.get(experiment) ?? {})
  const names = <T>(lists: readonly Iterable<T>[]) => [...new Set(lists.flatMap((list) => [...list]))]
  return {
    columns,
    changed: matrix.rows.filter(({ cells, source }) => {
      // A column whose config could not be read takes no part in comparing configs.
      const comparable = cells.filter((_, at) => source === 'command' || columns[at].reason === null)
      return new Set(comparable).size > 1
    }),
    noted: names(observed.map((values) => values.keys())).map((name) => ({
      name,
      cells: observed.map((values) => values.get(name) ?? []),
    })),
    // A metric that was computed for nobody says nothing.
    scores: names(
      measured.map((values) => Object.keys(values).filter((name) => values[name].status !== 'skipped')),
    ).map((name) => ({
      name,
      cells: measured.map((values) => values[name] ?? null),
    })),
  }
}
