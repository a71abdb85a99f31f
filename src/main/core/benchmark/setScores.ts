/** The metrics of whole sets: what can be computed is given to a worker thread, the rest gets its reason. */
import { join } from 'node:path'
import type { Recipe } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { createPool, type WorkerEntry } from '../../workers/pool.ts'
import { featureKey, type FeatureCache } from '../features/featureCache.ts'
import type { StoredFrame } from './benchmark.repository.ts'
import { viewKey, type Side } from './framePlan.ts'
import type { LoadedNetworks } from './loadNetworks.ts'
import { hashOfStamp, type ReadyNetwork } from './pipeline.ts'
import type { SetSource, SetTask } from './setTask.ts'
import { isStatistics, type Target } from './targets.ts'

export type SetScoreOptions = {
  recipe: Recipe
  target: Target
  /** All frames of the run, in order. */
  frames: readonly StoredFrame[]
  networks: LoadedNetworks
  cache: FeatureCache
  workerEntry: WorkerEntry
  /** Folder for `.npz` statistics of both sides; made when missing. */
  saveStats: string | undefined
  signal: AbortSignal
}

/** A score or a reason for every set metric of the recipe. @throws AppError `cancelled`, or of a broken `.npz`. */
export async function setScores(options: SetScoreOptions): Promise<Record<string, Score>> {
  const { recipe, networks } = options
  const scores: Record<string, Score> = {}
  const wanted = recipe.metrics.filter((id) => metricInfo(id).scope === 'set')
  for (const metric of wanted) {
    scores[metric] = networks.without[metric] ?? {
      status: 'failed',
      reason: 'The feature network is not ready.',
    }
  }
  const inception = networks.ready.find(({ id }) => id === 'inception')
  if (!inception) return scores
  return { ...scores, ...(await runInWorker(setTask(inception, options), options)) }
}

function setTask(
  network: ReadyNetwork,
  { recipe, target, frames, cache, saveStats }: SetScoreOptions,
): SetTask {
  const source = (side: Side): SetSource => {
    if (isStatistics(target[side])) return { statistics: target[side] }
    const usable = frames.filter(({ status }) => status === 'ok')
    const stampOf = (frame: StoredFrame) =>
      side === 'reference' ? frame.referenceStamp : frame.predictionStamp
    const view = viewKey(network.view)
    return { keys: usable.map((frame) => featureKey(hashOfStamp(stampOf(frame)), network.key, view)) }
  }
  return {
    cacheFile: cache.file,
    sources: { reference: source('reference'), prediction: source('prediction') },
    dimension: recipe.fidDims,
    metrics: (['FID', 'KID'] as const).filter((metric) => recipe.metrics.includes(metric)),
    kidSeed: recipe.kidSeed,
    saveTo: saveStats === undefined ? undefined : target.map === '' ? saveStats : join(saveStats, target.map),
  }
}

async function runInWorker(
  task: SetTask,
  { workerEntry, signal }: SetScoreOptions,
): Promise<Record<string, Score>> {
  const pool = createPool<SetTask, Record<string, Score>>({ entry: workerEntry('sets'), size: 1 })
  // Arithmetic in a thread hears no events; a cancel ends the thread.
  const stop = () => void pool.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await pool.run(task)
  } finally {
    signal.removeEventListener('abort', stop)
    await pool.close()
  }
}
