/**
 * Mean and covariance of feature vectors. Up to as many samples as dimensions, the centred samples themselves say
 * everything about the covariance, exactly and in less memory; beyond that the covariance is summed as they come.
 */
import { AppError } from '../../../../shared/errors.ts'
import { gramOfRows, OuterProductSum, type Matrix } from './linearAlgebra.ts'

/** A Gaussian fitted to feature vectors. */
export type FeatureStatistics = {
  dimension: number
  /** Number of samples; undefined when the statistics come from a file, which does not say. */
  count: number | undefined
  mean: Float64Array
  /** Either samples minus their mean (count x dimension), or the covariance with divisor N - 1 (dimension squared). */
  spread: { kind: 'centred'; samples: Matrix } | { kind: 'covariance'; matrix: Matrix }
}

/** Collects feature vectors, in double precision. Memory does not grow with their number beyond a few D x D matrices. */
export class FeatureAccumulator {
  private readonly dimension: number
  private sampleCount = 0
  /** The samples themselves, while there are at most as many as dimensions. */
  private samples: Float32Array[] = []
  /** From then on: a fixed origin near the mean, which keeps the sums free of cancellation, and sums about it. */
  private sums: { origin: Float64Array; first: Float64Array; second: OuterProductSum } | undefined

  constructor(dimension: number) {
    if (!Number.isInteger(dimension) || dimension < 1)
      throw new RangeError(`Not a feature dimension: ${dimension}`)
    this.dimension = dimension
  }

  /** Number of vectors added so far. */
  get count(): number {
    return this.sampleCount
  }

  /**
   * Adds feature vectors, one after the other in one array.
   *
   * @throws AppError `invalid-model` when a value is not finite: a network gave it, and it would spoil every later sum.
   */
  add(features: Float32Array): void {
    if (features.length % this.dimension !== 0) {
      throw new RangeError(`${features.length} values are not whole vectors of ${this.dimension} features.`)
    }
    if (!features.every(Number.isFinite)) {
      throw new AppError('invalid-model', 'The feature network gave values that are not finite numbers.', {
        hint: 'Verify the weights of the network, or try another execution provider.',
      })
    }
    for (let start = 0; start < features.length; start += this.dimension) {
      this.addVector(features.slice(start, start + this.dimension))
    }
  }

  /** Statistics of all vectors so far; more may be added afterwards. */
  finish(): FeatureStatistics {
    const { dimension, sampleCount: count } = this
    if (!this.sums) {
      const mean = meanOf(this.samples, dimension)
      const values = new Float64Array(count * dimension)
      this.samples.forEach((sample, row) => {
        for (let i = 0; i < dimension; i++) values[row * dimension + i] = sample[i]! - mean[i]!
      })
      return {
        dimension,
        count,
        mean,
        spread: { kind: 'centred', samples: { rows: count, columns: dimension, values } },
      }
    }
    const { origin, first, second } = this.sums
    const mean = origin.map((value, i) => value + first[i]! / count)
    const matrix = second.total()
    for (let i = 0; i < dimension; i++) {
      for (let j = 0; j < dimension; j++) {
        const at = i * dimension + j
        matrix.values[at] = (matrix.values[at]! - (first[i]! * first[j]!) / count) / (count - 1)
      }
    }
    return { dimension, count, mean, spread: { kind: 'covariance', matrix } }
  }

  private addVector(vector: Float32Array): void {
    this.sampleCount += 1
    if (this.sums) this.addToSums(vector)
    else {
      this.samples.push(vector)
      if (this.samples.length > this.dimension) this.startSums()
    }
  }

  private startSums(): void {
    const { dimension, samples } = this
    const first = new Float64Array(dimension)
    this.sums = { origin: meanOf(samples, dimension), first, second: new OuterProductSum(dimension) }
    this.samples = []
    for (const sample of samples) this.addToSums(sample)
  }

  private addToSums(vector: Float32Array): void {
    const { origin, first, second } = this.sums!
    const shifted = new Float64Array(vector)
    for (let i = 0; i < shifted.length; i++) {
      shifted[i]! -= origin[i]!
      first[i]! += shifted[i]!
    }
    second.add(shifted)
  }
}

/** Statistics of `count` feature vectors that lie one after the other in one array. */
export function featureStatistics(features: Float32Array, dimension: number): FeatureStatistics {
  const accumulator = new FeatureAccumulator(dimension)
  accumulator.add(features)
  return accumulator.finish()
}

/** The covariance matrix (divisor N - 1). @throws RangeError for fewer than two samples, which have none. */
export function covarianceOf({ dimension, count, spread }: FeatureStatistics): Matrix {
  if (spread.kind === 'covariance') return spread.matrix
  if (count === undefined || count < 2) throw new RangeError('A covariance needs at least two samples.')
  const product = gramOfRows(transpose(spread.samples))
  return { rows: dimension, columns: dimension, values: product.values.map((value) => value / (count - 1)) }
}

function transpose({ rows, columns, values }: Matrix): Matrix {
  const transposed = new Float64Array(values.length)
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) transposed[c * rows + r] = values[r * columns + c]!
  }
  return { rows: columns, columns: rows, values: transposed }
}

function meanOf(samples: Float32Array[], dimension: number): Float64Array {
  const mean = new Float64Array(dimension)
  for (const sample of samples) for (let i = 0; i < dimension; i++) mean[i]! += sample[i]!
  return mean.map((sum) => (samples.length === 0 ? 0 : sum / samples.length))
}
