/**
 * RGB to 4:2:0, BT.709, limited range. Sixteen pixels of two rows at a time: 32 luma samples and 8 of each chroma.
 * Weights are in 1/32768, so that they fit the 16-bit rounding multiplication.
 */

const SHIFT: i32 = 15
/** The chroma filter (1 2 1 across, 1 1 down) weighs eight samples. */
const CHROMA_SHIFT: i32 = SHIFT + 3
const Y_OFFSET: i32 = (16 << SHIFT) + (1 << (SHIFT - 1))
const CHROMA_OFFSET: i32 = (128 << CHROMA_SHIFT) + (1 << (CHROMA_SHIFT - 1))
const BLOCK: i32 = 16

/** In blocks, samples of 0 to 255 are shifted up to fill 15 bits, and chroma sums of eight samples less so. */
const SAMPLE_SHIFT: i32 = 7
const CHROMA_SUM_SHIFT: i32 = 4
const BLOCK_Y_OFFSET: i32 = (16 << SAMPLE_SHIFT) + (1 << (SAMPLE_SHIFT - 1))
const BLOCK_CHROMA_OFFSET: i32 = (128 << SAMPLE_SHIFT) + (1 << (SAMPLE_SHIFT - 1))

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
      for (let x = 0; x <= width - BLOCK; x += BLOCK) convertBlock(row, stride, luma, <usize>width, u, v, x)
      // The last block overlaps the one before it where the width is no multiple of sixteen.
      if ((width & (BLOCK - 1)) != 0) convertBlock(row, stride, luma, <usize>width, u, v, width - BLOCK)
    }
    u += <usize>(width >> 1)
    v += <usize>(width >> 1)
  }
}

// @ts-ignore: decorator
@inline
function red(a: v128, b: v128, c: v128): v128 {
  const ab = i8x16.shuffle(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0)
  return i8x16.shuffle(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29)
}

// @ts-ignore: decorator
@inline
function green(a: v128, b: v128, c: v128): v128 {
  const ab = i8x16.shuffle(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0)
  return i8x16.shuffle(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30)
}

// @ts-ignore: decorator
@inline
function blue(a: v128, b: v128, c: v128): v128 {
  const ab = i8x16.shuffle(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0)
  return i8x16.shuffle(ab, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31)
}

/**
 * The weighted sum of eight triples plus an offset. Samples come shifted up; what the products lose by rounding is a
 * 1/256 of a level at most, far below the rounding of the result.
 */
// @ts-ignore: decorator
@inline
function weigh(r: v128, g: v128, b: v128, R: i32, G: i32, B: i32, OFFSET: i32): v128 {
  const sum = i16x8.add(
    i16x8.add(i16x8.q15mulr_sat_s(r, i16x8.splat(<i16>R)), i16x8.q15mulr_sat_s(g, i16x8.splat(<i16>G))),
    i16x8.add(i16x8.q15mulr_sat_s(b, i16x8.splat(<i16>B)), i16x8.splat(<i16>OFFSET)),
  )
  return i16x8.shr_s(sum, SAMPLE_SHIFT)
}

// @ts-ignore: decorator
@inline
function lowSamples(bytes: v128): v128 {
  return i16x8.shl(i16x8.extend_low_i8x16_u(bytes), SAMPLE_SHIFT)
}

// @ts-ignore: decorator
@inline
function highSamples(bytes: v128): v128 {
  return i16x8.shl(i16x8.extend_high_i8x16_u(bytes), SAMPLE_SHIFT)
}

// @ts-ignore: decorator
@inline
function storeLuma(target: usize, r: v128, g: v128, b: v128): void {
  const low = weigh(lowSamples(r), lowSamples(g), lowSamples(b), Y_R, Y_G, Y_B, BLOCK_Y_OFFSET)
  const high = weigh(highSamples(r), highSamples(g), highSamples(b), Y_R, Y_G, Y_B, BLOCK_Y_OFFSET)
  v128.store(target, i8x16.narrow_i16x8_u(low, high))
}

/** The channel at the even columns of two rows, filtered 1 2 1 across and 1 1 down, shifted up to 15 bits. */
// @ts-ignore: decorator
@inline
function chromaSum(above: v128, below: v128, before: i32): v128 {
  const low = i16x8.add(i16x8.extend_low_i8x16_u(above), i16x8.extend_low_i8x16_u(below))
  const high = i16x8.add(i16x8.extend_high_i8x16_u(above), i16x8.extend_high_i8x16_u(below))
  const even = i16x8.shuffle(low, high, 0, 2, 4, 6, 8, 10, 12, 14)
  const odd = i16x8.shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15)
  const oddBefore = i16x8.shuffle(i16x8.splat(<i16>before), odd, 0, 8, 9, 10, 11, 12, 13, 14)
  return i16x8.shl(i16x8.add(i16x8.add(oddBefore, odd), i16x8.shl(even, 1)), CHROMA_SUM_SHIFT)
}

/** The sum of a sample and the one below it; left of the first column, that column itself. */
// @ts-ignore: decorator
@inline
function columnSum(row: usize, stride: usize, x: i32, channel: usize): i32 {
  const at = row + <usize>(x < 0 ? 0 : x) * 3 + channel
  return <i32>load<u8>(at) + <i32>load<u8>(at + stride)
}

function convertBlock(row: usize, stride: usize, luma: usize, width: usize, u: usize, v: usize, x: i32): void {
  const top = row + <usize>x * 3
  const bottom = top + stride
  const a0 = v128.load(top)
  const b0 = v128.load(top, 16)
  const c0 = v128.load(top, 32)
  const a1 = v128.load(bottom)
  const b1 = v128.load(bottom, 16)
  const c1 = v128.load(bottom, 32)
  const r0 = red(a0, b0, c0)
  const g0 = green(a0, b0, c0)
  const l0 = blue(a0, b0, c0)
  const r1 = red(a1, b1, c1)
  const g1 = green(a1, b1, c1)
  const l1 = blue(a1, b1, c1)
  storeLuma(luma + <usize>x, r0, g0, l0)
  storeLuma(luma + width + <usize>x, r1, g1, l1)
  const r = chromaSum(r0, r1, columnSum(row, stride, x - 1, 0))
  const g = chromaSum(g0, g1, columnSum(row, stride, x - 1, 1))
  const b = chromaSum(l0, l1, columnSum(row, stride, x - 1, 2))
  const us = weigh(r, g, b, U_R, U_G, U_B, BLOCK_CHROMA_OFFSET)
  const vs = weigh(r, g, b, V_R, V_G, V_B, BLOCK_CHROMA_OFFSET)
  v128.store64_lane(u + <usize>(x >> 1), i8x16.narrow_i16x8_u(us, us), 0)
  v128.store64_lane(v + <usize>(x >> 1), i8x16.narrow_i16x8_u(vs, vs), 0)
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
