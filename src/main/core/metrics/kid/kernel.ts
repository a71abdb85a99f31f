/**
 * Kernel Inception Distance (Binkowski et al. 2018): the unbiased estimate of the squared maximum mean discrepancy under
 * the kernel `(x.y / D + 1)^3`, over random subsets of both sets. Being unbiased, it may be slightly negative.
 *
 * Subsets are those of torch-fidelity: `numpy.random.RandomState(2020)`, and in each round one choice without
 * replacement for the first set, then one for the second.
 */
import { gramOfRows, productOfRows, type Matrix } from '../frechet/linearAlgebra.ts'
import { MersenneTwister } from '../mersenneTwister.ts'

/** How subsets are drawn; `all` takes everything once, without chance. */
export type KidOptions = { subsets: number; subsetSize: number; seed: number } | 'all'

/** The settings of torchmetrics and torch-fidelity, with the latter's seed. */
export const defaultKidOptions: KidOptions = { subsets: 100, subsetSize: 1000, seed: 2020 }

/** A distance with the population standard deviation over subsets, 0 for a single one. */
export type KernelDistance = {
  mean: number
  standardDeviation: number
  subsets: number
  /** Samples of each side in one subset, or in all for `all`. */
  subsetSize: [first: number, second: number]
  note?: string
}

/** Kernel values of all pairs are kept when they fit into this many entries (128 MB): subsets then only add them up. */
const largestTable = 16_000_000

/**
 * KID of two sets of features; a reason when a set has fewer than two samples. Where a set has fewer samples than
 * `subsetSize`, subsets shrink to the smaller set and the result says so.
 *
 * @param a,b feature vectors one after the other, `dimension` values each
 */
export function kernelDistance(
  a: Float32Array,
  b: Float32Array,
  dimension: number,
  options: KidOptions = defaultKidOptions,
): KernelDistance | { reason: string } {
  const [first, second] = [matrixOf(a, dimension), matrixOf(b, dimension)]
  const fewest = Math.min(first.rows, second.rows)
  if (fewest < 2) return { reason: `KID needs at least 2 samples on each side; one side has ${fewest}.` }
  if (options === 'all') {
    const mean = discrepancy(first, second)
    return { mean, standardDeviation: 0, subsets: 1, subsetSize: [first.rows, second.rows] }
  }
  const size = Math.min(options.subsetSize, fewest)
  const distances = subsetDistances(first, second, size, options)
  const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length
  const variance = distances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / distances.length
  const note =
    size < options.subsetSize
      ? `Subsets of ${size} samples instead of ${options.subsetSize}: one side has only ${fewest}.`
      : undefined
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    subsets: distances.length,
    subsetSize: [size, size],
    ...(note === undefined ? {} : { note }),
  }
}

function subsetDistances(
  first: Matrix,
  second: Matrix,
  size: number,
  { subsets, seed }: Exclude<KidOptions, 'all'>,
): number[] {
  // Every subset would be the whole of both sets.
  if (size === first.rows && size === second.rows) return [discrepancy(first, second)]
  const random = new MersenneTwister(seed)
  const draw = (): [Uint32Array, Uint32Array] => [
    random.choice(first.rows, size),
    random.choice(second.rows, size),
  ]
  const entries = first.rows ** 2 + second.rows ** 2 + first.rows * second.rows
  if (entries > largestTable || entries > 3 * subsets * size ** 2) {
    return Array.from({ length: subsets }, () => {
      const [rowsA, rowsB] = draw()
      return discrepancy(selectRows(first, rowsA), selectRows(second, rowsB))
    })
  }
  const [withinA, withinB, between] = [kernelTable(first), kernelTable(second), kernelTable(first, second)]
  return Array.from({ length: subsets }, () => {
    const [rowsA, rowsB] = draw()
    return combine(
      sumOf(withinA, rowsA, rowsA) - diagonalOf(withinA, rowsA),
      sumOf(withinB, rowsB, rowsB) - diagonalOf(withinB, rowsB),
      sumOf(between, rowsA, rowsB),
      size,
      size,
    )
  })
}

/** The estimate over all samples of both sets. */
function discrepancy(first: Matrix, second: Matrix): number {
  const [withinA, withinB, between] = [kernelTable(first), kernelTable(second), kernelTable(first, second)]
  return combine(
    total(withinA) - diagonalOf(withinA, undefined),
    total(withinB) - diagonalOf(withinB, undefined),
    total(between),
    first.rows,
    second.rows,
  )
}

/** Sums over pairs of different samples within each set, and over all pairs between them, to the estimate. */
function combine(withinA: number, withinB: number, between: number, countA: number, countB: number): number {
  return (
    withinA / (countA * (countA - 1)) + withinB / (countB * (countB - 1)) - (2 * between) / (countA * countB)
  )
}

/** `(x.y / D + 1)^3` for every row x of one set and y of the other, or of the same set. */
function kernelTable(first: Matrix, second?: Matrix): Matrix {
  const table = second ? productOfRows(first, second) : gramOfRows(first)
  const { values } = table
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! / first.columns + 1) ** 3
  return table
}

function total({ values }: Matrix): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

function sumOf({ columns, values }: Matrix, rows: Uint32Array, chosen: Uint32Array): number {
  let sum = 0
  for (const row of rows) {
    const start = row * columns
    for (const column of chosen) sum += values[start + column]!
  }
  return sum
}

/** Sum of the diagonal entries of the chosen rows, of all rows when none are named. */
function diagonalOf({ rows, columns, values }: Matrix, chosen: Uint32Array | undefined): number {
  let sum = 0
  if (chosen) for (const row of chosen) sum += values[row * columns + row]!
  else for (let row = 0; row < rows; row++) sum += values[row * columns + row]!
  return sum
}

function matrixOf(features: Float32Array, dimension: number): Matrix {
  if (features.length % dimension !== 0) {
    throw new RangeError(`${features.length} values are not whole vectors of ${dimension} features.`)
  }
  return { rows: features.length / dimension, columns: dimension, values: new Float64Array(features) }
}

function selectRows({ columns, values }: Matrix, rows: Uint32Array): Matrix {
  const selected = new Float64Array(rows.length * columns)
  rows.forEach((row, i) => selected.set(values.subarray(row * columns, (row + 1) * columns), i * columns))
  return { rows: rows.length, columns, values: selected }
}
