/** Everything the Compare page needs to know about some runs, in one compact answer. */
import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Comparison, FrameState } from '../../../shared/contract/compare.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FrameColumn } from '../benchmark/frameColumn.ts'
import { columnsOfRun, frameMetric } from '../benchmark/frameMetrics.ts'
import type { BenchmarkRepository, StoredRun } from '../benchmark/benchmark.repository.ts'
import { listFolder } from '../benchmark/pairing.ts'
import { summarise, type RunStore } from '../runs/report.ts'
import { joinFrames } from './joinFrames.ts'

const stateNumber = { missing: 0, ok: 1, failed: 2, unmeasured: 3 } satisfies Record<FrameState, number>

/**
 * @param runs at least one; all of one ground-truth folder.
 * @throws AppError `usage` when they were measured against different folders.
 */
export async function openRuns(
  runs: readonly StoredRun[],
  store: RunStore,
): Promise<Omit<Comparison, 'clips'>> {
  const { repository } = store
  const [first] = runs
  const stranger = runs.find(({ referenceDir }) => resolve(referenceDir) !== resolve(first.referenceDir))
  if (stranger)
    throw new AppError(
      'usage',
      `${first.label} (${first.map}) and ${stranger.label} (${stranger.map}) were measured against different ground truth.`,
      { hint: 'Compare runs of one map. Frames are joined by their file names.' },
    )
  const cautions: string[] = []
  // The disk lists the folders while the database is read.
  const listing = Promise.all([
    namesIn(first.referenceDir, 'Ground truth', cautions),
    ...runs.map(({ predictionDir, label }) => namesIn(predictionDir, label, cautions)),
  ])
  const tables = await oneByOne(runs, ({ id }) => repository.frames(id))
  const scores: [metric: string, FrameColumn][][] = []
  for (const run of runs) scores.push(await scoresOf(run, repository))
  const [referenceNames, ...folders] = await listing
  const measured = tables.map((frames) => frames.map(({ name }) => name))
  await nextTurn()
  const { names, trackStarts, inReference, positions } = joinFrames(referenceNames, [...measured, ...folders])
  if (names.length === 0)
    throw new AppError('not-found', `${first.label} has no frames.`, {
      hint: 'The run was stopped before its first frame; run the benchmark again.',
    })
  if (new Set(runs.map(({ recipe }) => recipe.protocol.name)).size > 1)
    cautions.push('The runs were measured with different protocols; their scores cannot be compared.')

  return {
    map: first.map,
    referenceDir: first.referenceDir,
    names,
    reference: base64(inReference),
    trackStarts,
    cautions,
    runs: runs.map((run, at) => {
      const { label, experiment, timestamp, protocol, metrics } = summarise(run, store)
      const states = new Uint8Array(names.length)
      for (const position of positions[runs.length + at]) states[position] = stateNumber.unmeasured
      const frameIndex = new Int32Array(names.length).fill(-1)
      const positionOfIndex = new Int32Array((tables[at].at(-1)?.index ?? -1) + 1).fill(-1)
      const failures: Comparison['runs'][number]['failures'] = []
      for (const [row, { index, status, error }] of tables[at].entries()) {
        const position = positions[at][row]
        positionOfIndex[index] = position
        frameIndex[position] = index
        states[position] = stateNumber[status]
        if (status === 'failed') failures.push({ position, reason: error ?? 'unknown' })
      }
      return {
        id: run.id,
        label,
        experiment,
        timestamp,
        protocol,
        predictionDir: run.predictionDir,
        sets: metrics,
        states: base64(states),
        frameIndex: base64(frameIndex),
        columns: columnsOf(scores[at], positionOfIndex, names.length),
        failures,
      }
    }),
  }
}

/** Values of every metric that frames have. */
async function scoresOf(
  run: StoredRun,
  repository: BenchmarkRepository,
): Promise<[metric: string, FrameColumn][]> {
  const column = columnsOfRun(repository, run.id)
  const metrics = run.recipe.metrics.filter((id) => metricInfo(id).isPerFrame)
  return oneByOne(metrics, (metric) => [metric, frameMetric(metric, column, run.recipe)])
}

function columnsOf(
  scores: readonly [metric: string, FrameColumn][],
  positionOfIndex: Int32Array,
  length: number,
): Record<string, string> {
  const columns: Record<string, string> = {}
  for (const [metric, values] of scores) {
    if (values.size === 0) continue
    const packed = new Float32Array(length).fill(NaN)
    values.forEach((value, index) => {
      // A benchmark under way may have written frames since their names were read.
      const position = positionOfIndex[index] ?? -1
      if (position >= 0) packed[position] = value
    })
    columns[metric] = base64(packed)
  }
  return columns
}

/** Works on each in turn, and lets others have their turn in between: 100,000 frames take most of a second. */
async function oneByOne<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) {
    results.push(work(item))
    await nextTurn()
  }
  return results
}

/** Names of pictures in a folder; one that is gone is a caution, for scores can be looked at without it. */
async function namesIn(folder: string, what: string, cautions: string[]): Promise<string[]> {
  try {
    return (await listFolder(folder)).images
  } catch {
    cautions.push(`${what}: the folder ${folder} cannot be read; its pictures are not shown.`)
    return []
  }
}

const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array | Int32Array | Float32Array) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64')
