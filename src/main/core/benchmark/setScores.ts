/**
 * FID and KID of a finished set of frames. Features come from the cache one by one, in the order of the frames, so a
 * run that was interrupted gives the very same numbers as one that was not.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipe } from '../../../shared/contract/runs.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { AppError } from '../../../shared/errors.ts'
import { featureKey, type FeatureCache } from '../features/featureCache.ts'
import { frechetDistance } from '../metrics/frechet/kernel.ts'
import { readStatistics, writeStatistics } from '../metrics/frechet/npz.ts'
import { FeatureAccumulator, type FeatureStatistics } from '../metrics/frechet/statistics.ts'
import { kernelDistance } from '../metrics/kid/kernel.ts'
import type { StoredFrame } from './benchmark.repository.ts'
import { viewKey, type Side } from './framePlan.ts'
import type { LoadedNetworks } from './loadNetworks.ts'
import { hashOfStamp, type ReadyNetwork } from './pipeline.ts'
import { isStatistics, type Target } from './targets.ts'

/** KID looks at features in random order, so they are held in memory; beyond this, evenly spaced frames stand for all. */
const mostKidFrames = 20_000
const kidSubsets = { subsets: 100, subsetSize: 1000 }

export type SetScoreOptions = {
  recipe: Recipe
  target: Target
  /** All frames of the run, in order. */
  frames: readonly StoredFrame[]
  networks: LoadedNetworks
  cache: FeatureCache
  /** Folder for `.npz` statistics of both sides; made when missing. */
  saveStats: string | undefined
  signal: AbortSignal
}

/** The set metrics of a recipe, each with a value or a reason. @throws AppError `cancelled`, or of a broken `.npz`. */
export async function setScores(options: SetScoreOptions): Promise<Record<string, Score>> {
  const { recipe, networks } = options
  const scores: Record<string, Score> = {}
  const wanted = ['FID', 'KID', 'IS', 'FVD']
    .concat(temporalMetrics)
    .filter((id) => recipe.metrics.includes(id))
  for (const metric of wanted) {
    scores[metric] = networks.without[metric] ?? {
      status: 'failed',
      reason: 'The feature network is not ready.',
    }
  }
  const inception = networks.ready.find(({ id }) => id === 'inception')
  if (!inception) return scores
  if (recipe.metrics.includes('FID')) scores.FID = await fid(inception, options)
  if (recipe.metrics.includes('KID')) scores.KID = kid(inception, options)
  return scores
}

const temporalMetrics = [
  'Temporal_Warping_Error',
  'Temporal_Difference_Error',
  'Flicker_Score',
  'Optical_Flow_EPE',
]

async function fid(network: ReadyNetwork, options: SetScoreOptions): Promise<Score> {
  const { target, recipe } = options
  const reference = await statisticsOf('reference', network, options)
  const prediction = await statisticsOf('prediction', network, options)
  if (options.saveStats !== undefined)
    await saveStatistics(options.saveStats, target, { reference, prediction })
  const distance = frechetDistance(reference, prediction)
  if ('reason' in distance) return { status: 'failed', reason: distance.reason }
  const { value, meanTerm, traces, rootTrace } = distance
  const notes = [
    recipe.fidDims === 2048 ? '' : `${recipe.fidDims}-d features: not comparable with the usual 2048-d FID.`,
    distance.note ?? '',
  ].filter((note) => note !== '')
  return {
    status: 'ok',
    value,
    ...(prediction.count === undefined ? {} : { n: prediction.count }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    details: {
      mean_term: meanTerm,
      trace_reference: traces[0],
      trace_prediction: traces[1],
      root_trace: rootTrace,
    },
  }
}

async function statisticsOf(
  side: Side,
  network: ReadyNetwork,
  options: SetScoreOptions,
): Promise<FeatureStatistics> {
  const source = options.target[side]
  if (isStatistics(source)) return readStatistics(source)
  const accumulator = new FeatureAccumulator(options.recipe.fidDims)
  let count = 0
  for (const frame of usableFrames(options.frames)) {
    accumulator.add(featuresOf(frame, side, network, options.cache))
    // The event loop must breathe: a cancel arrives as an event.
    if (++count % 256 === 0) await new Promise((resolve) => setImmediate(resolve))
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled.')
  }
  return accumulator.finish()
}

async function saveStatistics(
  folder: string,
  target: Target,
  sides: Record<Side, FeatureStatistics>,
): Promise<void> {
  const own = target.map === '' ? folder : join(folder, target.map)
  await mkdir(own, { recursive: true })
  for (const side of ['reference', 'prediction'] as const)
    writeStatistics(join(own, `${side}.npz`), sides[side])
}

function kid(network: ReadyNetwork, { target, recipe, frames, cache }: SetScoreOptions): Score {
  if (isStatistics(target.reference) || isStatistics(target.prediction)) {
    return {
      status: 'skipped',
      reason: 'KID needs the features of single frames; statistics hold only their mean and covariance.',
    }
  }
  const usable = usableFrames(frames)
  const step = Math.max(1, usable.length / mostKidFrames)
  const chosen = Array.from(
    { length: Math.min(usable.length, mostKidFrames) },
    (_, index) => usable[Math.floor(index * step)],
  )
  const rows = (side: Side) => {
    const matrix = new Float32Array(chosen.length * recipe.fidDims)
    chosen.forEach((frame, row) => matrix.set(featuresOf(frame, side, network, cache), row * recipe.fidDims))
    return matrix
  }
  const distance = kernelDistance(rows('reference'), rows('prediction'), recipe.fidDims, {
    ...kidSubsets,
    seed: recipe.kidSeed,
  })
  if ('reason' in distance) return { status: 'failed', reason: distance.reason }
  const notes = [distance.note ?? '', step > 1 ? `From ${mostKidFrames} evenly spaced frames.` : ''].filter(
    (note) => note !== '',
  )
  return {
    status: 'ok',
    value: distance.mean,
    n: chosen.length,
    details: {
      standard_deviation: distance.standardDeviation,
      subsets: distance.subsets,
      subset_size: distance.subsetSize[0],
    },
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  }
}

const usableFrames = (frames: readonly StoredFrame[]) => frames.filter(({ status }) => status === 'ok')

function featuresOf(
  frame: StoredFrame,
  side: Side,
  network: ReadyNetwork,
  cache: FeatureCache,
): Float32Array {
  const stamp = side === 'reference' ? frame.referenceStamp : frame.predictionStamp
  const features = cache.get(featureKey(hashOfStamp(stamp), network.key, viewKey(network.view)))
  if (features) return features
  throw new AppError('not-found', `The cached features of ${frame.name} are gone.`, {
    hint: 'Was the cache folder emptied? Run again with --fresh.',
  })
}
