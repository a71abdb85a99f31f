/** Decisions about scores that need no page: values, ranks, worst and best frames. */
import type { FrameTable, RunSummary } from '../../../../shared/contract/runs.ts'
import { metricCatalog, type MetricInfo } from '../../../../shared/domain/metricCatalog.ts'

/** The number of a score, infinities included; `undefined` when it was skipped, failed or not asked for. */
export function valueOf(run: Pick<RunSummary, 'metrics'>, metric: string): number | undefined {
  const score = run.metrics[metric]
  return score?.status === 'ok' ? Number(score.value) : undefined
}

const isSkipped = (run: Pick<RunSummary, 'metrics'>, metric: string) =>
  (run.metrics[metric]?.status ?? 'skipped') === 'skipped'

/** Metrics that at least one of the runs has, or failed to get, in the order of the catalogue. */
export const measuredMetrics = (runs: readonly Pick<RunSummary, 'metrics'>[]): MetricInfo[] =>
  metricCatalog.filter(({ id }) => runs.some((run) => !isSkipped(run, id)))

/** Ids of metrics that were asked for but skipped in all of the runs, by reason. */
export function skippedMetrics(
  runs: readonly Pick<RunSummary, 'metrics'>[],
): { reason: string; metrics: string[] }[] {
  const byReason = new Map<string, string[]>()
  for (const { id } of metricCatalog) {
    if (!runs.every((run) => isSkipped(run, id))) continue
    const score = runs.map(({ metrics }) => metrics[id]).find((found) => found?.status === 'skipped')
    if (score?.status === 'skipped') byReason.set(score.reason, [...(byReason.get(score.reason) ?? []), id])
  }
  return [...byReason].map(([reason, metrics]) => ({ reason, metrics }))
}

/**
 * Places of the runs in one metric, by run id: 1 is best. Equal values share a place. Empty when fewer than two runs
 * have a value, because being best of one says nothing.
 */
export function ranksOf(runs: readonly RunSummary[], metric: MetricInfo): ReadonlyMap<string, number> {
  const valued = runs.flatMap((run) => {
    const value = valueOf(run, metric.id)
    return value === undefined ? [] : [{ id: run.id, value }]
  })
  if (valued.length < 2) return new Map()
  const isBetter = (a: number, b: number) => (metric.direction === 'higher' ? a > b : a < b)
  return new Map(
    valued.map(({ id, value }) => [id, 1 + valued.filter((other) => isBetter(other.value, value)).length]),
  )
}

export type FrameScore = { frameIndex: number; name: string; value: number }

/** Frames with a value of a metric, worst or best first; equal ones in frame order. */
export function orderedFrames(
  table: FrameTable,
  metric: Pick<MetricInfo, 'id' | 'direction'>,
  first: 'worst' | 'best',
  range?: { from: number; below: number },
): FrameScore[] {
  const column = table.metrics[metric.id] ?? []
  const frames = column.flatMap((cell, row): FrameScore[] => {
    if (cell === null) return []
    const value = Number(cell)
    if (range && !(value >= range.from && value < range.below)) return []
    return [{ frameIndex: table.frameIndex[row], name: table.name[row], value }]
  })
  const isAscending = (metric.direction === 'higher') === (first === 'worst')
  const sign = isAscending ? 1 : -1
  return frames.sort((a, b) =>
    a.value === b.value ? a.frameIndex - b.frameIndex : sign * (a.value < b.value ? -1 : 1),
  )
}

/** The newest run of each map that belongs with this one: same evaluation run, same protocol. Itself always among them. */
export function siblingsOf(run: RunSummary, all: readonly RunSummary[]): RunSummary[] {
  const siblings = new Map<string, RunSummary>()
  for (const other of all) {
    const belongs =
      other.experiment === run.experiment &&
      other.timestamp === run.timestamp &&
      other.label === run.label &&
      other.protocol === run.protocol
    if (!belongs || (run.experiment === '' && other.predictionDir !== run.predictionDir)) continue
    const known = siblings.get(other.map)
    if (!known || other.createdAt > known.createdAt) siblings.set(other.map, other)
  }
  siblings.set(run.map, run)
  return [...siblings.values()].sort((a, b) => a.map.localeCompare(b.map))
}
