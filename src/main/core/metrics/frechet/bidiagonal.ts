/** Singular values of an upper bidiagonal matrix by the implicitly shifted QR iteration (Golub and Reinsch 1970). */

/** More sweeps than any matrix needs: about two per singular value are usual. */
const sweepsPerValue = 75

/**
 * Singular values, in no particular order, each exact to rounding of the largest.
 *
 * @param diagonal n values
 * @param above n - 1 values right above the diagonal
 * @throws RangeError when an entry is not finite
 */
export function bidiagonalSingularValues(diagonal: Float64Array, above: Float64Array): Float64Array {
  const d = Float64Array.from(diagonal)
  // One zero more, so that a sweep may look at the entry past its end.
  const e = new Float64Array(d.length)
  e.set(above)
  if (![...d, ...e].every(Number.isFinite)) throw new RangeError('Singular values need finite entries.')
  let sweepsLeft = sweepsPerValue * d.length
  for (let last = d.length - 1; last > 0;) {
    const first = startOfBlock(d, e, last)
    if (first === last) last -= 1
    else if (sweepsLeft-- === 0) throw new RangeError('The singular values did not converge.')
    else sweep(d, e, first, last)
  }
  return d.map(Math.abs)
}

/** First row of the unreduced block that ends at `last`; negligible entries on the way are set to zero. */
function startOfBlock(d: Float64Array, e: Float64Array, last: number): number {
  for (let k = last; k > 0; k--) {
    if (Math.abs(e[k - 1]!) <= Number.EPSILON * (Math.abs(d[k - 1]!) + Math.abs(d[k]!)) + Number.MIN_VALUE) {
      e[k - 1] = 0
      return k
    }
  }
  return 0
}

/** One pass over the block: a zero on the diagonal splits it, otherwise a shifted QR step shrinks its last entry. */
function sweep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  for (let k = last; k >= first; k--) {
    const neighbours = (k < last ? Math.abs(e[k]!) : 0) + (k > first ? Math.abs(e[k - 1]!) : 0)
    if (Math.abs(d[k]!) > Number.EPSILON * neighbours) continue
    d[k] = 0
    if (k === last) chaseUp(d, e, first, last)
    else chaseRight(d, e, k, last)
    return
  }
  qrStep(d, e, first, last)
}

/** With a zero in the last row: rotates the entry above it out of the block, upwards. */
function chaseUp(d: Float64Array, e: Float64Array, first: number, last: number): void {
  let bulge = e[last - 1]!
  e[last - 1] = 0
  for (let k = last - 1; k >= first && bulge !== 0; k--) {
    const radius = Math.hypot(d[k]!, bulge)
    const [cos, sin] = [d[k]! / radius, bulge / radius]
    d[k] = radius
    if (k > first) {
      bulge = -sin * e[k - 1]!
      e[k - 1] = cos * e[k - 1]!
    }
  }
}

/** With a zero in row `zero`: rotates the entry beside it out of the block, to the right. */
function chaseRight(d: Float64Array, e: Float64Array, zero: number, last: number): void {
  let bulge = e[zero]!
  e[zero] = 0
  for (let k = zero + 1; k <= last && bulge !== 0; k++) {
    const radius = Math.hypot(d[k]!, bulge)
    const [cos, sin] = [d[k]! / radius, bulge / radius]
    d[k] = radius
    bulge = -sin * e[k]!
    e[k] = cos * e[k]!
  }
}

function qrStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  let [f, g] = firstRotation(d, e, first, last)
  for (let k = first; k < last; k++) {
    let radius = length(f, g)
    let [cos, sin] = radius === 0 ? [1, 0] : [f / radius, g / radius]
    if (k > first) e[k - 1] = radius
    f = cos * d[k]! + sin * e[k]!
    e[k] = cos * e[k]! - sin * d[k]!
    g = sin * d[k + 1]!
    d[k + 1] = cos * d[k + 1]!

    radius = length(f, g)
    ;[cos, sin] = radius === 0 ? [1, 0] : [f / radius, g / radius]
    d[k] = radius
    f = cos * e[k]! + sin * d[k + 1]!
    d[k + 1] = cos * d[k + 1]! - sin * e[k]!
    if (k + 1 < last) {
      g = sin * e[k + 1]!
      e[k + 1] = cos * e[k + 1]!
    }
  }
  e[last - 1] = f
}

/** The column that the first rotation of a step turns: T - shift, with the shift from the trailing 2 x 2 block of T = B^T B. */
function firstRotation(d: Float64Array, e: Float64Array, first: number, last: number): [number, number] {
  const scale = Math.max(
    Math.abs(d[last]!),
    Math.abs(d[last - 1]!),
    Math.abs(e[last - 1]!),
    Math.abs(d[first]!),
    Math.abs(e[first]!),
  )
  const [dLast, dBefore, eBefore] = [d[last]! / scale, d[last - 1]! / scale, e[last - 1]! / scale]
  const [dFirst, eFirst] = [d[first]! / scale, e[first]! / scale]
  const halfDifference = ((dBefore + dLast) * (dBefore - dLast) + eBefore ** 2) / 2
  const coupling = (dLast * eBefore) ** 2
  const root = Math.sqrt(halfDifference ** 2 + coupling)
  const divisor = halfDifference < 0 ? halfDifference - root : halfDifference + root
  const shift = divisor === 0 ? 0 : coupling / divisor
  return [(dFirst + dLast) * (dFirst - dLast) + shift, dFirst * eFirst]
}

/** Length of a 2-vector; entries near the ends of the number range take the slow, safe way. */
function length(f: number, g: number): number {
  const squared = f * f + g * g
  return squared > 1e-280 && squared < 1e280 ? Math.sqrt(squared) : Math.hypot(f, g)
}
