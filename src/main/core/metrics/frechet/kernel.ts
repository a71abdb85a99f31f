/**
 * Fréchet distance between two Gaussians (Dowson and Landau 1982), the last step of FID and FVD:
 * `|mu1 - mu2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2)`.
 *
 * The last trace is the nuclear norm of `R1 R2^T` for any `R` with `R^T R = S`: the centred samples where these are
 * few, a pivoted Cholesky factor of the covariance where they are many. No root of a non-symmetric product is taken,
 * so nothing imaginary can appear and a singular covariance needs no special care.
 */
import { AppError } from '../../../../shared/errors.ts'
import { covarianceRoot, nuclearNormOfProduct, type Matrix } from './linearAlgebra.ts'
import type { FeatureStatistics } from './statistics.ts'

/** A distance with its parts: `value = meanTerm + traces[0] + traces[1] - 2 * rootTrace`, never below zero. */
export type FrechetDistance = {
  value: number
  meanTerm: number
  traces: [first: number, second: number]
  rootTrace: number
  /** A caution for readers, when there are fewer samples than dimensions. */
  note?: string
}

/**
 * Fréchet distance between two sets of features; a reason when a set has fewer than two samples.
 *
 * @throws AppError `usage` when the two come from networks of different feature dimension, `unreadable` when statistics
 * from a file are so large that the distance is beyond double precision.
 */
export function frechetDistance(
  a: FeatureStatistics,
  b: FeatureStatistics,
): FrechetDistance | { reason: string } {
  if (a.dimension !== b.dimension) {
    throw new AppError(
      'usage',
      `Features of ${a.dimension} and ${b.dimension} dimensions cannot be compared.`,
      {
        hint: 'Compute both sides with the same network and the same --fid_dims.',
      },
    )
  }
  const fewest = Math.min(a.count ?? Infinity, b.count ?? Infinity)
  if (fewest < 2)
    return { reason: `A Fréchet distance needs at least 2 samples on each side; one side has ${fewest}.` }
  let meanTerm = 0
  for (let i = 0; i < a.dimension; i++) meanTerm += (a.mean[i]! - b.mean[i]!) ** 2
  const traces: [number, number] = [traceOf(a), traceOf(b)]
  const rootTrace = rootTraceOf(a, b)
  const value = Math.max(0, meanTerm + traces[0] + traces[1] - 2 * rootTrace)
  if (!Number.isFinite(value)) {
    throw new AppError('unreadable', 'The feature statistics are too large for a Fréchet distance.', {
      hint: 'Write the .npz statistics again from the pictures.',
    })
  }
  const note = fewest < a.dimension ? noteOnFewSamples(fewest, a.dimension) : undefined
  return { value, meanTerm, traces, rootTrace, ...(note === undefined ? {} : { note }) }
}

/** `tr (S1 S2)^(1/2)` without the divisors of the sample roots, which are applied at the end. */
function rootTraceOf(a: FeatureStatistics, b: FeatureStatistics): number {
  const [rootA, rootB] = [rootOf(a), rootOf(b)]
  return nuclearNormOfProduct(rootA.matrix, rootB.matrix) / Math.sqrt(rootA.divisor * rootB.divisor)
}

/** A matrix `R` and a number `divisor` with `S = R^T R / divisor`. */
function rootOf({ count, spread }: FeatureStatistics): { matrix: Matrix; divisor: number } {
  if (spread.kind === 'covariance') return { matrix: covarianceRoot(spread.matrix), divisor: 1 }
  return { matrix: spread.samples, divisor: count! - 1 }
}

function traceOf({ dimension, count, spread }: FeatureStatistics): number {
  let trace = 0
  if (spread.kind === 'covariance') {
    for (let i = 0; i < dimension; i++) trace += spread.matrix.values[i * dimension + i]!
    return trace
  }
  for (const value of spread.samples.values) trace += value ** 2
  return trace / (count! - 1)
}

function noteOnFewSamples(count: number, dimension: number): string {
  return `${count} samples for ${dimension} feature dimensions: the distance is biased upwards. Compare it only with runs of as many samples.`
}
