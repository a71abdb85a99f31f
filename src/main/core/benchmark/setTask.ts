/**
 * FID and KID from cached features, seconds of arithmetic at a time: runs in a worker thread. Features are read from
 * the cache one by one, in the order of the frames, so a run that was interrupted gives the very same numbers as one
 * that was not.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError } from '../../../shared/errors.ts'
import { openFeatureCache, type FeatureCache } from '../features/featureCache.ts'
import { frechetDistance } from '../metrics/frechet/kernel.ts'
import { readStatistics, writeStatistics } from '../metrics/frechet/npz.ts'
import { FeatureAccumulator, type FeatureStatistics } from '../metrics/frechet/statistics.ts'
import { kernelDistance } from '../metrics/kid/kernel.ts'
import type { Side } from './framePlan.ts'

/** KID compares many random subsets, so all its features are in memory; beyond this, evenly spaced frames stand for all. */
const mostKidFrames = 5_000
const kidSubsets = { subsets: 100, subsetSize: 1000 }

/** One side of a set metric: keys of cached features in frame order, or a statistics file. */
export type SetSource = { keys: Uint8Array[] } | { statistics: string }

export type SetTask = {
  cacheFile: string
  sources: Record<Side, SetSource>
  dimension: number
  metrics: ('FID' | 'KID')[]
  kidSeed: number
  /** Folder for the statistics of both sides as `.npz`. */
  saveTo: string | undefined
}

/** @throws AppError when features are gone from the cache or a statistics file is broken. */
export async function runSetTask(task: SetTask): Promise<Record<string, Score>> {
  const cache = openFeatureCache(task.cacheFile)
  try {
    const scores: Record<string, Score> = {}
    if (task.metrics.includes('FID')) scores.FID = await fid(task, cache)
    if (task.metrics.includes('KID')) scores.KID = kid(task, cache)
    return scores
  } finally {
    cache.close()
  }
}

async function fid(task: SetTask, cache: FeatureCache): Promise<Score> {
  const reference = statisticsOf(task.sources.reference, task.dimension, cache)
  const prediction = statisticsOf(task.sources.prediction, task.dimension, cache)
  if (task.saveTo !== undefined) await saveStatistics(task.saveTo, { reference, prediction })
  const distance = frechetDistance(reference, prediction)
  if ('reason' in distance) return { status: 'failed', reason: distance.reason }
  const { value, meanTerm, traces, rootTrace, note } = distance
  return {
    status: 'ok',
    value,
    ...(prediction.count === undefined ? {} : { n: prediction.count }),
    ...withNotes(
      task.dimension === 2048
        ? ''
        : `${task.dimension}-d features: not comparable with the usual 2048-d FID.`,
      note ?? '',
    ),
    details: {
      mean_term: meanTerm,
      trace_reference: traces[0],
      trace_prediction: traces[1],
      root_trace: rootTrace,
    },
  }
}

function statisticsOf(source: SetSource, dimension: number, cache: FeatureCache): FeatureStatistics {
  if ('statistics' in source) return readStatistics(source.statistics)
  const accumulator = new FeatureAccumulator(dimension)
  for (const key of source.keys) accumulator.add(featuresOf(key, cache))
  return accumulator.finish()
}

async function saveStatistics(folder: string, sides: Record<Side, FeatureStatistics>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const side of ['reference', 'prediction'] as const) {
    writeStatistics(join(folder, `${side}.npz`), sides[side])
  }
}

function kid({ sources, dimension, kidSeed }: SetTask, cache: FeatureCache): Score {
  const { reference, prediction } = sources
  if ('statistics' in reference || 'statistics' in prediction) {
    const reason = 'KID needs the features of single frames; statistics hold only their mean and covariance.'
    return { status: 'skipped', reason }
  }
  const count = Math.min(reference.keys.length, mostKidFrames)
  const step = reference.keys.length / count
  const rows = ({ keys }: { keys: Uint8Array[] }) => {
    const matrix = new Float32Array(count * dimension)
    for (let row = 0; row < count; row++) {
      matrix.set(featuresOf(keys[Math.floor(row * step)], cache), row * dimension)
    }
    return matrix
  }
  const distance = kernelDistance(rows(reference), rows(prediction), dimension, {
    ...kidSubsets,
    seed: kidSeed,
  })
  if ('reason' in distance) return { status: 'failed', reason: distance.reason }
  return {
    status: 'ok',
    value: distance.mean,
    n: count,
    details: {
      standard_deviation: distance.standardDeviation,
      subsets: distance.subsets,
      subset_size: distance.subsetSize[0],
    },
    ...withNotes(
      distance.note ?? '',
      step > 1 ? `From ${count} evenly spaced frames of ${reference.keys.length}.` : '',
    ),
  }
}

function withNotes(...notes: string[]): { note?: string } {
  const given = notes.filter((note) => note !== '')
  return given.length === 0 ? {} : { note: given.join(' ') }
}

function featuresOf(key: Uint8Array, cache: FeatureCache): Float32Array {
  const features = cache.get(Buffer.from(key))
  if (features) return features
  throw new AppError('not-found', 'Cached features of this run are gone.', {
    hint: 'Was the cache folder emptied? Run again with --fresh.',
  })
}
