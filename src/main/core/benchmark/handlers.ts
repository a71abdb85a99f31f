import type { benchmark as contract, PreflightTarget } from '../../../shared/contract/benchmark.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { protocols } from '../../../shared/domain/protocol.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { findEarlier, prepareTargets, type BenchmarkDependencies } from './benchmarkJob.ts'
import { missingMetrics } from './loadNetworks.ts'
import { inspectTarget } from './preflight.ts'
import { recipeHash, toRecipe } from './recipe.ts'

/** Answers the `benchmark.*` operations. */
export function benchmarkHandlers(
  dependencies: BenchmarkDependencies,
  jobs: Jobs,
): Handlers<typeof contract> {
  const { repository, owner, models } = dependencies

  function earlierRun(hash: string): Pick<PreflightTarget, 'earlier'> {
    const run = findEarlier(repository, hash, owner)
    if (!run) return {}
    return {
      earlier: { runId: run.id, status: run.status, finishedFrames: repository.frameCounts(run.id).ok },
    }
  }

  return {
    'benchmark.protocols': () => [...protocols],
    'benchmark.preflight': async (request) => {
      const recipe = toRecipe(request)
      const missing = await missingMetrics(recipe, models)
      const targets: PreflightTarget[] = []
      for (const target of await prepareTargets(request)) {
        const hash = recipeHash(recipe, target.reference, target.prediction, target.names)
        targets.push({ ...(await inspectTarget(target, recipe)), ...earlierRun(hash) })
      }
      const metrics = recipe.metrics.map((id) =>
        missing[id] === undefined ? { id } : { id, skipped: missing[id] },
      )
      return { targets, protocol: recipe.protocol, metrics }
    },
    'benchmark.start': async (request) => {
      // Wrong folders are refused now, not by a job that fails later.
      const targets = await prepareTargets(request)
      const [{ map, experiment, timestamp }] = targets
      const what = targets.length === 1 ? map : `${targets.length} maps`
      const title = `Benchmark ${what}: ${experiment} / ${timestamp}`
      return jobs.start('benchmark', title, request)
    },
  }
}
