/** Maps of metrics, made in a thread of their own and kept while a person goes back and forth between frames. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MapKind } from '../../../shared/contract/compare.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { createPool, type Pool, type WorkerEntry } from '../../workers/pool.ts'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import type { ModelFinder } from '../benchmark/loadNetworks.ts'
import type { NetworkSpec } from '../networks/spec.ts'
import type { MapTask, MetricMap } from './mapTask.ts'

export type MetricMaps = {
  /**
   * @param reference file name in the run's ground-truth folder; `prediction` in its prediction folder.
   * @throws AppError `missing-model` when LPIPS has no weights, `unsupported` when pictures are too small.
   */
  mapOf(run: StoredRun, kind: MapKind, reference: string, prediction: string): Promise<MetricMap>
  close(): Promise<void>
}

/** A 224 px map takes 200 kB. */
const keptMaps = 96

/** @param models finds the weights of LPIPS. */
export function createMetricMaps(workerEntry: WorkerEntry, models: Pick<ModelFinder, 'filesOf'>): MetricMaps {
  let pool: Pool<MapTask, MetricMap> | undefined
  const kept = new Map<string, Promise<MetricMap>>()

  async function compute(task: MapTask, spec: NetworkSpec | undefined): Promise<MetricMap> {
    const network = spec && { spec, files: await requireFiles(spec) }
    pool ??= createPool({ entry: workerEntry('metricMap'), size: 1 })
    return pool.run({ ...task, ...(network ? { network } : {}) })
  }

  async function requireFiles(spec: NetworkSpec): Promise<string[]> {
    const found = await models.filesOf(spec)
    if ('files' in found) return found.files
    throw new AppError('missing-model', found.missing, { hint: 'Install the weights on the System page.' })
  }

  return {
    async mapOf(run, kind, referenceName, predictionName) {
      const { recipe } = run
      const reference = join(run.referenceDir, requireName(referenceName))
      const prediction = join(run.predictionDir, requireName(predictionName))
      const spec: NetworkSpec | undefined =
        kind === 'lpips'
          ? { kind: 'lpips', net: recipe.lpipsNet, epsilon: recipe.lpipsEpsilon, output: 'map' }
          : undefined
      const size = recipe.protocol.paired
      const stamps = await Promise.all([reference, prediction].map(stampOf))
      const key = JSON.stringify([kind, reference, prediction, stamps, size, spec])
      const map = kept.get(key) ?? compute({ kind, reference, prediction, size }, spec)
      kept.delete(key)
      kept.set(key, map)
      map.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) {
        if (kept.size <= keptMaps) break
        kept.delete(oldest)
      }
      return map
    },
    close: async () => pool?.close(),
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(path)
    return `${size} ${mtimeMs}`
  } catch (error) {
    throw toAppError(error, path)
  }
}

/** Names come from a page; they may not lead out of the folder. */
export function requireName(name: string): string {
  if (/[/\\\0]/.test(name) || name === '.' || name === '..')
    throw new AppError('usage', `${name} is not a file name.`)
  return name
}
