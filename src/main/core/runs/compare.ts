/** Two runs side by side: set scores, and the frames both have compared one by one. */
import type { z } from 'zod'
import type { FrameTable, pairedComparison, runs } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import { meanInterval } from './pairedBootstrap.ts'
import { frameTable, summarise, type RunStore } from './report.ts'

type Comparison = z.infer<(typeof runs)['runs.compare']['output']>
type Paired = z.infer<typeof pairedComparison>

/** Compares run `b` against run `a`; a positive difference means a larger value in `b`. */
export function compareRuns(a: StoredRun, b: StoredRun, store: RunStore): Comparison {
  const [summaryA, summaryB] = [summarise(a, store), summarise(b, store)]
  const [tableA, tableB] = [frameTable(a, store.repository), frameTable(b, store.repository)]
  const common = commonRows(tableA, tableB)
  const metrics = Object.keys(tableA.metrics).filter((metric) => metric in tableB.metrics)
  const paired = metrics
    .map((metric) => comparePaired(metric, tableA, tableB, common))
    .filter((found) => found !== undefined)
  const sets = Object.keys(summaryA.metrics).filter((metric) => metric in summaryB.metrics)
  return {
    a: summaryA,
    b: summaryB,
    commonFrames: common.length,
    cautions: cautionsOf(a, b, common.length, summaryA.pairs, summaryB.pairs),
    sets: sets.map((metric) => ({ metric, a: summaryA.metrics[metric], b: summaryB.metrics[metric] })),
    paired,
  }
}

/** Row numbers of the frames both tables measured, by name. */
function commonRows(a: FrameTable, b: FrameTable): [number, number][] {
  const rowInB = new Map(b.name.map((name, row) => [name, row]))
  return a.name.flatMap((name, row): [number, number][] => {
    const other = rowInB.get(name)
    return other === undefined ? [] : [[row, other]]
  })
}

function comparePaired(
  metric: string,
  a: FrameTable,
  b: FrameTable,
  rows: readonly [number, number][],
): Paired | undefined {
  const pairs = rows
    .map(([rowA, rowB]) => [a.metrics[metric][rowA], b.metrics[metric][rowB]])
    // Infinite values (identical pictures) have no difference to average.
    .filter((pair): pair is [number, number] => pair.every((value) => typeof value === 'number'))
  if (pairs.length === 0) return undefined
  const differences = pairs.map(([valueA, valueB]) => valueB - valueA)
  const sign = metricInfo(metric).direction === 'higher' ? 1 : -1
  const better = differences.reduce(
    (sum, difference) => sum + (difference === 0 ? 0.5 : sign * difference > 0 ? 1 : 0),
    0,
  )
  const interval = meanInterval(differences)
  const isClear = interval[0] > 0 || interval[1] < 0
  return {
    metric,
    frames: pairs.length,
    meanA: mean(pairs.map(([value]) => value)),
    meanB: mean(pairs.map(([, value]) => value)),
    difference: mean(differences),
    interval,
    betterShare: better / pairs.length,
    verdict: !isClear ? 'no clear difference' : sign * interval[0] > 0 ? 'B is better' : 'A is better',
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function cautionsOf(a: StoredRun, b: StoredRun, common: number, pairsA: number, pairsB: number): string[] {
  const cautions: string[] = []
  if (a.recipe.protocol.name !== b.recipe.protocol.name)
    cautions.push(`Different protocols: ${a.recipe.protocol.name} and ${b.recipe.protocol.name}.`)
  if (a.map !== b.map) cautions.push(`Different maps: ${a.map} and ${b.map}.`)
  if (a.referenceDir !== b.referenceDir) cautions.push('Different ground-truth folders.')
  if (a.recipe.protocol.psnr === 'batched' && a.recipe.batchSize !== b.recipe.batchSize)
    cautions.push(`PSNR in batches of ${a.recipe.batchSize} and of ${b.recipe.batchSize}.`)
  if (a.recipe.lpipsNet !== b.recipe.lpipsNet)
    cautions.push(`LPIPS by ${a.recipe.lpipsNet} and by ${b.recipe.lpipsNet}.`)
  if (a.recipe.fidDims !== b.recipe.fidDims || a.recipe.fidVariant !== b.recipe.fidVariant)
    cautions.push('FID of different features or variants.')
  if (pairsA !== pairsB)
    cautions.push(`Different numbers of frames (${pairsA} and ${pairsB}): FID is not comparable.`)
  if (common === 0) cautions.push('The runs have no frame in common.')
  const providers = (run: StoredRun) => [...new Set(Object.values(run.providers))].sort().join(', ')
  if (providers(a) !== providers(b))
    cautions.push(`Networks ran on ${providers(a) || 'nothing'} and on ${providers(b) || 'nothing'}.`)
  return cautions
}
