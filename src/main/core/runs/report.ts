/** Benchmark runs as people and doors see them: summary, whole report, per-frame table. */
import type { FrameTable, RunReport, RunSummary } from '../../../shared/contract/runs.ts'
import { metricGroups, metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError } from '../../../shared/errors.ts'
import { columnsOfRun, frameMetric } from '../benchmark/frameMetrics.ts'
import type { BenchmarkRepository, StoredRun } from '../benchmark/benchmark.repository.ts'
import { recipeLine } from '../benchmark/recipe.ts'
import { isOwnerAlive } from '../jobs/owner.ts'
import type { WorkspacesRepository } from '../workspaces/workspaces.repository.ts'

/** Where reports are made from. */
export type RunStore = { repository: BenchmarkRepository; workspaces: WorkspacesRepository }

/**
 * A run by its id or by the first letters of it.
 *
 * @throws AppError `not-found` when there is none, `usage` when the letters fit several.
 */
export function requireRun(repository: BenchmarkRepository, id: string): StoredRun {
  const run = repository.get(id)
  if (run) return run
  const found = repository.findByPrefix(id)
  if (found.length === 1) return found[0]
  if (found.length > 1)
    throw new AppError('usage', `${id} is the beginning of several run ids.`, {
      hint: 'Give more letters of the id.',
    })
  throw new AppError('not-found', `There is no run ${id}.`, { hint: 'parallax runs list shows them.' })
}

/** The short form of a run: what, when, how many, and the scores. */
export function summarise(run: StoredRun, { repository, workspaces }: RunStore): RunSummary {
  const counts = repository.frameCounts(run.id)
  const evaluation = run.evaluationRunId === null ? undefined : workspaces.evaluationRun(run.evaluationRunId)
  // A run whose process was killed still says "running" in its row.
  const status = run.status === 'running' && !isOwnerAlive(run.owner) ? 'interrupted' : run.status
  return {
    id: run.id,
    label: run.label,
    experiment: evaluation?.experiment ?? '',
    timestamp: evaluation?.timestamp ?? '',
    map: run.map,
    referenceDir: run.referenceDir,
    predictionDir: run.predictionDir,
    protocol: run.recipe.protocol.name,
    status,
    pairs: counts.ok,
    failedFrames: counts.failed,
    createdAt: run.createdAt,
    ...(run.finishedAt === undefined ? {} : { finishedAt: run.finishedAt }),
    metrics: inOrder(repository.setScores(run.id), run.recipe.metrics),
  }
}

/** Scores in the order of the recipe, which is that of the catalogue. */
function inOrder(scores: Record<string, Score>, metrics: readonly string[]): Record<string, Score> {
  return Object.fromEntries(
    metrics.filter((metric) => metric in scores).map((metric) => [metric, scores[metric]]),
  )
}

/** Everything about a run. */
export function report(run: StoredRun, store: RunStore): RunReport {
  const summary = summarise(run, store)
  const failures = store.repository
    .failures(run.id)
    .map(({ index, name, error }) => ({ frameIndex: index, name, reason: error ?? 'unknown' }))
  return {
    ...summary,
    recipe: run.recipe,
    providers: run.providers,
    versions: run.versions,
    coverage: run.coverage,
    failures,
    ...(run.error === undefined ? {} : { error: run.error }),
    recipeLine: recipeLine(run.recipe, summary.pairs, run.providers),
    command: commandOf(run),
  }
}

/** The per-frame scores of a run as columns, in frame order. */
export function frameTable(run: StoredRun, repository: BenchmarkRepository): FrameTable {
  const frames = repository.frames(run.id)
  const column = columnsOfRun(repository, run.id)
  const metrics: FrameTable['metrics'] = {}
  for (const metric of run.recipe.metrics.filter((id) => metricInfo(id).isPerFrame)) {
    const values = frameMetric(metric, column, run.recipe)
    if (values.size === 0) continue
    metrics[metric] = frames.map(({ index }) => {
      const value = values.get(index)
      return value === undefined ? null : value === Infinity ? 'Infinity' : value
    })
  }
  return {
    runId: run.id,
    frameIndex: frames.map(({ index }) => index),
    name: frames.map(({ name }) => name),
    status: frames.map(({ status }) => status),
    metrics,
  }
}

function commandOf({ recipe, referenceDir, predictionDir }: StoredRun): string[] {
  const groups = [...new Set(recipe.metrics.map((id) => metricInfo(id).group))]
  const { protocol } = recipe
  const option = (flag: string, value: string | number, usual: string | number) =>
    value === usual ? [] : [flag, String(value)]
  return [
    ...['parallax', 'benchmark', '--gt', referenceDir, '--pred', predictionDir],
    // Metrics named one by one must all be had; of all, those that cannot be are skipped, as they were in this run.
    ...(groups.length === metricGroups.length ? ['--all'] : groups.map((group) => `--${group}`)),
    ...option('--protocol', protocol.name, 'benchmark_csgo'),
    ...option('--batch_size', recipe.batchSize, protocol.defaultBatchSize),
    ...option('--ssim_border', recipe.ssimBorder, 'full'),
    ...option('--lpips_net', recipe.lpipsNet, 'alex'),
    ...option('--lpips_epsilon', recipe.lpipsEpsilon, 'torchmetrics'),
    ...option('--fid_dims', recipe.fidDims, 2048),
    ...option('--fid_variant', recipe.fidVariant, 'torchmetrics'),
  ]
}
