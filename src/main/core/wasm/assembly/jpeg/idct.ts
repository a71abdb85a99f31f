/**
 * The accurate integer inverse DCT of libjpeg ("islow": Loeffler, Ligtenberg and Moschytz 1989 with 13-bit constants),
 * columns first. Every step keeps the widths and the saturation of libjpeg-turbo's vector code, so that coefficients no
 * encoder writes give what it gives too.
 */

const CONST_BITS: i32 = 13
/** Fractional bits that are kept between the passes. */
const PASS1_BITS: i32 = 2
const COLUMNS_SHIFT: i32 = CONST_BITS - PASS1_BITS
const ROWS_SHIFT: i32 = CONST_BITS + PASS1_BITS + 3

const F_0_298: i32 = 2446
const F_0_390: i32 = 3196
const F_0_541: i32 = 4433
const F_0_765: i32 = 6270
const F_0_899: i32 = 7373
const F_1_175: i32 = 9633
const F_1_501: i32 = 12299
const F_1_847: i32 = 15137
const F_1_961: i32 = 16069
const F_2_053: i32 = 16819
const F_2_562: i32 = 20995
const F_3_072: i32 = 25172

/** Zigzag index up to which all coefficients lie in the upper left 4 x 4. */
const LAST_OF_CORNER: i32 = 9
/** The vectors between and inside the passes. */
const work = memory.data(128, 16)

/** Weights of two samples for a multiply-add. */
// @ts-ignore: decorator
@inline
function pair(first: i32, second: i32): v128 {
  return i32x4.splat((first & 0xffff) | (second << 16))
}

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

// @ts-ignore: decorator
@inline
function low32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5)
}

// @ts-ignore: decorator
@inline
function high32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7)
}

/** Stores the sum and the difference of an even and an odd part, scaled down, as outputs `n` and `7 - n`. */
// @ts-ignore: decorator
@inline
function butterfly(n: usize, evenLow: v128, evenHigh: v128, oddLow: v128, oddHigh: v128, SHIFT: i32): void {
  const sumLow = i32x4.shr_s(i32x4.add(evenLow, oddLow), SHIFT)
  const sumHigh = i32x4.shr_s(i32x4.add(evenHigh, oddHigh), SHIFT)
  v128.store(work + n * 16, i16x8.narrow_i32x4_s(sumLow, sumHigh))
  const differenceLow = i32x4.shr_s(i32x4.sub(evenLow, oddLow), SHIFT)
  const differenceHigh = i32x4.shr_s(i32x4.sub(evenHigh, oddHigh), SHIFT)
  v128.store(work + (7 - n) * 16, i16x8.narrow_i32x4_s(differenceLow, differenceHigh))
}

/** One pass over eight vectors of inputs; outputs go to `work`. */
// @ts-ignore: decorator
@inline
function pass(
  in0: v128, in1: v128, in2: v128, in3: v128, in4: v128, in5: v128, in6: v128, in7: v128, SHIFT: i32,
): void {
  const round = i32x4.splat(1 << (SHIFT - 1))
  // Even part.
  const sum = i16x8.add(in0, in4)
  const difference = i16x8.sub(in0, in4)
  const sumLow = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(sum), CONST_BITS), round)
  const sumHigh = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(sum), CONST_BITS), round)
  const differenceLow = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(difference), CONST_BITS), round)
  const differenceHigh = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(difference), CONST_BITS), round)
  const evenLow = low(in2, in6)
  const evenHigh = high(in2, in6)
  const two = pair(F_0_541, F_0_541 - F_1_847)
  const three = pair(F_0_541 + F_0_765, F_0_541)
  const twoLow = i32x4.dot_i16x8_s(evenLow, two)
  const twoHigh = i32x4.dot_i16x8_s(evenHigh, two)
  const threeLow = i32x4.dot_i16x8_s(evenLow, three)
  const threeHigh = i32x4.dot_i16x8_s(evenHigh, three)

  // Odd part.
  const z3 = i16x8.add(in7, in3)
  const z4 = i16x8.add(in5, in1)
  const zLow = low(z3, z4)
  const zHigh = high(z3, z4)
  const third = pair(F_1_175 - F_1_961, F_1_175)
  const fourth = pair(F_1_175, F_1_175 - F_0_390)
  const z3Low = i32x4.dot_i16x8_s(zLow, third)
  const z3High = i32x4.dot_i16x8_s(zHigh, third)
  const z4Low = i32x4.dot_i16x8_s(zLow, fourth)
  const z4High = i32x4.dot_i16x8_s(zHigh, fourth)
  const outerLow = low(in7, in1)
  const outerHigh = high(in7, in1)
  const innerLow = low(in5, in3)
  const innerHigh = high(in5, in3)
  const of7 = pair(F_0_298 - F_0_899, -F_0_899)
  const of1 = pair(-F_0_899, F_1_501 - F_0_899)
  const of5 = pair(F_2_053 - F_2_562, -F_2_562)
  const of3 = pair(-F_2_562, F_3_072 - F_2_562)

  butterfly(
    0,
    i32x4.add(sumLow, threeLow), i32x4.add(sumHigh, threeHigh),
    i32x4.add(i32x4.dot_i16x8_s(outerLow, of1), z4Low), i32x4.add(i32x4.dot_i16x8_s(outerHigh, of1), z4High),
    SHIFT,
  )
  butterfly(
    1,
    i32x4.add(differenceLow, twoLow), i32x4.add(differenceHigh, twoHigh),
    i32x4.add(i32x4.dot_i16x8_s(innerLow, of3), z3Low), i32x4.add(i32x4.dot_i16x8_s(innerHigh, of3), z3High),
    SHIFT,
  )
  butterfly(
    2,
    i32x4.sub(differenceLow, twoLow), i32x4.sub(differenceHigh, twoHigh),
    i32x4.add(i32x4.dot_i16x8_s(innerLow, of5), z4Low), i32x4.add(i32x4.dot_i16x8_s(innerHigh, of5), z4High),
    SHIFT,
  )
  butterfly(
    3,
    i32x4.sub(sumLow, threeLow), i32x4.sub(sumHigh, threeHigh),
    i32x4.add(i32x4.dot_i16x8_s(outerLow, of7), z3Low), i32x4.add(i32x4.dot_i16x8_s(outerHigh, of7), z3High),
    SHIFT,
  )
}

/** `pass` with in4..in7 zero: sums of at most two products, whose weights are those of `pass` put together. */
// @ts-ignore: decorator
@inline
function cornerPass(in0: v128, in1: v128, in2: v128, in3: v128, SHIFT: i32, BOTH: bool): void {
  const round = i32x4.splat(1 << (SHIFT - 1))
  const outer = pair(1 << CONST_BITS, F_0_541 + F_0_765)
  const inner = pair(1 << CONST_BITS, F_0_541)
  const innerMinus = pair(1 << CONST_BITS, -F_0_541)
  const outerMinus = pair(1 << CONST_BITS, -F_0_541 - F_0_765)
  const odd0 = pair(F_1_175 - F_0_390 + F_1_501 - F_0_899, F_1_175)
  const odd1 = pair(F_1_175, F_1_175 - F_1_961 + F_3_072 - F_2_562)
  const odd2 = pair(F_1_175 - F_0_390, F_1_175 - F_2_562)
  const odd3 = pair(F_1_175 - F_0_899, F_1_175 - F_1_961)
  const evenLow = low(in0, in2)
  const oddLow = low(in1, in3)
  // Without BOTH only the lower four lanes are wanted; the upper ones repeat them.
  const evenHigh = BOTH ? high(in0, in2) : evenLow
  const oddHigh = BOTH ? high(in1, in3) : oddLow
  const a = i32x4.add(i32x4.dot_i16x8_s(evenLow, outer), round)
  const b = i32x4.add(i32x4.dot_i16x8_s(evenLow, inner), round)
  const c = i32x4.add(i32x4.dot_i16x8_s(evenLow, innerMinus), round)
  const d = i32x4.add(i32x4.dot_i16x8_s(evenLow, outerMinus), round)
  const e = i32x4.dot_i16x8_s(oddLow, odd0)
  const f = i32x4.dot_i16x8_s(oddLow, odd1)
  const g = i32x4.dot_i16x8_s(oddLow, odd2)
  const h = i32x4.dot_i16x8_s(oddLow, odd3)
  if (BOTH) {
    butterfly(0, a, i32x4.add(i32x4.dot_i16x8_s(evenHigh, outer), round), e, i32x4.dot_i16x8_s(oddHigh, odd0), SHIFT)
    butterfly(1, b, i32x4.add(i32x4.dot_i16x8_s(evenHigh, inner), round), f, i32x4.dot_i16x8_s(oddHigh, odd1), SHIFT)
    butterfly(2, c, i32x4.add(i32x4.dot_i16x8_s(evenHigh, innerMinus), round), g, i32x4.dot_i16x8_s(oddHigh, odd2), SHIFT)
    butterfly(3, d, i32x4.add(i32x4.dot_i16x8_s(evenHigh, outerMinus), round), h, i32x4.dot_i16x8_s(oddHigh, odd3), SHIFT)
  } else {
    butterfly(0, a, a, e, e, SHIFT)
    butterfly(1, b, b, f, f, SHIFT)
    butterfly(2, c, c, g, g, SHIFT)
    butterfly(3, d, d, h, h, SHIFT)
  }
}

/** The second pass over what lies in `work`, rows of the block there, and the samples' store. */
// @ts-ignore: decorator
@inline
function finish(target: usize, stride: usize): void {
  const c02 = i8x16.narrow_i16x8_s(v128.load(work), v128.load(work, 32))
  const c13 = i8x16.narrow_i16x8_s(v128.load(work, 16), v128.load(work, 48))
  const c46 = i8x16.narrow_i16x8_s(v128.load(work, 64), v128.load(work, 96))
  const c57 = i8x16.narrow_i16x8_s(v128.load(work, 80), v128.load(work, 112))
  const centre = i8x16.splat(-128)
  const c01 = v128.xor(bytesLow(c02, c13), centre)
  const c23 = v128.xor(bytesHigh(c02, c13), centre)
  const c45 = v128.xor(bytesLow(c46, c57), centre)
  const c67 = v128.xor(bytesHigh(c46, c57), centre)
  const left0 = low(c01, c23)
  const left4 = high(c01, c23)
  const right0 = low(c45, c67)
  const right4 = high(c45, c67)
  let to = target
  const rows01 = low32(left0, right0)
  v128.store64_lane(to, rows01, 0)
  v128.store64_lane((to += stride), rows01, 1)
  const rows23 = high32(left0, right0)
  v128.store64_lane((to += stride), rows23, 0)
  v128.store64_lane((to += stride), rows23, 1)
  const rows45 = low32(left4, right4)
  v128.store64_lane((to += stride), rows45, 0)
  v128.store64_lane((to += stride), rows45, 1)
  const rows67 = high32(left4, right4)
  v128.store64_lane((to += stride), rows67, 0)
  v128.store64_lane((to += stride), rows67, 1)
}

// @ts-ignore: decorator
@inline
function bytesLow(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

// @ts-ignore: decorator
@inline
function bytesHigh(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Row `n` of the block times its row of the quantisation table. */
// @ts-ignore: decorator
@inline
function row(block: usize, quantisation: usize, n: usize): v128 {
  return i16x8.mul(v128.load(block + n * 16), v128.load(quantisation + n * 16))
}

// @ts-ignore: decorator
@inline
function clear(block: usize, ROWS: usize): void {
  for (let n: usize = 0; n < ROWS; n++) v128.store(block + n * 16, i16x8.splat(0))
}

/**
 * Turns a block of coefficients into 8 x 8 samples and clears it.
 *
 * @param block 64 coefficients of 16 bits in rows
 * @param quantisation their 64 factors
 * @param last zigzag index of the last coefficient that is not 0
 */
export function inverseDct(block: usize, quantisation: usize, last: i32, target: usize, stride: usize): void {
  if (last == 0) {
    flat(<i32>load<i16>(block) * <i32>load<i16>(quantisation), target, stride)
    store<i16>(block, 0)
  } else if (last <= LAST_OF_CORNER) {
    corner(block, quantisation, target, stride)
    clear(block, 4)
  } else {
    full(block, quantisation, target, stride)
    clear(block, 8)
  }
}

/** A block with nothing but its first coefficient. */
function flat(first: i32, target: usize, stride: usize): void {
  const scaled = <i32>(<i16>(first << PASS1_BITS))
  const value = max(-128, min(127, (scaled + (1 << (PASS1_BITS + 2))) >> (PASS1_BITS + 3))) + 128
  const eight = <u64>value * 0x0101010101010101
  for (let y = 0; y < 8; y++, target += stride) store<u64>(target, eight)
}

function corner(block: usize, quantisation: usize, target: usize, stride: usize): void {
  const in0 = row(block, quantisation, 0)
  const in1 = row(block, quantisation, 1)
  const in2 = row(block, quantisation, 2)
  const in3 = row(block, quantisation, 3)
  if (!v128.any_true(v128.or(v128.or(v128.load(block, 16), v128.load(block, 32)), v128.load(block, 48)))) {
    // As in libjpeg-turbo, columns of one coefficient are not rounded, nor kept from overflowing.
    const columns = i16x8.shl(in0, PASS1_BITS)
    cornerPass(
      i16x8.splat(i16x8.extract_lane_s(columns, 0)), i16x8.splat(i16x8.extract_lane_s(columns, 1)),
      i16x8.splat(i16x8.extract_lane_s(columns, 2)), i16x8.splat(i16x8.extract_lane_s(columns, 3)),
      ROWS_SHIFT, true,
    )
  } else {
    cornerPass(in0, in1, in2, in3, COLUMNS_SHIFT, false)
    // Rows of four columns, twice over, to four columns of eight rows.
    const r01 = low(v128.load(work), v128.load(work, 16))
    const r23 = low(v128.load(work, 32), v128.load(work, 48))
    const r45 = low(v128.load(work, 64), v128.load(work, 80))
    const r67 = low(v128.load(work, 96), v128.load(work, 112))
    const c01a = low32(r01, r23)
    const c23a = high32(r01, r23)
    const c01b = low32(r45, r67)
    const c23b = high32(r45, r67)
    cornerPass(
      i64x2.shuffle(c01a, c01b, 0, 2), i64x2.shuffle(c01a, c01b, 1, 3),
      i64x2.shuffle(c23a, c23b, 0, 2), i64x2.shuffle(c23a, c23b, 1, 3),
      ROWS_SHIFT, true,
    )
  }
  finish(target, stride)
}

function full(block: usize, quantisation: usize, target: usize, stride: usize): void {
  const in0 = row(block, quantisation, 0)
  let rest = v128.load(block, 16)
  for (let n: usize = 2; n < 8; n++) rest = v128.or(rest, v128.load(block + n * 16))
  if (v128.any_true(rest)) {
    pass(
      in0, row(block, quantisation, 1), row(block, quantisation, 2), row(block, quantisation, 3),
      row(block, quantisation, 4), row(block, quantisation, 5), row(block, quantisation, 6), row(block, quantisation, 7),
      COLUMNS_SHIFT,
    )
  } else {
    const columns = i16x8.shl(in0, PASS1_BITS)
    for (let n: usize = 0; n < 8; n++) v128.store(work + n * 16, columns)
  }
  const a0 = v128.load(work)
  const a1 = v128.load(work, 16)
  const a2 = v128.load(work, 32)
  const a3 = v128.load(work, 48)
  const a4 = v128.load(work, 64)
  const a5 = v128.load(work, 80)
  const a6 = v128.load(work, 96)
  const a7 = v128.load(work, 112)
  const b0 = low(a0, a1)
  const b1 = high(a0, a1)
  const b2 = low(a2, a3)
  const b3 = high(a2, a3)
  const b4 = low(a4, a5)
  const b5 = high(a4, a5)
  const b6 = low(a6, a7)
  const b7 = high(a6, a7)
  const c0 = low32(b0, b2)
  const c1 = high32(b0, b2)
  const c2 = low32(b1, b3)
  const c3 = high32(b1, b3)
  const c4 = low32(b4, b6)
  const c5 = high32(b4, b6)
  const c6 = low32(b5, b7)
  const c7 = high32(b5, b7)
  pass(
    i64x2.shuffle(c0, c4, 0, 2), i64x2.shuffle(c0, c4, 1, 3),
    i64x2.shuffle(c1, c5, 0, 2), i64x2.shuffle(c1, c5, 1, 3),
    i64x2.shuffle(c2, c6, 0, 2), i64x2.shuffle(c2, c6, 1, 3),
    i64x2.shuffle(c3, c7, 0, 2), i64x2.shuffle(c3, c7, 1, 3),
    ROWS_SHIFT,
  )
  finish(target, stride)
}
