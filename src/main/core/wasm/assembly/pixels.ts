/** Exact integer sums over two pictures of interleaved bytes, 16 samples at a time. */

/** Vectors after which 32-bit lanes move to 64 bits: each adds at most 4 * 255^2, and 8192 of them stay below 2^31. */
const FLUSH: i32 = 8192

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

// @ts-ignore: decorator
@inline
function absoluteDifference(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a))
}

// @ts-ignore: decorator
@inline
function laneSum(lanes: v128): i64 {
  const wide = i64x2.add(i64x2.extend_low_i32x4_u(lanes), i64x2.extend_high_i32x4_u(lanes))
  return i64x2.extract_lane(wide, 0) + i64x2.extract_lane(wide, 1)
}

/** Sum of squared differences of `length` bytes. */
export function squaredDifferences(a: usize, b: usize, length: i32): f64 {
  let total: i64 = 0
  let lanes = i32x4.splat(0)
  let at: i32 = 0
  let untilFlush = FLUSH
  for (; at + 16 <= length; at += 16) {
    const difference = absoluteDifference(v128.load(a + <usize>at), v128.load(b + <usize>at))
    const low = i16x8.extend_low_i8x16_u(difference)
    const high = i16x8.extend_high_i8x16_u(difference)
    lanes = i32x4.add(lanes, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)))
    if (--untilFlush == 0) {
      total += laneSum(lanes)
      lanes = i32x4.splat(0)
      untilFlush = FLUSH
    }
  }
  total += laneSum(lanes)
  for (; at < length; at++) {
    const difference = <i32>load<u8>(a + <usize>at) - <i32>load<u8>(b + <usize>at)
    total += <i64>(difference * difference)
  }
  return <f64>total
}

/** Sum of absolute differences of `length` bytes. */
export function absoluteDifferences(a: usize, b: usize, length: i32): f64 {
  let total: i64 = 0
  let at: i32 = 0
  let lanes = i32x4.splat(0)
  for (; at + 16 <= length; at += 16) {
    const difference = absoluteDifference(v128.load(a + <usize>at), v128.load(b + <usize>at))
    lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(difference)))
  }
  total += laneSum(lanes)
  for (; at < length; at++) {
    const difference = <i32>load<u8>(a + <usize>at) - <i32>load<u8>(b + <usize>at)
    total += <i64>abs(difference)
  }
  return <f64>total
}

/** One bit for each of 16 samples: whether it differs by more than `tolerance`. */
// @ts-ignore: decorator
@inline
function farMask(a: usize, b: usize, tolerance: v128): u64 {
  const difference = absoluteDifference(v128.load(a), v128.load(b))
  return <u64>i8x16.bitmask(i8x16.gt_u(difference, tolerance))
}

/** The lowest bit of each triple of 48 bits. */
const FIRST_OF_TRIPLE: u64 = 0x249249249249

/** Number of RGB pixels whose three samples all differ by at most `tolerance`. */
export function pixelsWithin(a: usize, b: usize, pixels: i32, tolerance: i32): i32 {
  const limit = i8x16.splat(<i8>tolerance)
  let far: i32 = 0
  let x: i32 = 0
  for (; x + 16 <= pixels; x += 16) {
    const at = <usize>(x * 3)
    const samples =
      farMask(a + at, b + at, limit) |
      (farMask(a + at + 16, b + at + 16, limit) << 16) |
      (farMask(a + at + 32, b + at + 32, limit) << 32)
    far += <i32>popcnt<u64>((samples | (samples >> 1) | (samples >> 2)) & FIRST_OF_TRIPLE)
  }
  for (; x < pixels; x++) {
    let isFar = 0
    for (let c = 0; c < 3; c++) {
      const at = <usize>(x * 3 + c)
      isFar |= <i32>(abs(<i32>load<u8>(a + at) - <i32>load<u8>(b + at)) > tolerance)
    }
    far += isFar
  }
  return pixels - far
}
