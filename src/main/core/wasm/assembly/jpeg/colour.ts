/**
 * Rows of samples to rows of RGB: libjpeg's triangle filter for halved chroma ("fancy upsampling", `jdsample.c`) and
 * its YCbCr conversion (`jdcolor.c`, 16-bit fixed point), sixteen pixels at a time. Rows are written in whole vectors,
 * up to 45 bytes too many; the next row overwrites those.
 */

// Factors of 1/65536: 1.402 - 1, 1.772 - 2, 0.34414 and 0.71414 - 1. The first two are halved for a 15-bit multiply;
// for all 256 samples the rounded products are those of libjpeg's tables.
const R_CR: i16 = 13175
const B_CB: i16 = -7471
const G_CB: i32 = -22554
const G_CR: i32 = 18734
const HALF: i32 = 1 << 15

/** Writes 16 pixels from three vectors of bytes. */
// @ts-ignore: decorator
@inline
function store16(target: usize, r: v128, g: v128, b: v128): void {
  const a0 = i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
  const b0 = i8x16.shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
  const c0 = i8x16.shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
  v128.store(target, i8x16.shuffle(a0, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
  v128.store(target + 16, i8x16.shuffle(b0, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15))
  v128.store(target + 32, i8x16.shuffle(c0, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31))
}

// @ts-ignore: decorator
@inline
function red(y: v128, cr: v128): v128 {
  return i16x8.add(i16x8.add(y, cr), i16x8.q15mulr_sat_s(cr, i16x8.splat(R_CR)))
}

// @ts-ignore: decorator
@inline
function blue(y: v128, cb: v128): v128 {
  return i16x8.add(i16x8.add(y, i16x8.add(cb, cb)), i16x8.q15mulr_sat_s(cb, i16x8.splat(B_CB)))
}

// @ts-ignore: decorator
@inline
function green(y: v128, cb: v128, cr: v128): v128 {
  const weights = i32x4.splat((G_CB & 0xffff) | (G_CR << 16))
  const half = i32x4.splat(HALF)
  const low = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), weights)
  const high = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), weights)
  const sum = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), 16),
    i32x4.shr_s(i32x4.add(high, half), 16),
  )
  return i16x8.add(i16x8.sub(y, cr), sum)
}

/** Converts 16 pixels. Chroma as 16-bit numbers around 0. */
// @ts-ignore: decorator
@inline
function convert16(target: usize, y: v128, cb0: v128, cb1: v128, cr0: v128, cr1: v128): void {
  const y0 = i16x8.extend_low_i8x16_u(y)
  const y1 = i16x8.extend_high_i8x16_u(y)
  store16(
    target,
    i8x16.narrow_i16x8_u(red(y0, cr0), red(y1, cr1)),
    i8x16.narrow_i16x8_u(green(y0, cb0, cr0), green(y1, cb1, cr1)),
    i8x16.narrow_i16x8_u(blue(y0, cb0), blue(y1, cb1)),
  )
}

/** A row whose chroma has every column. */
export function fullRow(y: usize, cb: usize, cr: usize, target: usize, width: i32): void {
  const centre = i16x8.splat(128)
  for (let x = 0; x < width; x += 16, y += 16, cb += 16, cr += 16, target += 48) {
    convert16(
      target,
      v128.load(y),
      i16x8.sub(v128.load8x8_u(cb), centre),
      i16x8.sub(v128.load8x8_u(cb, 8), centre),
      i16x8.sub(v128.load8x8_u(cr), centre),
      i16x8.sub(v128.load8x8_u(cr, 8), centre),
    )
  }
}

/** Three times the near row and once the far one, for eight columns. */
// @ts-ignore: decorator
@inline
function column(near: usize, far: usize): v128 {
  const sample = v128.load8x8_u(near)
  return i16x8.add(i16x8.add(sample, i16x8.shl(sample, 1)), v128.load8x8_u(far))
}

/**
 * A row whose chroma has every other column, and every other row when `far` is not `near`: the filter weighs nearer
 * samples 3 and farther ones 1. The samples left and right of the chroma rows repeat the outermost ones.
 *
 * @param evenBias, oddBias what is added before the division by 16, at even and odd columns
 */
export function halvedRow(
  y: usize, cbNear: usize, cbFar: usize, crNear: usize, crFar: usize, target: usize, width: i32,
  evenBias: i32, oddBias: i32,
): void {
  const even = i16x8.splat(<i16>evenBias)
  const odd = i16x8.splat(<i16>oddBias)
  for (let x = 0; x < width; x += 16, y += 16, target += 48) {
    const cb = column(cbNear, cbFar)
    const cr = column(crNear, crFar)
    const cb3 = i16x8.add(cb, i16x8.shl(cb, 1))
    const cr3 = i16x8.add(cr, i16x8.shl(cr, 1))
    const cbEven = finished(cb3, column(cbNear - 1, cbFar - 1), even)
    const cbOdd = finished(cb3, column(cbNear + 1, cbFar + 1), odd)
    const crEven = finished(cr3, column(crNear - 1, crFar - 1), even)
    const crOdd = finished(cr3, column(crNear + 1, crFar + 1), odd)
    convert16(
      target,
      v128.load(y),
      i16x8.shuffle(cbEven, cbOdd, 0, 8, 1, 9, 2, 10, 3, 11),
      i16x8.shuffle(cbEven, cbOdd, 4, 12, 5, 13, 6, 14, 7, 15),
      i16x8.shuffle(crEven, crOdd, 0, 8, 1, 9, 2, 10, 3, 11),
      i16x8.shuffle(crEven, crOdd, 4, 12, 5, 13, 6, 14, 7, 15),
    )
    cbNear += 8
    cbFar += 8
    crNear += 8
    crFar += 8
  }
}

/** Chroma around 0. `bias` is a multiple of 1/16 sample. */
// @ts-ignore: decorator
@inline
function finished(threeTimes: v128, neighbour: v128, bias: v128): v128 {
  return i16x8.sub(i16x8.shr_u(i16x8.add(i16x8.add(threeTimes, neighbour), bias), 4), i16x8.splat(128))
}

/** A row of a grey picture. */
export function greyRow(y: usize, target: usize, width: i32): void {
  for (let x = 0; x < width; x += 16, y += 16, target += 48) {
    const grey = v128.load(y)
    store16(target, grey, grey, grey)
  }
}
