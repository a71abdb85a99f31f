/** What of an evaluation run has been benchmarked. */
import type { WorkspaceReport } from '../../../../shared/contract/workspaces.ts'

export type EvaluationRun = WorkspaceReport['evaluationRuns'][number]

export type RunState = { state: 'new' | 'partly' | 'done' | 'no-truth'; done: number; total: number }

/** Counts the maps that can be benchmarked (they have ground truth) and those that have been. */
export function stateOfRun(run: EvaluationRun): RunState {
  const usable = run.maps.filter(({ referenceDir }) => referenceDir !== undefined)
  const done = usable.filter(({ benchmarked }) => benchmarked > 0).length
  const total = usable.length
  const state = total === 0 ? 'no-truth' : done === 0 ? 'new' : done < total ? 'partly' : 'done'
  return { state, done, total }
}

/** Whether something of the run is still to be benchmarked. */
export const isOpen = (run: EvaluationRun): boolean => ['new', 'partly'].includes(stateOfRun(run).state)

/** Runs in the order people look for them: newest first by the time in their folder's name. */
export const newestFirst = (runs: readonly EvaluationRun[]): EvaluationRun[] =>
  [...runs].sort(
    (a, b) =>
      b.timestamp.localeCompare(a.timestamp) ||
      b.experiment.localeCompare(a.experiment, undefined, { numeric: true }),
  )

/** The moment in a folder name such as `test_20260205_134439`, ms since 1970 in local time; `undefined` when it has none. */
export function momentOfName(name: string): number | undefined {
  const parts = /(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})/.exec(name)?.slice(1).map(Number)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts
  const at = new Date(year, month - 1, day, hour, minute, second).getTime()
  return Number.isNaN(at) ? undefined : at
}
