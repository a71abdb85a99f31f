/**
 * Dense linear algebra in double precision for feature statistics: matrix products, the factor of a covariance, and the
 * reduction of a matrix to two diagonals, from which its singular values follow quickly. Matrices are stored row by row
 * with an even number of doubles per row; columns past the used ones hold zeros.
 */

/** Doubles of each row that one block of a product works on, so that a block of rows stays in the second-level cache. */
const DEPTH_BLOCK: i32 = 512
const ROW_BLOCK: i32 = 32

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

// @ts-ignore: decorator
@inline
function horizontal(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
}

// @ts-ignore: decorator
@inline
function add(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value)
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b))
}

/** Dot product of `length` doubles, an even number. */
function dot(a: usize, b: usize, length: i32): f64 {
  let sum0 = f64x2.splat(0)
  let sum1 = f64x2.splat(0)
  const bytes = <usize>length * 8
  let at: usize = 0
  for (; at + 32 <= bytes; at += 32) {
    sum0 = multiplyAdd(sum0, v128.load(a + at), v128.load(b + at))
    sum1 = multiplyAdd(sum1, v128.load(a + at, 16), v128.load(b + at, 16))
  }
  if (at < bytes) sum0 = multiplyAdd(sum0, v128.load(a + at), v128.load(b + at))
  return horizontal(f64x2.add(sum0, sum1))
}

/** Adds the dot products of four rows of A (`stride` bytes apart) with two rows of B to a 4 x 2 block of C. */
function addTile(a: usize, b: usize, c: usize, stride: usize, strideC: usize, length: i32): void {
  const a1 = a + stride
  const a2 = a1 + stride
  const a3 = a2 + stride
  const b1 = b + stride
  let c00 = f64x2.splat(0)
  let c01 = f64x2.splat(0)
  let c10 = f64x2.splat(0)
  let c11 = f64x2.splat(0)
  let c20 = f64x2.splat(0)
  let c21 = f64x2.splat(0)
  let c30 = f64x2.splat(0)
  let c31 = f64x2.splat(0)
  const bytes = <usize>length * 8
  for (let at: usize = 0; at < bytes; at += 16) {
    const vb0 = v128.load(b + at)
    const vb1 = v128.load(b1 + at)
    const va0 = v128.load(a + at)
    c00 = multiplyAdd(c00, va0, vb0)
    c01 = multiplyAdd(c01, va0, vb1)
    const va1 = v128.load(a1 + at)
    c10 = multiplyAdd(c10, va1, vb0)
    c11 = multiplyAdd(c11, va1, vb1)
    const va2 = v128.load(a2 + at)
    c20 = multiplyAdd(c20, va2, vb0)
    c21 = multiplyAdd(c21, va2, vb1)
    const va3 = v128.load(a3 + at)
    c30 = multiplyAdd(c30, va3, vb0)
    c31 = multiplyAdd(c31, va3, vb1)
  }
  add(c, horizontal(c00))
  add(c + 8, horizontal(c01))
  add(c + strideC, horizontal(c10))
  add(c + strideC + 8, horizontal(c11))
  add(c + strideC * 2, horizontal(c20))
  add(c + strideC * 2 + 8, horizontal(c21))
  add(c + strideC * 3, horizontal(c30))
  add(c + strideC * 3 + 8, horizontal(c31))
}

/**
 * C += A B^T.
 *
 * @param a rowsA x depth; @param b rowsB x depth, depth even
 * @param c rowsA x rowsB with `columnsC` doubles per row
 * @param upperOnly for B = A: leave out most of the entries left of the diagonal
 */
export function addProduct(
  a: usize, b: usize, c: usize, rowsA: i32, rowsB: i32, depth: i32, columnsC: i32, upperOnly: bool,
): void {
  const stride = <usize>depth * 8
  const strideC = <usize>columnsC * 8
  for (let from = 0; from < depth; from += DEPTH_BLOCK) {
    const length = min(DEPTH_BLOCK, depth - from)
    const offset = <usize>from * 8
    for (let block = 0; block < rowsB; block += ROW_BLOCK) {
      const blockEnd = min(block + ROW_BLOCK, rowsB)
      const lastRow = upperOnly ? min(rowsA, blockEnd) : rowsA
      let i = 0
      for (; i + 4 <= lastRow; i += 4) {
        const rowA = a + <usize>i * stride + offset
        const rowC = c + <usize>i * strideC
        let j = block
        for (; j + 2 <= blockEnd; j += 2) {
          addTile(rowA, b + <usize>j * stride + offset, rowC + <usize>j * 8, stride, strideC, length)
        }
        if (j < blockEnd) {
          const rowB = b + <usize>j * stride + offset
          for (let r: usize = 0; r < 4; r++) {
            add(rowC + r * strideC + <usize>j * 8, dot(rowA + r * stride, rowB, length))
          }
        }
      }
      for (; i < lastRow; i++) {
        const rowA = a + <usize>i * stride + offset
        for (let j = block; j < blockEnd; j++) {
          add(c + <usize>i * strideC + <usize>j * 8, dot(rowA, b + <usize>j * stride + offset, length))
        }
      }
    }
  }
}

/**
 * Cholesky factor with complete pivoting, S = L L^T, of a positive semidefinite matrix: columns are found in the order
 * of the largest remaining variance, and the rest is dropped once it is rounding error. No square root ever meets a
 * negative number, whatever the rank.
 *
 * @param s size x size, `columns` doubles per row; @param l the same, zeroed
 * @param variances scratch of `size` doubles; @param open scratch of `size` integers
 * @returns the rank: columns of L in use
 */
export function pivotedCholesky(
  s: usize, l: usize, size: i32, columns: i32, tolerance: f64, variances: usize, open: usize,
): i32 {
  const stride = <usize>columns * 8
  for (let i = 0; i < size; i++) {
    store<f64>(variances + (<usize>i << 3), load<f64>(s + <usize>i * stride + (<usize>i << 3)))
    store<i32>(open + (<usize>i << 2), i)
  }
  for (let column = 0; column < size; column++) {
    const remaining = size - column
    let best = 0
    for (let k = 1; k < remaining; k++) {
      if (varianceAt(variances, open, k) > varianceAt(variances, open, best)) best = k
    }
    const pivotVariance = varianceAt(variances, open, best)
    if (!(pivotVariance > tolerance)) return column
    const pivot = load<i32>(open + (<usize>best << 2))
    store<i32>(open + (<usize>best << 2), load<i32>(open + (<usize>(remaining - 1) << 2)))
    const root = sqrt(pivotVariance)
    const pivotRow = l + <usize>pivot * stride
    const covariances = s + <usize>pivot * stride
    const known = (column + 1) & ~1
    for (let k = 0; k < remaining - 1; k++) {
      const i = load<i32>(open + (<usize>k << 2))
      const row = l + <usize>i * stride
      const entry = (load<f64>(covariances + (<usize>i << 3)) - dot(row, pivotRow, known)) / root
      store<f64>(row + (<usize>column << 3), entry)
      add(variances + (<usize>i << 3), -entry * entry)
    }
    store<f64>(pivotRow + (<usize>column << 3), root)
  }
  return size
}

// @ts-ignore: decorator
@inline
function varianceAt(variances: usize, open: usize, k: i32): f64 {
  return load<f64>(variances + (<usize>load<i32>(open + (<usize>k << 2)) << 3))
}

/**
 * Turns a vector into its Householder reflector I - tau v v^T that maps it to a multiple of the first unit vector. The
 * vector becomes v with v[0] = 1; the multiple replaces `beta`.
 *
 * @returns tau, 0 when the vector is already such a multiple
 */
function reflect(vector: usize, length: i32, beta: usize): f64 {
  const alpha = load<f64>(vector)
  let scale: f64 = 0
  for (let i = 1; i < length; i++) scale = max(scale, abs(load<f64>(vector + (<usize>i << 3))))
  store<f64>(vector, 1)
  if (scale == 0) {
    store<f64>(beta, alpha)
    return 0
  }
  scale = max(scale, abs(alpha))
  let squares: f64 = 0
  for (let i = 1; i < length; i++) {
    const value = load<f64>(vector + (<usize>i << 3)) / scale
    squares += value * value
  }
  const first = alpha / scale
  const norm = sqrt(first * first + squares) * scale
  const target = alpha > 0 ? -norm : norm
  for (let i = 1; i < length; i++) {
    const at = vector + (<usize>i << 3)
    store<f64>(at, load<f64>(at) / (alpha - target))
  }
  store<f64>(beta, target)
  return (target - alpha) / target
}

/**
 * Row -= u w + x v for two rows, and y += p0 row0 + p1 row1, from an even column on.
 */
// @ts-ignore: decorator
@inline
function updateTwoRows(
  row0: usize, row1: usize, w: usize, v: usize, y: usize, from: usize, to: usize,
  u0: f64, u1: f64, x0: f64, x1: f64, p0: f64, p1: f64,
): void {
  const vu0 = f64x2.splat(u0)
  const vu1 = f64x2.splat(u1)
  const vx0 = f64x2.splat(x0)
  const vx1 = f64x2.splat(x1)
  const vp0 = f64x2.splat(p0)
  const vp1 = f64x2.splat(p1)
  for (let at = from; at < to; at += 16) {
    const vw = v128.load(w + at)
    const vv = v128.load(v + at)
    const new0 = f64x2.sub(v128.load(row0 + at), f64x2.add(f64x2.mul(vu0, vw), f64x2.mul(vx0, vv)))
    const new1 = f64x2.sub(v128.load(row1 + at), f64x2.add(f64x2.mul(vu1, vw), f64x2.mul(vx1, vv)))
    v128.store(row0 + at, new0)
    v128.store(row1 + at, new1)
    v128.store(y + at, f64x2.add(v128.load(y + at), f64x2.add(f64x2.mul(vp0, new0), f64x2.mul(vp1, new1))))
  }
}

// @ts-ignore: decorator
@inline
function at(vector: usize, index: i32): usize {
  return vector + (<usize>index << 3)
}

/**
 * Reduces a matrix to upper bidiagonal form by Householder reflections from both sides (Golub and Kahan), keeping its
 * singular values. Each step's update is applied while the next step reads the matrix, so that it is read twice and
 * written once per column.
 *
 * @param a rows x columns with rows >= columns, `stride` doubles per row, stride even; overwritten
 * @param diagonal receives `columns` doubles; @param above the superdiagonal, columns - 1 doubles
 * @param work scratch of 3 * rows + 3 * stride doubles and 8 more, zeroed
 */
export function bidiagonalize(
  a: usize, rows: i32, columns: i32, stride: i32, diagonal: usize, above: usize, work: usize,
): void {
  const rowBytes = <usize>stride * 8
  let u = work
  let nextU = at(u, rows)
  const x = at(nextU, rows)
  // Even offsets keep these three aligned with the rows of the matrix.
  const w = (at(x, rows) + 15) & ~15
  const v = w + rowBytes
  const y = v + rowBytes
  for (let k = 0; k < columns; k++) {
    // Column k with the pending update, then its reflector.
    const wk = load<f64>(at(w, k))
    const vk = load<f64>(at(v, k))
    for (let i = k; i < rows; i++) {
      const pending = load<f64>(at(u, i)) * wk + load<f64>(at(x, i)) * vk
      store<f64>(at(nextU, i), load<f64>(at(a + <usize>i * rowBytes, k)) - pending)
    }
    const tau = reflect(at(nextU, k), rows - k, at(diagonal, k))
    if (k + 1 == columns) return

    // The pending update of everything to the right, and y = A^T u on the way.
    const from = <usize>((k + 1) & ~1) * 8
    memory.fill(y + from, 0, rowBytes - from)
    let i = k
    for (; i + 2 <= rows; i += 2) {
      const row = a + <usize>i * rowBytes
      updateTwoRows(
        row, row + rowBytes, w, v, y, from, rowBytes, load<f64>(at(u, i)), load<f64>(at(u, i + 1)),
        load<f64>(at(x, i)), load<f64>(at(x, i + 1)), load<f64>(at(nextU, i)), load<f64>(at(nextU, i + 1)),
      )
    }
    for (; i < rows; i++) {
      const row = a + <usize>i * rowBytes
      for (let j = k + 1; j < columns; j++) {
        const pending = load<f64>(at(u, i)) * load<f64>(at(w, j)) + load<f64>(at(x, i)) * load<f64>(at(v, j))
        add(at(row, j), -pending)
        add(at(y, j), load<f64>(at(nextU, i)) * load<f64>(at(row, j)))
      }
    }
    for (let j = k + 1; j < columns; j++) store<f64>(at(w, j), tau * load<f64>(at(y, j)))
    store<f64>(at(w, k), 0)

    // Row k after the reflection from the left, then its own reflector.
    const pivotRow = a + <usize>k * rowBytes
    for (let j = k + 1; j < columns; j++) store<f64>(at(v, j), load<f64>(at(pivotRow, j)) - load<f64>(at(w, j)))
    store<f64>(at(v, k), 0)
    const sigma = reflect(at(v, k + 1), columns - k - 1, at(above, k))

    // x = sigma (A - u w^T) v, which completes the next pending update.
    const length = (<i32>(rowBytes - from)) >> 3
    const wv = dot(w + from, v + from, length)
    for (let r = k + 1; r < rows; r++) {
      const product = dot(a + <usize>r * rowBytes + from, v + from, length)
      store<f64>(at(x, r), sigma * (product - load<f64>(at(nextU, r)) * wv))
    }
    const swapped = u
    u = nextU
    nextU = swapped
  }
}
