/** A benchmark from request to stored scores: every target of the request, one after another. */
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { BenchmarkRequest } from '../../../shared/contract/benchmark.ts'
import type { Recipe } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { createPool, type Pool, type WorkerEntry } from '../../workers/pool.ts'
import type { FeatureCache } from '../features/featureCache.ts'
import type { JobContext, JobKind } from '../jobs/jobs.ts'
import { isOwnerAlive } from '../jobs/owner.ts'
import { createThroughput } from '../jobs/throughput.ts'
import type { WorkspacesRepository } from '../workspaces/workspaces.repository.ts'
import type { BenchmarkRepository, StoredFrame, StoredRun } from './benchmark.repository.ts'
import { setMetric } from './frameMetrics.ts'
import { framePlan } from './framePlan.ts'
import type { FrameResult, FrameTask } from './frameTask.ts'
import { loadNetworks, type LoadedNetworks, type ModelFinder } from './loadNetworks.ts'
import { createNetworkStage } from './networkStage.ts'
import { createNetworkThreads, type NetworkThreads } from './networkThreads.ts'
import { areFilesUnchanged, measureFrames } from './pipeline.ts'
import { prepareTarget, type PreparedTarget } from './preflight.ts'
import { recipeHash, toRecipe } from './recipe.ts'
import { setScores } from './setScores.ts'
import { findTargets, isStatistics, shortPath } from './targets.ts'

export type BenchmarkDependencies = {
  repository: BenchmarkRepository
  workspaces: WorkspacesRepository
  cache: FeatureCache
  models: ModelFinder
  workerEntry: WorkerEntry
  owner: string
  /** Versions to store with a result: of the studio and of the libraries that touch numbers. */
  versions: Record<string, string>
}

export type BenchmarkResult = { runIds: string[] }

const networkBatchSize = 8

/** The kind of job behind `benchmark.start`. */
export function benchmarkJob(
  dependencies: BenchmarkDependencies,
): JobKind<BenchmarkRequest, BenchmarkResult> {
  return {
    kind: 'benchmark',
    lane: 'compute',
    run: (request, context) => runBenchmark(request, context, dependencies),
  }
}

/**
 * The targets of a request, listed and paired.
 *
 * @throws AppError `no-pairs` when a target has nothing to measure.
 */
export async function prepareTargets(request: BenchmarkRequest): Promise<PreparedTarget[]> {
  const targets = await findTargets(request)
  const prepared: PreparedTarget[] = []
  for (const target of targets) {
    const one = await prepareTarget(target)
    const isStatisticsOnly = isStatistics(target.reference) && isStatistics(target.prediction)
    if (one.names.length === 0 && !isStatisticsOnly) throw noPairs(one)
    prepared.push(one)
  }
  return prepared
}

function noPairs({ reference, prediction, pairing }: PreparedTarget): AppError {
  const { GT_Count, Pred_Count } = pairing.coverage
  const example = (names: string[]) => (names.length > 0 ? ` (such as ${names[0]})` : '')
  return new AppError(
    'no-pairs',
    `No frame name occurs in both folders: ${GT_Count} pictures${example(pairing.missingPredictions)} in ${reference}, ${Pred_Count}${example(pairing.unmatchedPredictions)} in ${prediction}.`,
    {
      hint:
        pairing.otherExtensions.length > 0
          ? 'The stems agree but the extensions differ; write predictions with the extension of the ground truth.'
          : 'Check that both folders belong to the same map and hold the frames themselves, not folders of frames.',
    },
  )
}

async function runBenchmark(
  request: BenchmarkRequest,
  context: JobContext,
  dependencies: BenchmarkDependencies,
): Promise<BenchmarkResult> {
  const recipe = toRecipe(request)
  const targets = await prepareTargets(request)
  const cores = availableParallelism()
  const frames = createPool<FrameTask, FrameResult>({
    entry: dependencies.workerEntry('frame'),
    size: cores,
    data: framePlan(recipe),
  })
  const networkThreads = createNetworkThreads(dependencies.workerEntry('network'), cores)
  try {
    const networks = await loadNetworks(recipe, request.device, networkThreads, dependencies.models)
    for (const line of networks.notes) context.log(line)
    const runIds: string[] = []
    const pairs = { before: 0, ofAll: targets.reduce((sum, { names }) => sum + names.length, 0) }
    for (const target of targets) {
      const run = await openRun(request, recipe, target, dependencies)
      runIds.push(run.id)
      if (run.status === 'done' && isReusable(run, networks)) {
        context.log(`${target.map}: taken from run ${run.id.slice(0, 8)}; --fresh measures anew.`)
      } else {
        const measuring = { request, context, dependencies, networks, frames, networkThreads, cores, pairs }
        await measureRun(run, target, measuring)
      }
      pairs.before += target.names.length
    }
    return { runIds }
  } finally {
    await Promise.all([frames.close(), networkThreads.close()])
  }
}

/** The run of the same recipe, folders and files that can be gone on with, or a new one. */
async function openRun(
  request: BenchmarkRequest,
  recipe: Recipe,
  target: PreparedTarget,
  { repository, workspaces, owner, cache }: BenchmarkDependencies,
): Promise<StoredRun> {
  const hash = recipeHash(recipe, target.reference, target.prediction, target.names)
  const earlier = request.fresh ? undefined : findEarlier(repository, hash, owner)
  // A finished run is never written over: files that changed since make a new one.
  const isStale =
    earlier?.status === 'done' &&
    !(await areFilesUnchanged(target, repository.stampedFrames(earlier.id), cache))
  if (earlier && !isStale) return earlier
  const id = randomUUID()
  repository.add({
    id,
    evaluationRunId: workspaces.rememberEvaluationRun(request.workspace, target),
    recipeHash: hash,
    label:
      target.experiment === ''
        ? shortPath(target.prediction, request.workspace)
        : `${target.experiment} / ${target.timestamp}`,
    map: target.map,
    referenceDir: target.reference,
    predictionDir: target.prediction,
    recipe,
    owner,
    coverage: target.pairing.coverage,
  })
  return repository.get(id)!
}

/** The newest run of a recipe that nobody else is working on. */
export function findEarlier(
  repository: BenchmarkRepository,
  hash: string,
  owner: string,
): StoredRun | undefined {
  const isForeign = (run: StoredRun) =>
    run.status === 'running' && run.owner !== owner && isOwnerAlive(run.owner)
  return repository.findByRecipe(hash).find((run) => !isForeign(run))
}

/** A finished run is taken as it is, unless weights have been installed since for a metric it had to skip. */
function isReusable(run: StoredRun, networks: LoadedNetworks): boolean {
  const before = Object.keys(run.providers).sort().join()
  return (
    before ===
    networks.ready
      .map(({ id }) => id)
      .sort()
      .join()
  )
}

type Measuring = {
  request: BenchmarkRequest
  context: JobContext
  dependencies: BenchmarkDependencies
  networks: LoadedNetworks
  frames: Pool<FrameTask, FrameResult>
  networkThreads: NetworkThreads
  cores: number
  /** Pairs of the targets that are through, and of all: the progress is that of the whole job. */
  pairs: { before: number; ofAll: number }
}

async function measureRun(run: StoredRun, target: PreparedTarget, measuring: Measuring): Promise<void> {
  const { request, context, dependencies, networks, pairs } = measuring
  const { repository, cache, owner } = dependencies
  repository.takeOver(run.id, owner)
  repository.writeFacts(
    run.id,
    Object.fromEntries(networks.ready.map(({ id, provider }) => [id, provider])),
    dependencies.versions,
  )
  try {
    await measureAllFrames(run, target, measuring)
    context.report({
      stage: `${target.map}: set scores`,
      done: pairs.before + target.names.length,
      total: pairs.ofAll,
      unit: 'pairs',
    })
    const stored = repository.stampedFrames(run.id)
    const ofSets = await setScores({
      recipe: run.recipe,
      target,
      frames: stored,
      networks,
      cache,
      workerEntry: dependencies.workerEntry,
      saveStats: request.saveStats,
      signal: context.signal,
    })
    repository.writeSetScores(run.id, { ...perFrameScores(run, stored, networks, repository), ...ofSets })
    repository.finish(run.id, 'done')
  } catch (caught) {
    const error = toAppError(caught)
    repository.finish(run.id, context.signal.aborted ? 'cancelled' : 'failed', error.toData())
    throw error
  }
}

async function measureAllFrames(
  run: StoredRun,
  target: PreparedTarget,
  { context, dependencies, networks, frames, networkThreads, cores, pairs }: Measuring,
): Promise<void> {
  const { repository, cache } = dependencies
  const throughput = createThroughput()
  const finished = reusableFrames(run, networks, repository)
  let done = 0
  const report = () =>
    context.report({
      stage: target.map,
      done: pairs.before + done,
      total: pairs.ofAll,
      unit: 'pairs',
      stages: throughput.rates(),
    })
  report()
  await measureFrames({
    target,
    plan: framePlan(run.recipe),
    networks: networks.ready,
    frames,
    stage: createNetworkStage(networkThreads, networkBatchSize),
    cache,
    finished,
    aestheticScore: networks.aestheticScore,
    store: (records) => repository.writeFrames(run.id, records),
    onFrame: (spent) => {
      done += 1
      for (const [stage, ms] of Object.entries(spent ?? {})) throughput.add(stage, ms)
      report()
    },
    signal: context.signal,
    pairsInFlight: 2 * cores + 2 * networkBatchSize,
  })
}

/**
 * Frames of an earlier attempt that need no second look: finished ones that have a value of every network which is
 * ready now (weights may have been installed in between).
 */
function reusableFrames(
  run: StoredRun,
  networks: LoadedNetworks,
  repository: BenchmarkRepository,
): Map<number, StoredFrame> {
  const quantityOf = { lpips: 'lpips', clipB32: 'clip', clipL14: 'aesthetic', inception: undefined } as const
  const needed = networks.ready.map(({ id }) => quantityOf[id]).filter((quantity) => quantity !== undefined)
  const columns = needed.map((quantity) => repository.column(run.id, quantity))
  const complete = repository
    .stampedFrames(run.id)
    .filter(({ index }) => columns.every((column) => column.has(index)))
  return new Map(complete.map((frame) => [frame.index, frame]))
}

/** Scores of the metrics that are means or sums over frames, each with a reason where there is none. */
function perFrameScores(
  run: StoredRun,
  frames: readonly StoredFrame[],
  networks: LoadedNetworks,
  repository: BenchmarkRepository,
): Record<string, Score> {
  const okFrames = new Set(frames.filter(({ status }) => status === 'ok').map(({ index }) => index))
  const column = (quantity: string) =>
    repository.column(run.id, quantity).filter((index) => okFrames.has(index))
  const scores: Record<string, Score> = {}
  for (const metric of run.recipe.metrics.filter((id) => metricInfo(id).isPerFrame)) {
    const without = networks.without[metric]
    const isStatisticsRun = isStatistics(run.referenceDir) || isStatistics(run.predictionDir)
    if (isStatisticsRun)
      scores[metric] = { status: 'skipped', reason: 'Needs the frames of both sides, not statistics.' }
    else if (without !== undefined) scores[metric] = without
    else if (okFrames.size === 0) scores[metric] = { status: 'failed', reason: 'No pair could be read.' }
    else scores[metric] = withReason(setMetric(metric, column, run.recipe), frames)
  }
  return scores
}

/** A metric no frame has a value of failed for the reason the frames give, such as "too small". */
function withReason(score: Score, frames: readonly StoredFrame[]): Score {
  if (score.status !== 'failed') return score
  const reason = frames.find(({ status, error }) => status === 'ok' && error !== undefined)?.error
  return reason === undefined ? score : { status: 'failed', reason }
}
