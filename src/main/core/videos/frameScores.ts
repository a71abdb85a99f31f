/** Per-frame scores as text for the picture. */
import { extname } from 'node:path'
import { metricCatalog } from '../../../shared/domain/metricCatalog.ts'
import type { BenchmarkRepository } from '../benchmark/benchmark.repository.ts'
import { columnsOfRun, frameMetric } from '../benchmark/frameMetrics.ts'

/** Scores of single frames by frame name (no extension), in the order they were asked for. */
export type FrameScores = Map<string, { name: string; value: number }[]>

const newestRuns = 500

/**
 * Reads per-frame scores from the newest benchmark of a prediction folder that has any of them.
 *
 * @param predictionDir absolute path.
 * @param metrics ids of the metric catalogue, whatever their case; those without per-frame values give nothing.
 */
export function readFrameScores(
  repository: Pick<BenchmarkRepository, 'list' | 'frames' | 'column'>,
  predictionDir: string,
  metrics: readonly string[],
): FrameScores {
  const wanted = metrics.flatMap((name) => perFrameMetric(name) ?? [])
  for (const run of repository.list(newestRuns)) {
    if (run.predictionDir !== predictionDir) continue
    const column = columnsOfRun(repository, run.id)
    const columns = wanted.map(({ id }) => frameMetric(id, column, run.recipe))
    if (columns.every(({ size }) => size === 0)) continue
    const scores: FrameScores = new Map()
    for (const { index, name } of repository.frames(run.id)) {
      const entries = wanted.flatMap(({ title }, metric) => {
        const value = columns[metric].get(index)
        return value === undefined ? [] : [{ name: title, value }]
      })
      if (entries.length > 0) scores.set(name.slice(0, name.length - extname(name).length), entries)
    }
    return scores
  }
  return new Map()
}

/**
 * The scores to burn in for a folder of predictions; says in words what is not there.
 *
 * @param read gives the scores of a prediction folder; `undefined` where nothing is stored.
 */
export function findScores(
  predictionDir: string,
  wanted: readonly string[],
  read: ((predictionDir: string, metrics: readonly string[]) => FrameScores) | undefined,
  warn: (text: string) => void,
): FrameScores {
  if (wanted.length === 0) return new Map()
  const scores: FrameScores = read?.(predictionDir, wanted) ?? new Map()
  const found = new Set([...scores.values()].flatMap((entries) => entries.map(({ name }) => name)))
  const lacking = wanted.filter((metric) => !found.has(perFrameMetric(metric)?.title ?? ''))
  if (scores.size === 0)
    warn(
      `There are no per-frame scores of ${predictionDir} yet, so none are shown. Run parallax benchmark on it first.`,
    )
  else if (lacking.length > 0)
    warn(`The benchmark of ${predictionDir} has no per-frame ${lacking.join(', ')}.`)
  return scores
}

const perFrameMetric = (name: string) =>
  metricCatalog.find(({ id, isPerFrame }) => isPerFrame && id.toLowerCase() === name.toLowerCase())

/** `PSNR 24.15 · SSIM 0.704` */
export function formatScores(scores: readonly { name: string; value: number }[]): string {
  return scores.map(({ name, value }) => `${name} ${formatScore(value)}`).join('  ·  ')
}

/** Four significant digits, so that the text hardly changes its width from frame to frame. */
function formatScore(value: number): string {
  if (value === Infinity) return '∞'
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)
}
