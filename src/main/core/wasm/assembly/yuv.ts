/**
 * RGB to 4:2:0, BT.709, limited range. Sixteen pixels of two rows at a time: 32 luma samples and 8 of each chroma, in
 * whole numbers of 1/32768 and rounded once, so that blocks and single samples agree.
 */

const SHIFT: i32 = 15
/** The chroma filter (1 2 1 across, 1 1 down) weighs eight samples. */
const CHROMA_SHIFT: i32 = SHIFT + 3
const Y_OFFSET: i32 = (16 << SHIFT) + (1 << (SHIFT - 1))
const CHROMA_OFFSET: i32 = (128 << CHROMA_SHIFT) + (1 << (CHROMA_SHIFT - 1))
const BLOCK: i32 = 16

// 0.2126, 0.7152 and 0.0722 times 219/255; the sum is rounded too, so that white is exactly 235.
const Y_R: i32 = 5983
const Y_G: i32 = 20127
const Y_B: i32 = 2032
// (B - Y) / 1.8556 and (R - Y) / 1.5748, times 224/255; each row sums to 0, so that every grey is exactly 128.
const U_R: i32 = -3298
const U_G: i32 = -11094
const U_B: i32 = 14392
const V_R: i32 = 14392
const V_G: i32 = -13073
const V_B: i32 = -1319

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

/**
 * Converts a picture of even sides.
 *
 * @param rgb interleaved bytes, rows without padding
 * @param yuv the Y plane, then U, then V
 */
export function yuv420FromRgb(rgb: usize, yuv: usize, width: i32, height: i32): void {
  const stride = <usize>width * 3
  let u = yuv + <usize>(width * height)
  let v = u + <usize>((width * height) >> 2)
  for (let y = 0; y < height; y += 2) {
    const row = rgb + <usize>y * stride
    const luma = yuv + <usize>(y * width)
    if (width < BLOCK) {
      for (let x = 0; x < width; x += 2) convertPair(row, stride, luma, <usize>width, u, v, x)
    } else {
      convertRows(row, stride, luma, <usize>width, u, v, width)
    }
    u += <usize>(width >> 1)
    v += <usize>(width >> 1)
  }
}

/** Two rows of at least one block. */
function convertRows(row: usize, stride: usize, luma: usize, width: usize, u: usize, v: usize, columns: i32): void {
  // Left of the first column stands that column itself.
  let beforeU = i32x4.splat(weighColumn(row, stride, 0, U_R, U_G, U_B))
  let beforeV = i32x4.splat(weighColumn(row, stride, 0, V_R, V_G, V_B))
  let x = 0
  while (true) {
    const top = row + <usize>x * 3
    const bottom = top + stride
    // Four pixels at a time; the last four are read from sixteen bytes that end with them.
    const rg0 = redGreen(v128.load(top))
    const b0 = blue(v128.load(top))
    const rg1 = redGreen(v128.load(top, 12))
    const b1 = blue(v128.load(top, 12))
    const rg2 = redGreen(v128.load(top, 24))
    const b2 = blue(v128.load(top, 24))
    const rg3 = lastRedGreen(v128.load(top, 32))
    const b3 = lastBlue(v128.load(top, 32))
    const rg4 = redGreen(v128.load(bottom))
    const b4 = blue(v128.load(bottom))
    const rg5 = redGreen(v128.load(bottom, 12))
    const b5 = blue(v128.load(bottom, 12))
    const rg6 = redGreen(v128.load(bottom, 24))
    const b6 = blue(v128.load(bottom, 24))
    const rg7 = lastRedGreen(v128.load(bottom, 32))
    const b7 = lastBlue(v128.load(bottom, 32))
    const target = luma + <usize>x
    v128.store(target, lumaOf(rg0, b0, rg1, b1, rg2, b2, rg3, b3))
    v128.store(target + width, lumaOf(rg4, b4, rg5, b5, rg6, b6, rg7, b7))

    const rgA = i16x8.add(rg0, rg4)
    const bA = i16x8.add(b0, b4)
    const rgB = i16x8.add(rg1, rg5)
    const bB = i16x8.add(b1, b5)
    const rgC = i16x8.add(rg2, rg6)
    const bC = i16x8.add(b2, b6)
    const rgD = i16x8.add(rg3, rg7)
    const bD = i16x8.add(b3, b7)

    const uA = weigh(rgA, bA, U_R, U_G, U_B)
    const uB = weigh(rgB, bB, U_R, U_G, U_B)
    const uC = weigh(rgC, bC, U_R, U_G, U_B)
    const uD = weigh(rgD, bD, U_R, U_G, U_B)
    const oddU = odd(uA, uB)
    const u16 = i16x8.narrow_i32x4_s(filter(uA, uB, beforeU), filter(uC, uD, oddU))
    v128.store64_lane(u + <usize>(x >> 1), i8x16.narrow_i16x8_u(u16, u16), 0)

    const vA = weigh(rgA, bA, V_R, V_G, V_B)
    const vB = weigh(rgB, bB, V_R, V_G, V_B)
    const vC = weigh(rgC, bC, V_R, V_G, V_B)
    const vD = weigh(rgD, bD, V_R, V_G, V_B)
    const oddV = odd(vA, vB)
    const v16 = i16x8.narrow_i32x4_s(filter(vA, vB, beforeV), filter(vC, vD, oddV))
    v128.store64_lane(v + <usize>(x >> 1), i8x16.narrow_i16x8_u(v16, v16), 0)

    x += BLOCK
    if (x == columns) return
    if (x + BLOCK <= columns) {
      beforeU = odd(uC, uD)
      beforeV = odd(vC, vD)
    } else {
      // The last block overlaps the one before it where the width is no multiple of sixteen.
      x = columns - BLOCK
      beforeU = i32x4.splat(weighColumn(row, stride, x - 1, U_R, U_G, U_B))
      beforeV = i32x4.splat(weighColumn(row, stride, x - 1, V_R, V_G, V_B))
    }
  }
}

/** Red and green of the four pixels at the start of sixteen bytes, as 16-bit pairs. */
// @ts-ignore: decorator
@inline
function redGreen(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1))
}

/** Blue of the same pixels, paired with 0. */
// @ts-ignore: decorator
@inline
function blue(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1))
}

/** The same for the four pixels at the end. */
// @ts-ignore: decorator
@inline
function lastRedGreen(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(4, -1, 5, -1, 7, -1, 8, -1, 10, -1, 11, -1, 13, -1, 14, -1))
}

// @ts-ignore: decorator
@inline
function lastBlue(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(6, -1, -1, -1, 9, -1, -1, -1, 12, -1, -1, -1, 15, -1, -1, -1))
}

/** The weighted sums of four pixels. */
// @ts-ignore: decorator
@inline
function weigh(rg: v128, b: v128, R: i32, G: i32, B: i32): v128 {
  const weightsRg = i32x4.splat((R & 0xffff) | (G << 16))
  return i32x4.add(i32x4.dot_i16x8_s(rg, weightsRg), i32x4.dot_i16x8_s(b, i32x4.splat(B & 0xffff)))
}

// @ts-ignore: decorator
@inline
function lumaSums(rg: v128, b: v128): v128 {
  return i32x4.shr_s(i32x4.add(weigh(rg, b, Y_R, Y_G, Y_B), i32x4.splat(Y_OFFSET)), SHIFT)
}

/** Sixteen luma samples. */
// @ts-ignore: decorator
@inline
function lumaOf(rg0: v128, b0: v128, rg1: v128, b1: v128, rg2: v128, b2: v128, rg3: v128, b3: v128): v128 {
  const low = i16x8.narrow_i32x4_s(lumaSums(rg0, b0), lumaSums(rg1, b1))
  const high = i16x8.narrow_i32x4_s(lumaSums(rg2, b2), lumaSums(rg3, b3))
  return i8x16.narrow_i16x8_u(low, high)
}

/** The odd columns of eight. */
// @ts-ignore: decorator
@inline
function odd(low: v128, high: v128): v128 {
  return i32x4.shuffle(low, high, 1, 3, 5, 7)
}

/** Chroma at the even columns of eight, filtered 1 2 1 across; the last lane of `before` is the column before them. */
// @ts-ignore: decorator
@inline
function filter(low: v128, high: v128, before: v128): v128 {
  const even = i32x4.shuffle(low, high, 0, 2, 4, 6)
  const right = odd(low, high)
  const left = i32x4.shuffle(before, right, 3, 4, 5, 6)
  const sum = i32x4.add(i32x4.add(left, right), i32x4.shl(even, 1))
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(CHROMA_OFFSET)), CHROMA_SHIFT)
}

/** The weighted sum of a pixel and the one below it. */
function weighColumn(row: usize, stride: usize, x: i32, R: i32, G: i32, B: i32): i32 {
  return R * columnSum(row, stride, x, 0) + G * columnSum(row, stride, x, 1) + B * columnSum(row, stride, x, 2)
}

/** The sum of a sample and the one below it; left of the first column, that column itself. */
// @ts-ignore: decorator
@inline
function columnSum(row: usize, stride: usize, x: i32, channel: usize): i32 {
  const at = row + <usize>(x < 0 ? 0 : x) * 3 + channel
  return <i32>load<u8>(at) + <i32>load<u8>(at + stride)
}

function storeLumaSample(pixel: usize, target: usize): void {
  const sum = Y_R * <i32>load<u8>(pixel) + Y_G * <i32>load<u8>(pixel, 1) + Y_B * <i32>load<u8>(pixel, 2)
  store<u8>(target, <u8>((sum + Y_OFFSET) >> SHIFT))
}

function filtered(row: usize, stride: usize, x: i32, channel: usize): i32 {
  return (
    columnSum(row, stride, x - 1, channel) +
    2 * columnSum(row, stride, x, channel) +
    columnSum(row, stride, x + 1, channel)
  )
}

/** Two columns of two rows, for pictures narrower than a block. */
function convertPair(row: usize, stride: usize, luma: usize, width: usize, u: usize, v: usize, x: i32): void {
  const top = row + <usize>x * 3
  storeLumaSample(top, luma + <usize>x)
  storeLumaSample(top + 3, luma + <usize>x + 1)
  storeLumaSample(top + stride, luma + width + <usize>x)
  storeLumaSample(top + stride + 3, luma + width + <usize>x + 1)
  const r = filtered(row, stride, x, 0)
  const g = filtered(row, stride, x, 1)
  const b = filtered(row, stride, x, 2)
  store<u8>(u + <usize>(x >> 1), <u8>((U_R * r + U_G * g + U_B * b + CHROMA_OFFSET) >> CHROMA_SHIFT))
  store<u8>(v + <usize>(x >> 1), <u8>((V_R * r + V_G * g + V_B * b + CHROMA_OFFSET) >> CHROMA_SHIFT))
}
