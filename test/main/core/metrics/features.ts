/** Feature vectors that the specification and the Python scripts make alike, and slow linear algebra to check against. */
import { noise } from './pictures.ts'

/** `F_s` of the metric specification: `((37 i + 101 j + 7 i j + 13 s) mod 97) / 97`. */
export function goldenFeatures(s: number, count: number, dimension: number): Float32Array {
  return Float32Array.from({ length: count * dimension }, (_, at) => {
    const [i, j] = [Math.floor(at / dimension), at % dimension]
    return ((37 * i + 101 * j + 7 * i * j + 13 * s) % 97) / 97
  })
}

/** Noise in 0..4, the same as `features` in test/parity/python/metric_values.py. */
export function noiseFeatures(seed: number, count: number, dimension: number): Float32Array {
  return Float32Array.from(noise(seed, count * dimension), (byte) => byte / 64)
}

export type Rows = number[][]

export function rowsOf(values: ArrayLike<number>, columns: number): Rows {
  const all = Array.from(values)
  return Array.from({ length: all.length / columns }, (_, row) =>
    all.slice(row * columns, (row + 1) * columns),
  )
}

/** Mean and covariance with divisor N - 1, two plain passes. */
export function plainStatistics(samples: Rows): { mean: number[]; covariance: Rows } {
  const mean = samples[0]!.map((_, i) => samples.reduce((sum, row) => sum + row[i]!, 0) / samples.length)
  const entry = (i: number, j: number): number =>
    samples.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / (samples.length - 1)
  return { mean, covariance: mean.map((_, i) => mean.map((__, j) => entry(i, j))) }
}

/** Eigenvalues and eigenvectors (as columns) of a symmetric matrix by cyclic Jacobi rotations. */
export function plainEigen(symmetric: Rows): { values: number[]; vectors: Rows } {
  const a = symmetric.map((row) => [...row])
  const n = a.length
  const vectors = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)))
  for (let round = 0; round < 60; round++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue
        const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
        const rotate = (x: number, y: number): [number, number] => [cos * x - sin * y, sin * x + cos * y]
        for (const row of [...a, ...vectors]) [row[p], row[q]] = rotate(row[p]!, row[q]!)
        const [rowP, rowQ] = [[...a[p]!], [...a[q]!]]
        for (let k = 0; k < n; k++) [a[p]![k], a[q]![k]] = rotate(rowP[k]!, rowQ[k]!)
      }
    }
  }
  return { values: a.map((row, i) => row[i]!), vectors }
}

/** `tr (S1 S2)^(1/2)` as the sum of roots of the eigenvalues of `S2^(1/2) S1 S2^(1/2)`. */
export function plainRootTrace(s1: Rows, s2: Rows): number {
  const { values, vectors } = plainEigen(s2)
  const half = multiply(
    vectors.map((row) => row.map((value, j) => value * Math.sqrt(Math.max(0, values[j]!)))),
    transposed(vectors),
  )
  return plainEigen(multiply(multiply(half, s1), half)).values.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(0, value)),
    0,
  )
}

export function multiply(a: Rows, b: Rows): Rows {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)))
}

export function transposed(a: Rows): Rows {
  return a[0]!.map((_, j) => a.map((row) => row[j]!))
}
