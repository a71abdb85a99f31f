import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bidiagonalSingularValues } from '../../../../../src/main/core/metrics/frechet/bidiagonal.ts'
import {
  covarianceRoot,
  gramOfRows,
  nuclearNormOfProduct,
  productOfRows,
  type Matrix,
} from '../../../../../src/main/core/metrics/frechet/linearAlgebra.ts'
import { multiply, plainEigen, rowsOf, transposed, type Rows } from '../features.ts'
import { noise } from '../pictures.ts'

function matrixOf(rows: Rows): Matrix {
  return { rows: rows.length, columns: rows[0]!.length, values: Float64Array.from(rows.flat()) }
}

function randomRows(seed: number, rows: number, columns: number): Rows {
  return rowsOf(
    Float64Array.from(noise(seed, rows * columns), (byte) => (byte - 128) / 100),
    columns,
  )
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)
}

function plainNuclearNorm(product: Rows): number {
  const gram = multiply(product, transposed(product))
  return plainEigen(gram).values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
}

const size = fc.integer({ min: 1, max: 21 })

describe('matrix products', () => {
  test('equal plain sums for any size, odd ones and those beyond a block included', () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 45 }),
      fc.integer({ min: 1, max: 70 }),
      fc.constantFrom(1, 2, 3, 16, 511, 1025),
    )
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1e6 }), ([rowsA, rowsB, depth], seed) => {
        const [a, b] = [randomRows(seed, rowsA, depth), randomRows(seed + 1, rowsB, depth)]
        const expected = multiply(a, transposed(b)).flat()
        expect(largestDifference(productOfRows(matrixOf(a), matrixOf(b)).values, expected)).toBeLessThan(1e-9)
        const gram = gramOfRows(matrixOf(a))
        const expectedGram = multiply(a, transposed(a)).flat()
        expect(largestDifference(gram.values, expectedGram)).toBeLessThan(1e-9)
      }),
      { numRuns: 20 },
    )
  })
})

describe('the nuclear norm of a product', () => {
  test('equals the sum of singular values for any shape', () => {
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 1, max: 1e6 }), (rowsA, rowsB, depth, seed) => {
        const [a, b] = [randomRows(seed, rowsA, depth), randomRows(seed + 1, rowsB, depth)]
        const expected = plainNuclearNorm(multiply(a, transposed(b)))
        expect(Math.abs(nuclearNormOfProduct(matrixOf(a), matrixOf(b)) - expected)).toBeLessThan(
          1e-6 * (1 + expected),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('of a matrix with its own transpose is the sum of squares, to the last digits', () => {
    const rows = matrixOf(randomRows(5, 90, 64))
    const squares = rows.values.reduce((sum, value) => sum + value ** 2, 0)
    expect(Math.abs(nuclearNormOfProduct(rows, rows) / squares - 1)).toBeLessThan(1e-13)
  })

  test('of zeros, of repeated rows and of one row is found without trouble', () => {
    const zeros = matrixOf(Array.from({ length: 6 }, () => [0, 0, 0, 0]))
    expect(nuclearNormOfProduct(zeros, zeros)).toBe(0)
    const repeated = matrixOf(Array.from({ length: 9 }, () => [3, 0, 4]))
    expect(nuclearNormOfProduct(repeated, repeated)).toBeCloseTo(9 * 25, 10)
    expect(nuclearNormOfProduct(matrixOf([[3, 0, 4]]), matrixOf([[0, 0, -2]]))).toBeCloseTo(8, 12)
  })
})

describe('singular values of a bidiagonal matrix', () => {
  test('are those of the full matrix, zeros on and above the diagonal included', () => {
    const entry = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -3000, max: 3000 }).map((n) => n / 1000),
      fc.constantFrom(1e-9, 1, 1e6),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry), { minLength: 1, maxLength: 14 }), (entries) => {
        const diagonal = Float64Array.from(entries, ([d]) => d)
        const above = Float64Array.from(entries.slice(1), ([, e]) => e)
        const full = entries.map((_, i) =>
          entries.map((__, j) => (i === j ? diagonal[i]! : j === i + 1 ? above[i]! : 0)),
        )
        const values = [...bidiagonalSingularValues(diagonal, above)].sort((x, y) => x - y)
        const expected = plainEigen(multiply(transposed(full), full)).values.map((value) =>
          Math.sqrt(Math.max(0, value)),
        )
        const largest = Math.max(...expected)
        expected
          .sort((x, y) => x - y)
          .forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(2e-7 * largest))
      }),
      { numRuns: 300 },
    )
  })

  test('are refused when an entry is not finite', () => {
    expect(() => bidiagonalSingularValues(Float64Array.of(1, NaN), Float64Array.of(1))).toThrow('finite')
  })
})

describe('the root of a covariance', () => {
  test('gives the covariance back and has as many rows as the covariance has rank', () => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 1e6 }), (samples, dimension, seed) => {
        const rows = randomRows(seed, samples, dimension)
        const covariance = matrixOf(multiply(transposed(rows), rows))
        const root = covarianceRoot(covariance)
        expect(root.rows).toBeLessThanOrEqual(Math.min(samples, dimension))
        const rootRows = rowsOf(root.values, dimension)
        const again =
          root.rows === 0 ? covariance.values.map(() => 0) : multiply(transposed(rootRows), rootRows).flat()
        expect(largestDifference(again, covariance.values)).toBeLessThan(1e-9)
      }),
      { numRuns: 60 },
    )
  })
})
