/**
 * Structural similarity in double precision: an 11-tap separable Gaussian window over four maps at once.
 *
 * Samples are interleaved, so a picture is a plane of `width * 3` samples per row whose horizontal neighbours lie three
 * samples apart. The plane is worked off in upright strips of 16 pixels: one strip's filtered rows stay in the
 * first-level cache, and all row distances are constants that the machine code can hold.
 */

const CHANNELS: i32 = 3
const RADIUS: i32 = 5
/** Samples (not pixels) per strip row. */
const STRIP: i32 = 48
/** Samples that the window reaches over, on each side. */
const REACH: i32 = RADIUS * CHANNELS
/** Samples of one padded source row of a strip, rounded up to whole vectors of eight. */
const SOURCE: i32 = 80
const SOURCE_BYTES: usize = <usize>SOURCE * 8
/** The four maps a, b, a*a + b*b and a*b lie side by side in one strip row. */
const MAP_BYTES: usize = <usize>STRIP * 8
const ROW_BYTES: usize = MAP_BYTES * 4
const TAP_BYTES: usize = <usize>CHANNELS * 8

// exp(-d^2 / (2 * 1.5^2)) for d = 0..5, divided by the sum over d = -5..5. Kept in memory and loaded once per row: the
// engine would build a constant anew, from two integer registers, at each of its uses.
const WEIGHTS = memory.data<f64>([
  0.26601172486179436, 0.2130055377112537, 0.10936068950970002, 0.03600077212843083, 0.007598758135239185,
  0.00102838008447911,
])

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

/** Bytes that one call needs as scratch for pictures of `height` rows. */
export function scratchBytes(height: i32): usize {
  return SOURCE_BYTES * 4 + ROW_BYTES * <usize>(height + 2 * RADIUS) + MAP_BYTES + 64
}

/** Samples of one row after padding: reflected edges, then room for the last strip to read past the end. */
export function paddedSamples(width: i32): i32 {
  return ((width * CHANNELS + STRIP - 1) / STRIP) * STRIP + SOURCE
}

/**
 * Copies a plane with its left and right edges reflected (the edge pixel itself is not repeated).
 *
 * @typeParam T u8 for pictures, f64 for the smaller scales of multi-scale SSIM
 */
function pad<T>(source: usize, target: usize, width: i32, height: i32): void {
  const samples = width * CHANNELS
  const stride = <usize>paddedSamples(width)
  for (let y = 0; y < height; y++) {
    const from = source + <usize>(y * samples) * sizeof<T>()
    const to = target + <usize>y * stride * sizeof<T>()
    memory.copy(to + <usize>REACH * sizeof<T>(), from, <usize>samples * sizeof<T>())
    for (let x = 1; x <= RADIUS; x++) {
      for (let c = 0; c < CHANNELS; c++) {
        const left = load<T>(from + <usize>(x * CHANNELS + c) * sizeof<T>())
        store<T>(to + <usize>(REACH - x * CHANNELS + c) * sizeof<T>(), left)
        const right = load<T>(from + <usize>((width - 1 - x) * CHANNELS + c) * sizeof<T>())
        store<T>(to + <usize>(REACH + samples + (x - 1) * CHANNELS + c) * sizeof<T>(), right)
      }
    }
    const used = 2 * REACH + samples
    memory.fill(to + <usize>used * sizeof<T>(), 0, (stride - <usize>used) * sizeof<T>())
  }
}

/** Pads a picture of bytes; the target has `paddedSamples(width) * height` of them. */
export function padBytes(source: usize, target: usize, width: i32, height: i32): void {
  pad<u8>(source, target, width, height)
}

/** Pads a picture of doubles likewise. */
export function padDoubles(source: usize, target: usize, width: i32, height: i32): void {
  pad<f64>(source, target, width, height)
}

// @ts-ignore: decorator
@inline
function storeFourIntegers(target: usize, values: v128): void {
  v128.store(target, f64x2.convert_low_i32x4_s(values))
  v128.store(target, f64x2.convert_low_i32x4_s(i32x4.shuffle(values, values, 2, 3, 2, 3)), 16)
}

// @ts-ignore: decorator
@inline
function productsOfBytes(a: usize, b: usize, source: usize): void {
  for (let s = 0; s < SOURCE; s += 8) {
    const va = v128.load8x8_u(a + <usize>s)
    const vb = v128.load8x8_u(b + <usize>s)
    const to = source + <usize>s * 8
    storeFourIntegers(to, i32x4.extend_low_i16x8_s(va))
    storeFourIntegers(to + 32, i32x4.extend_high_i16x8_s(va))
    storeFourIntegers(to + SOURCE_BYTES, i32x4.extend_low_i16x8_s(vb))
    storeFourIntegers(to + SOURCE_BYTES + 32, i32x4.extend_high_i16x8_s(vb))
    const low = i16x8.shuffle(va, vb, 0, 8, 1, 9, 2, 10, 3, 11)
    const high = i16x8.shuffle(va, vb, 4, 12, 5, 13, 6, 14, 7, 15)
    storeFourIntegers(to + SOURCE_BYTES * 2, i32x4.dot_i16x8_s(low, low))
    storeFourIntegers(to + SOURCE_BYTES * 2 + 32, i32x4.dot_i16x8_s(high, high))
    storeFourIntegers(to + SOURCE_BYTES * 3, i32x4.extmul_low_i16x8_s(va, vb))
    storeFourIntegers(to + SOURCE_BYTES * 3 + 32, i32x4.extmul_high_i16x8_s(va, vb))
  }
}

// @ts-ignore: decorator
@inline
function productsOfDoubles(a: usize, b: usize, source: usize): void {
  for (let s = 0; s < SOURCE; s += 2) {
    const at = <usize>s * 8
    const va = v128.load(a + at)
    const vb = v128.load(b + at)
    const to = source + at
    v128.store(to, va)
    v128.store(to, vb, SOURCE_BYTES)
    v128.store(to, f64x2.add(f64x2.mul(va, va), f64x2.mul(vb, vb)), SOURCE_BYTES * 2)
    v128.store(to, f64x2.mul(va, vb), SOURCE_BYTES * 3)
  }
}

/** Weighted sum of the centre tap and the sums of mirrored taps, which share a weight. */
// @ts-ignore: decorator
@inline
function weigh(
  centre: v128, pair1: v128, pair2: v128, pair3: v128, pair4: v128, pair5: v128, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128,
): v128 {
  const outer = f64x2.add(f64x2.mul(pair5, w5), f64x2.mul(pair4, w4))
  const middle = f64x2.add(f64x2.mul(pair3, w3), f64x2.mul(pair2, w2))
  const inner = f64x2.add(f64x2.mul(pair1, w1), f64x2.mul(centre, w0))
  return f64x2.add(f64x2.add(outer, middle), inner)
}

// The two directions of the window are written out, because a load's fixed distance must be a constant of the source;
// with computed distances the whole kernel takes a third longer.

/** The window over eleven neighbouring pixels, the first one at `first`. */
// @ts-ignore: decorator
@inline
function acrossPixels(first: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128): v128 {
  const pair5 = f64x2.add(v128.load(first), v128.load(first, TAP_BYTES * 10))
  const pair4 = f64x2.add(v128.load(first, TAP_BYTES), v128.load(first, TAP_BYTES * 9))
  const pair3 = f64x2.add(v128.load(first, TAP_BYTES * 2), v128.load(first, TAP_BYTES * 8))
  const pair2 = f64x2.add(v128.load(first, TAP_BYTES * 3), v128.load(first, TAP_BYTES * 7))
  const pair1 = f64x2.add(v128.load(first, TAP_BYTES * 4), v128.load(first, TAP_BYTES * 6))
  return weigh(v128.load(first, TAP_BYTES * 5), pair1, pair2, pair3, pair4, pair5, w0, w1, w2, w3, w4, w5)
}

/** The window over eleven strip rows, the first one at `first`. */
// @ts-ignore: decorator
@inline
function acrossRows(first: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128): v128 {
  const pair5 = f64x2.add(v128.load(first), v128.load(first, ROW_BYTES * 10))
  const pair4 = f64x2.add(v128.load(first, ROW_BYTES), v128.load(first, ROW_BYTES * 9))
  const pair3 = f64x2.add(v128.load(first, ROW_BYTES * 2), v128.load(first, ROW_BYTES * 8))
  const pair2 = f64x2.add(v128.load(first, ROW_BYTES * 3), v128.load(first, ROW_BYTES * 7))
  const pair1 = f64x2.add(v128.load(first, ROW_BYTES * 4), v128.load(first, ROW_BYTES * 6))
  return weigh(v128.load(first, ROW_BYTES * 5), pair1, pair2, pair3, pair4, pair5, w0, w1, w2, w3, w4, w5)
}

function filterRow(source: usize, target: usize): void {
  const w0 = v128.load64_splat(WEIGHTS, 0)
  const w1 = v128.load64_splat(WEIGHTS, 8)
  const w2 = v128.load64_splat(WEIGHTS, 16)
  const w3 = v128.load64_splat(WEIGHTS, 24)
  const w4 = v128.load64_splat(WEIGHTS, 32)
  const w5 = v128.load64_splat(WEIGHTS, 40)
  for (let map: usize = 0; map < 4; map++) {
    const from = source + map * SOURCE_BYTES
    const to = target + map * MAP_BYTES
    for (let s: usize = 0; s < MAP_BYTES; s += 16) v128.store(to + s, acrossPixels(from + s, w0, w1, w2, w3, w4, w5))
  }
}

/** Index values of one strip row from eleven filtered rows that begin at `row`. `contrast` leaves the luminance term out. */
function indexRow(row: usize, target: usize, c1: f64, c2: f64, contrast: bool): void {
  const vc1 = f64x2.splat(c1)
  const vc2 = f64x2.splat(c2)
  const zero = f64x2.splat(0)
  const w0 = v128.load64_splat(WEIGHTS, 0)
  const w1 = v128.load64_splat(WEIGHTS, 8)
  const w2 = v128.load64_splat(WEIGHTS, 16)
  const w3 = v128.load64_splat(WEIGHTS, 24)
  const w4 = v128.load64_splat(WEIGHTS, 32)
  const w5 = v128.load64_splat(WEIGHTS, 40)
  for (let s: usize = 0; s < MAP_BYTES; s += 16) {
    const muA = acrossRows(row + s, w0, w1, w2, w3, w4, w5)
    const muB = acrossRows(row + s + MAP_BYTES, w0, w1, w2, w3, w4, w5)
    const squares = acrossRows(row + s + MAP_BYTES * 2, w0, w1, w2, w3, w4, w5)
    const products = acrossRows(row + s + MAP_BYTES * 3, w0, w1, w2, w3, w4, w5)
    const muSquares = f64x2.add(f64x2.mul(muA, muA), f64x2.mul(muB, muB))
    const muProduct = f64x2.mul(muA, muB)
    const variances = f64x2.max(zero, f64x2.sub(squares, muSquares))
    const covariance = f64x2.sub(products, muProduct)
    let numerator = f64x2.add(f64x2.add(covariance, covariance), vc2)
    let denominator = f64x2.add(variances, vc2)
    if (!contrast) {
      numerator = f64x2.mul(numerator, f64x2.add(f64x2.add(muProduct, muProduct), vc1))
      denominator = f64x2.mul(denominator, f64x2.add(muSquares, vc1))
    }
    v128.store(target + s, f64x2.div(numerator, denominator))
  }
}

/** Sum of the samples `from` to `to` (exclusive) of a row of doubles. */
// @ts-ignore: decorator
@inline
function sumOf(row: usize, from: i32, to: i32): f64 {
  let total = f64x2.splat(0)
  let s = from
  for (; s + 2 <= to; s += 2) total = f64x2.add(total, v128.load(row + <usize>s * 8))
  let sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)
  if (s < to) sum += load<f64>(row + <usize>s * 8)
  return sum
}

/**
 * Sums the index over a picture, strip by strip.
 *
 * @typeParam T element type of the padded planes
 * @param a,b padded planes; @param c1,c2 stabilisers in squared sample units
 * @param map where to write the index of each pixel (mean over channels, f32), or 0
 * @param sums receives two doubles: the sum over all samples, and over those at least 5 pixels from every edge
 */
// @ts-ignore: decorator
@inline
function sumIndex<T>(
  a: usize, b: usize, width: i32, height: i32, c1: f64, c2: f64, contrast: bool, map: usize, scratch: usize, sums: usize,
): void {
  const samples = width * CHANNELS
  const stride = <usize>paddedSamples(width) * sizeof<T>()
  const source = scratch
  const rows = source + SOURCE_BYTES * 4
  const index = rows + ROW_BYTES * <usize>(height + 2 * RADIUS)
  let full: f64 = 0
  let cropped: f64 = 0
  for (let start = 0; start < samples; start += STRIP) {
    const valid = min(STRIP, samples - start)
    const cropFrom = max(0, REACH - start)
    const cropTo = min(STRIP, samples - REACH - start)
    // A row's index follows as soon as the five rows below it are filtered, while all eleven are still in the cache.
    for (let filtered = 0; filtered < height + RADIUS; filtered++) {
      const target = rows + <usize>(filtered + RADIUS) * ROW_BYTES
      if (filtered < height) {
        const at = <usize>filtered * stride + <usize>start * sizeof<T>()
        if (isFloat<T>()) productsOfDoubles(a + at, b + at, source)
        else productsOfBytes(a + at, b + at, source)
        filterRow(source, target)
      } else {
        const beyond = filtered - height + 1
        memory.copy(target, target - <usize>(2 * beyond) * ROW_BYTES, ROW_BYTES)
      }
      if (filtered == RADIUS) reflectTop(rows)
      const y = filtered - RADIUS
      if (y < 0) continue
      indexRow(rows + <usize>y * ROW_BYTES, index, c1, c2, contrast)
      const rowSum = sumOf(index, 0, valid)
      full += rowSum
      if (y >= RADIUS && y < height - RADIUS) {
        cropped += cropFrom == 0 && cropTo == STRIP ? rowSum : sumOf(index, cropFrom, cropTo)
      }
      if (map) writeMapRow(index, map + <usize>(y * width + start / CHANNELS) * 4, valid / CHANNELS)
    }
  }
  store<f64>(sums, full)
  store<f64>(sums, cropped, 8)
}

/** Fills the five rows above the first one, row RADIUS of the buffer, with its mirrored followers. */
function reflectTop(rows: usize): void {
  for (let d = 1; d <= RADIUS; d++) {
    memory.copy(rows + <usize>(RADIUS - d) * ROW_BYTES, rows + <usize>(RADIUS + d) * ROW_BYTES, ROW_BYTES)
  }
}

function writeMapRow(index: usize, target: usize, pixels: i32): void {
  for (let x = 0; x < pixels; x++) {
    const at = index + <usize>(x * CHANNELS) * 8
    store<f32>(target + <usize>x * 4, <f32>((load<f64>(at) + load<f64>(at, 8) + load<f64>(at, 16)) / 3))
  }
}

/** `sumIndex` over padded bytes; `map` may be 0. */
export function ssimOfBytes(
  a: usize, b: usize, width: i32, height: i32, c1: f64, c2: f64, map: usize, scratch: usize, sums: usize,
): void {
  sumIndex<u8>(a, b, width, height, c1, c2, false, map, scratch, sums)
}

/** `sumIndex` over padded doubles, without a map; `contrast` leaves the luminance factor out. */
export function ssimOfDoubles(
  a: usize, b: usize, width: i32, height: i32, c1: f64, c2: f64, contrast: bool, scratch: usize, sums: usize,
): void {
  sumIndex<f64>(a, b, width, height, c1, c2, contrast, 0, scratch, sums)
}
