/** Finds the weights of a recipe's networks and loads them in the network worker; what is missing is skipped by name. */
import type { BenchmarkOptions } from '../../../shared/contract/benchmark.ts'
import type { Recipe } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { NetworkSpec } from '../networks/spec.ts'
import { networkUses, type NetworkUse } from './framePlan.ts'
import type { NetworkThreads } from './networkThreads.ts'
import type { ReadyNetwork } from './pipeline.ts'

/** What the benchmark needs of the model store. */
export type ModelFinder = {
  /** The weight files of a network, or a sentence that names the file wanted and where to put it. */
  filesOf(spec: NetworkSpec): Promise<{ files: string[] } | { missing: string }>
  /** The affine aesthetic head, or what is missing for it. */
  aestheticHead(): Promise<{ score: (embedding: Float32Array) => number } | { missing: string }>
}

export type LoadedNetworks = {
  ready: ReadyNetwork[]
  /** Metrics that cannot be computed, each with its reason. */
  without: Record<string, Exclude<Score, { status: 'ok' }>>
  aestheticScore: ((embedding: Float32Array) => number) | undefined
  /** Lines for the job's log: which provider runs what, and what was refused. */
  notes: string[]
}

/** Which metrics of a recipe would be skipped, each with its reason. Loads nothing. */
export async function missingMetrics(recipe: Recipe, models: ModelFinder): Promise<Record<string, string>> {
  const missing: Record<string, string> = {}
  for (const metric of recipe.metrics) {
    const { unavailable } = metricInfo(metric)
    if (unavailable !== '') missing[metric] = unavailable
  }
  for (const use of networkUses(recipe)) {
    const reason = await missingWeights(use, models)
    if (reason !== undefined) for (const metric of use.metrics) missing[metric] = reason
  }
  return missing
}

async function missingWeights(use: NetworkUse, models: ModelFinder): Promise<string | undefined> {
  const found = await models.filesOf(use.spec)
  if ('missing' in found) return found.missing
  if (use.id !== 'clipL14') return undefined
  const head = await models.aestheticHead()
  return 'missing' in head ? head.missing : undefined
}

/**
 * @throws AppError `unsupported` when a device was asked for by name and cannot be used.
 */
export async function loadNetworks(
  recipe: Recipe,
  device: BenchmarkOptions['device'],
  threads: NetworkThreads,
  models: ModelFinder,
): Promise<LoadedNetworks> {
  const loaded: LoadedNetworks = { ready: [], without: {}, aestheticScore: undefined, notes: [] }
  for (const [metric, reason] of Object.entries(await missingMetrics(recipe, models))) {
    loaded.without[metric] = { status: 'skipped', reason }
  }
  for (const use of networkUses(recipe)) {
    if (use.metrics.every((metric) => metric in loaded.without)) continue
    const found = await models.filesOf(use.spec)
    if ('missing' in found) continue
    if (use.id === 'clipL14') {
      const head = await models.aestheticHead()
      if ('score' in head) loaded.aestheticScore = head.score
    }
    const reply = await threads
      .load(use.id, use.spec, found.files, device)
      .catch((caught: unknown) => toAppError(caught, use.metrics.join(', ')))
    if (reply instanceof AppError) {
      // Refused weights spoil their own metrics; a device that cannot be had spoils the request.
      if (reply.code !== 'invalid-model') throw reply
      for (const metric of use.metrics) loaded.without[metric] = { status: 'failed', reason: reply.message }
      continue
    }
    // Providers differ in the last digits; their features are not mixed.
    loaded.ready.push({ ...use, key: `${reply.key}@${reply.provider}`, provider: reply.provider })
    loaded.notes.push(`${use.metrics.join(', ')}: ${use.id} on ${reply.provider}`)
    // Every network is refused by a provider for the same reason; it is said once.
    for (const note of reply.notes) if (!loaded.notes.includes(note)) loaded.notes.push(note)
  }
  return loaded
}
