// Pillow's two resampling passes on interleaved 8-bit RGB, exact to the bit.
//
// Pillow multiplies each byte with a 22-bit fixed-point weight and adds in 32 bits. A weight w is split here into
// 15 low bits and a signed rest, w = hi * 2^15 + lo, so that two taps at a time fit the 16-bit multiply-add; the two
// sums are joined once at the end, modulo 2^32 as in C. Weights lie as pairs of taps: hi0 hi1 lo0 lo1 (16 bits each).

@inline
function joined(hi: v128, lo: v128): v128 {
  const rounded = i32x4.add(i32x4.add(i32x4.shl(hi, 15), lo), i32x4.splat(1 << 21))
  return i32x4.shr_s(rounded, 22)
}

// The first two of four neighbouring RGB pixels as 16-bit pairs r0 r1 g0 g1 b0 b1 0 0.
@inline
function firstPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
}

// The third and fourth pixel in the same form.
@inline
function secondPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1))
}

// Writes one RGB pixel and one byte more, which the next pixel or the row's padding takes.
@inline
function storePixel(target: usize, hi: v128, lo: v128): void {
  const words = i16x8.narrow_i32x4_s(joined(hi, lo), i32x4.splat(0))
  v128.store_lane<u32>(target, i8x16.narrow_i16x8_u(words, words), 0)
}

/**
 * Horizontal pass over `rows` rows.
 *
 * starts: i32 byte offset of the first tap per output pixel; taps: taps per output pixel, a multiple of 4, filled up
 * with weights of zero (up to 16 bytes beyond a row are read and do not matter). dstStride >= 3 * count + 1.
 */
export function horizontal(
  src: usize, srcStride: usize, rows: i32, dst: usize, dstStride: usize, count: i32, starts: usize, weights: usize, taps: i32,
): void {
  const weightBytes = <usize>taps << 2
  let row = 0
  for (; row + 4 <= rows; row += 4) {
    const source = src + <usize>row * srcStride
    let target = dst + <usize>row * dstStride
    let weight = weights
    for (let x = 0; x < count; x++) {
      let p = source + <usize>load<i32>(starts + (<usize>x << 2))
      const end = weight + weightBytes
      let hi0 = i32x4.splat(0), hi1 = i32x4.splat(0), hi2 = i32x4.splat(0), hi3 = i32x4.splat(0)
      let lo0 = i32x4.splat(0), lo1 = i32x4.splat(0), lo2 = i32x4.splat(0), lo3 = i32x4.splat(0)
      for (; weight < end; weight += 16, p += 12) {
        const hiA = v128.load32_splat(weight), loA = v128.load32_splat(weight, 4)
        const hiB = v128.load32_splat(weight, 8), loB = v128.load32_splat(weight, 12)
        let v = v128.load(p)
        let a = firstPair(v), b = secondPair(v)
        hi0 = i32x4.add(hi0, i32x4.add(i32x4.dot_i16x8_s(a, hiA), i32x4.dot_i16x8_s(b, hiB)))
        lo0 = i32x4.add(lo0, i32x4.add(i32x4.dot_i16x8_s(a, loA), i32x4.dot_i16x8_s(b, loB)))
        v = v128.load(p + srcStride)
        a = firstPair(v), b = secondPair(v)
        hi1 = i32x4.add(hi1, i32x4.add(i32x4.dot_i16x8_s(a, hiA), i32x4.dot_i16x8_s(b, hiB)))
        lo1 = i32x4.add(lo1, i32x4.add(i32x4.dot_i16x8_s(a, loA), i32x4.dot_i16x8_s(b, loB)))
        v = v128.load(p + 2 * srcStride)
        a = firstPair(v), b = secondPair(v)
        hi2 = i32x4.add(hi2, i32x4.add(i32x4.dot_i16x8_s(a, hiA), i32x4.dot_i16x8_s(b, hiB)))
        lo2 = i32x4.add(lo2, i32x4.add(i32x4.dot_i16x8_s(a, loA), i32x4.dot_i16x8_s(b, loB)))
        v = v128.load(p + 3 * srcStride)
        a = firstPair(v), b = secondPair(v)
        hi3 = i32x4.add(hi3, i32x4.add(i32x4.dot_i16x8_s(a, hiA), i32x4.dot_i16x8_s(b, hiB)))
        lo3 = i32x4.add(lo3, i32x4.add(i32x4.dot_i16x8_s(a, loA), i32x4.dot_i16x8_s(b, loB)))
      }
      storePixel(target, hi0, lo0)
      storePixel(target + dstStride, hi1, lo1)
      storePixel(target + 2 * dstStride, hi2, lo2)
      storePixel(target + 3 * dstStride, hi3, lo3)
      target += 3
    }
  }
  for (; row < rows; row++) {
    const source = src + <usize>row * srcStride
    let target = dst + <usize>row * dstStride
    let weight = weights
    for (let x = 0; x < count; x++) {
      let p = source + <usize>load<i32>(starts + (<usize>x << 2))
      const end = weight + weightBytes
      let hi = i32x4.splat(0), lo = i32x4.splat(0)
      for (; weight < end; weight += 16, p += 12) {
        const v = v128.load(p)
        const a = firstPair(v), b = secondPair(v)
        hi = i32x4.add(hi, i32x4.dot_i16x8_s(a, v128.load32_splat(weight)))
        lo = i32x4.add(lo, i32x4.dot_i16x8_s(a, v128.load32_splat(weight, 4)))
        hi = i32x4.add(hi, i32x4.dot_i16x8_s(b, v128.load32_splat(weight, 8)))
        lo = i32x4.add(lo, i32x4.dot_i16x8_s(b, v128.load32_splat(weight, 12)))
      }
      storePixel(target, hi, lo)
      target += 3
    }
  }
}

// Joins 16 sums and writes them as bytes.
@inline
function storeSixteen(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(target, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)))
}

/**
 * Vertical pass: `count` output rows of `rowBytes` bytes (a multiple of 16) from source rows of the same length.
 *
 * starts: i32 byte offset of the first tap's row per output row; taps: as above, `pairs` of them used.
 */
export function vertical(
  src: usize, rowBytes: usize, dst: usize, count: i32, starts: usize, weights: usize, taps: i32, pairCounts: usize,
): void {
  const weightBytes = <usize>taps << 2
  for (let y = 0; y < count; y++) {
    const first = src + <usize>load<i32>(starts + (<usize>y << 2))
    const begin = weights + <usize>y * weightBytes
    const end = begin + (<usize>load<i32>(pairCounts + (<usize>y << 2)) << 3)
    const target = dst + <usize>y * rowBytes
    for (let x: usize = 0; x < rowBytes; x += 16) {
      let hi0 = i32x4.splat(0), hi1 = i32x4.splat(0), hi2 = i32x4.splat(0), hi3 = i32x4.splat(0)
      let lo0 = i32x4.splat(0), lo1 = i32x4.splat(0), lo2 = i32x4.splat(0), lo3 = i32x4.splat(0)
      let p = first + x
      for (let weight = begin; weight < end; weight += 8, p += 2 * rowBytes) {
        const hi = v128.load32_splat(weight), lo = v128.load32_splat(weight, 4)
        const a = v128.load(p), b = v128.load(p + rowBytes)
        const low = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
        const high = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
        let w = i16x8.extend_low_i8x16_u(low)
        hi0 = i32x4.add(hi0, i32x4.dot_i16x8_s(w, hi))
        lo0 = i32x4.add(lo0, i32x4.dot_i16x8_s(w, lo))
        w = i16x8.extend_high_i8x16_u(low)
        hi1 = i32x4.add(hi1, i32x4.dot_i16x8_s(w, hi))
        lo1 = i32x4.add(lo1, i32x4.dot_i16x8_s(w, lo))
        w = i16x8.extend_low_i8x16_u(high)
        hi2 = i32x4.add(hi2, i32x4.dot_i16x8_s(w, hi))
        lo2 = i32x4.add(lo2, i32x4.dot_i16x8_s(w, lo))
        w = i16x8.extend_high_i8x16_u(high)
        hi3 = i32x4.add(hi3, i32x4.dot_i16x8_s(w, hi))
        lo3 = i32x4.add(lo3, i32x4.dot_i16x8_s(w, lo))
      }
      storeSixteen(target + x, joined(hi0, lo0), joined(hi1, lo1), joined(hi2, lo2), joined(hi3, lo3))
    }
  }
}
