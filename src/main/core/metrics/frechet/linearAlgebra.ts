/** Dense matrices in double precision, on the WebAssembly kernel. */
import { Workspace, type WorkspaceExports } from '../../wasm/workspace.ts'
import { loadKernel } from '../../wasm/load.ts'
import linalgModule from '../../wasm/generated/linalg.ts'
import { bidiagonalSingularValues } from './bidiagonal.ts'

/** A matrix stored row by row: `values` has `rows * columns` entries. */
export type Matrix = { rows: number; columns: number; values: Float64Array }

type LinalgExports = WorkspaceExports & {
  addProduct(
    ...args: [
      a: number,
      b: number,
      c: number,
      rowsA: number,
      rowsB: number,
      depth: number,
      columnsC: number,
      upperOnly: number,
    ]
  ): void
  pivotedCholesky(
    ...args: [
      s: number,
      l: number,
      size: number,
      columns: number,
      tolerance: number,
      variances: number,
      open: number,
    ]
  ): number
  bidiagonalize(
    ...args: [
      a: number,
      rows: number,
      columns: number,
      stride: number,
      diagonal: number,
      above: number,
      work: number,
    ]
  ): void
}

const doubleBytes = Float64Array.BYTES_PER_ELEMENT

/** A fresh instance for each task: memory of a WebAssembly module can only grow, and these matrices are large. */
function newKernel(): { kernel: LinalgExports; workspace: Workspace } {
  const kernel = loadKernel<LinalgExports>(linalgModule)
  return { kernel, workspace: new Workspace(kernel) }
}

/** The kernel wants an even number of doubles per row. */
function evenColumns(columns: number): number {
  return columns + (columns % 2)
}

/** Copies a matrix into the workspace, each row padded with a zero to an even length. */
function putRows(kernel: LinalgExports, workspace: Workspace, { rows, columns, values }: Matrix): number {
  const stride = evenColumns(columns)
  const offset = workspace.reserve(rows * stride * doubleBytes)
  const target = new Float64Array(kernel.memory.buffer, offset, rows * stride)
  if (stride === columns) target.set(values)
  else {
    target.fill(0)
    for (let r = 0; r < rows; r++) target.set(values.subarray(r * columns, (r + 1) * columns), r * stride)
  }
  return offset
}

function reserveZeros(kernel: LinalgExports, workspace: Workspace, length: number): number {
  const offset = workspace.reserve(length * doubleBytes)
  new Float64Array(kernel.memory.buffer, offset, length).fill(0)
  return offset
}

/** `A B^T`: all dot products of the rows of two matrices with the same number of columns. */
export function productOfRows(a: Matrix, b: Matrix): Matrix {
  const { kernel, workspace } = newKernel()
  const [aOffset, bOffset] = [putRows(kernel, workspace, a), putRows(kernel, workspace, b)]
  const c = reserveZeros(kernel, workspace, a.rows * b.rows)
  kernel.addProduct(aOffset, bOffset, c, a.rows, b.rows, evenColumns(a.columns), b.rows, 0)
  return { rows: a.rows, columns: b.rows, values: workspace.float64(c, a.rows * b.rows) }
}

/** `A A^T`, symmetric to the last bit. */
export function gramOfRows(a: Matrix): Matrix {
  const { kernel, workspace } = newKernel()
  const offset = putRows(kernel, workspace, a)
  const c = reserveZeros(kernel, workspace, a.rows ** 2)
  kernel.addProduct(offset, offset, c, a.rows, a.rows, evenColumns(a.columns), a.rows, 1)
  return mirrored(new Float64Array(kernel.memory.buffer, c, a.rows ** 2), a.rows, a.rows)
}

/** A full symmetric matrix from the entries on and right of the diagonal. */
function mirrored(upper: Float64Array, size: number, stride: number): Matrix {
  const values = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      values[i * size + j] = upper[i * stride + j]!
      values[j * size + i] = upper[i * stride + j]!
    }
  }
  return { rows: size, columns: size, values }
}

/**
 * The nuclear norm of `A B^T`, the sum of its singular values, for two matrices with the same number of columns. Each
 * singular value is exact to rounding of the largest one: no squared matrix is formed.
 */
export function nuclearNormOfProduct(a: Matrix, b: Matrix): number {
  // The reduction wants at least as many rows as columns; transposing the product keeps its singular values.
  const [tall, wide] = a.rows >= b.rows ? [a, b] : [b, a]
  if (wide.rows === 0) return 0
  const { kernel, workspace } = newKernel()
  const [rows, columns] = [tall.rows, wide.rows]
  const stride = evenColumns(columns)
  const product = reserveZeros(kernel, workspace, rows * stride)
  const diagonal = workspace.reserve(columns * doubleBytes)
  const above = workspace.reserve(columns * doubleBytes)
  const work = reserveZeros(kernel, workspace, 3 * rows + 3 * stride + 8)
  const [tallOffset, wideOffset] = [putRows(kernel, workspace, tall), putRows(kernel, workspace, wide)]
  kernel.addProduct(tallOffset, wideOffset, product, rows, columns, evenColumns(tall.columns), stride, 0)
  kernel.bidiagonalize(product, rows, columns, stride, diagonal, above, work)
  const values = bidiagonalSingularValues(
    workspace.float64(diagonal, columns),
    workspace.float64(above, columns - 1),
  )
  return values.reduce((sum, value) => sum + value, 0)
}

/**
 * A matrix `R` with `R^T R = S` for a symmetric positive semidefinite `S`: one row for each independent direction. The
 * part of `S` below its rounding error is dropped, slightly negative eigenvalues with it.
 */
export function covarianceRoot({ rows: size, values }: Matrix): Matrix {
  const { kernel, workspace } = newKernel()
  const stride = evenColumns(size)
  const s = putRows(kernel, workspace, { rows: size, columns: size, values })
  const l = reserveZeros(kernel, workspace, size * stride)
  const [variances, open] = [workspace.reserve(size * doubleBytes), workspace.reserve(size * 4)]
  let largest = 0
  for (let i = 0; i < size; i++) largest = Math.max(largest, values[i * size + i]!)
  const tolerance = size * Number.EPSILON * largest
  const rank = kernel.pivotedCholesky(s, l, size, stride, tolerance, variances, open)
  const factor = new Float64Array(kernel.memory.buffer, l, size * stride)
  const root = new Float64Array(rank * size)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < rank; k++) root[k * size + i] = factor[i * stride + k]!
  }
  return { rows: rank, columns: size, values: root }
}

/** Running sum of `x x^T` over vectors `x`, kept in the kernel's memory. */
export class OuterProductSum {
  private static readonly batchSize = 256
  private readonly dimension: number
  private readonly kernel: LinalgExports
  private readonly sum: number
  /** Vectors wait here as columns, so that each feature's values lie side by side for the product. */
  private readonly batch: number
  private pending = 0

  constructor(dimension: number) {
    this.dimension = dimension
    const { kernel, workspace } = newKernel()
    this.kernel = kernel
    this.sum = reserveZeros(kernel, workspace, dimension * evenColumns(dimension))
    this.batch = reserveZeros(kernel, workspace, dimension * OuterProductSum.batchSize)
  }

  /** Adds one vector of `dimension` doubles. */
  add(vector: Float64Array): void {
    const batch = new Float64Array(
      this.kernel.memory.buffer,
      this.batch,
      this.dimension * OuterProductSum.batchSize,
    )
    for (let i = 0; i < this.dimension; i++) batch[i * OuterProductSum.batchSize + this.pending] = vector[i]!
    this.pending += 1
    if (this.pending === OuterProductSum.batchSize) this.flush()
  }

  /** The sum so far, a full symmetric matrix. */
  total(): Matrix {
    this.flush()
    const { dimension } = this
    const stride = evenColumns(dimension)
    return mirrored(
      new Float64Array(this.kernel.memory.buffer, this.sum, dimension * stride),
      dimension,
      stride,
    )
  }

  private flush(): void {
    if (this.pending === 0) return
    const { kernel, batch, sum, dimension } = this
    kernel.addProduct(
      batch,
      batch,
      sum,
      dimension,
      dimension,
      OuterProductSum.batchSize,
      evenColumns(dimension),
      1,
    )
    new Float64Array(kernel.memory.buffer, batch, dimension * OuterProductSum.batchSize).fill(0)
    this.pending = 0
  }
}
