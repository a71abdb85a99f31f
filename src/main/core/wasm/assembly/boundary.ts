/**
 * Edges of a picture and their overlap, in the single-precision operations and their order of the reference, because an
 * edge is decided by a strict comparison with one of the picture's own values.
 */

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

/** Floats per row of the grey picture: one zero on each side, and room for the last vector. */
export function greyStride(width: i32): i32 {
  return width + 2 + 4
}

/** Bytes per row of an edge mask: `tolerance` zeros on the left, at least as many and a whole vector on the right. */
export function maskStride(width: i32, tolerance: i32): i32 {
  return ((width + 15) & ~15) + 2 * tolerance + 16
}

/**
 * Sobel gradient magnitude `sqrt(gx^2 + gy^2 + 1e-12)` of the grey picture, zeros around it.
 *
 * @param tables three times 256 floats: grey contribution of each red, green and blue value
 * @param grey scratch of (height + 2) * greyStride(width) floats
 * @param magnitudes receives height * width floats, and up to three more past the end
 */
export function sobelMagnitudes(
  rgb: usize,
  tables: usize,
  grey: usize,
  magnitudes: usize,
  width: i32,
  height: i32,
): void {
  const stride = <usize>greyStride(width) * 4
  memory.fill(grey, 0, stride * <usize>(height + 2))
  for (let y = 0; y < height; y++) {
    let from = rgb + <usize>(y * width * 3)
    let to = grey + <usize>(y + 1) * stride + 4
    for (let x = 0; x < width; x++) {
      const red = load<f32>(tables + ((<usize>load<u8>(from)) << 2))
      const green = load<f32>(tables + ((<usize>load<u8>(from, 1)) << 2), 1024)
      const blue = load<f32>(tables + ((<usize>load<u8>(from, 2)) << 2), 2048)
      store<f32>(to, red + green + blue)
      from += 3
      to += 4
    }
  }
  const floor = f32x4.splat(1e-12)
  for (let y = 0; y < height; y++) {
    const top = grey + <usize>y * stride
    const middle = top + stride
    const bottom = middle + stride
    const out = magnitudes + <usize>(y * width) * 4
    // The last vector of a row may write into the next row, whose own values follow.
    for (let x = 0; x < width; x += 4) {
      const at = <usize>x * 4
      const topLeft = v128.load(top + at)
      const topRight = v128.load(top + at, 8)
      const bottomLeft = v128.load(bottom + at)
      const bottomRight = v128.load(bottom + at, 8)
      const left = v128.load(middle + at)
      const right = v128.load(middle + at, 8)
      const above = v128.load(top + at, 4)
      const below = v128.load(bottom + at, 4)
      // Row by row through the 3 x 3 kernel, as the convolution of the reference adds.
      let gx = f32x4.sub(topRight, topLeft)
      gx = f32x4.sub(gx, f32x4.add(left, left))
      gx = f32x4.add(gx, f32x4.add(right, right))
      gx = f32x4.sub(gx, bottomLeft)
      gx = f32x4.add(gx, bottomRight)
      let gy = f32x4.sub(f32x4.neg(topLeft), f32x4.add(above, above))
      gy = f32x4.sub(gy, topRight)
      gy = f32x4.add(gy, bottomLeft)
      gy = f32x4.add(gy, f32x4.add(below, below))
      gy = f32x4.add(gy, bottomRight)
      const squares = f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gy, gy))
      v128.store(out + at, f32x4.sqrt(f32x4.add(squares, floor)))
    }
  }
}

/**
 * The value of rank `rank` (0 is the smallest) among positive floats, whose bit patterns sort like their values: eleven
 * bits at a time, counting only the values that share the bits found so far.
 *
 * @param histogram scratch of 2048 integers
 */
export function orderStatistic(values: usize, count: i32, rank: i32, histogram: usize): f32 {
  let prefix: u32 = 0
  let known: u32 = 0
  let shift: i32 = 32
  while (shift > 0) {
    // The last digit overlaps the one before by one bit that is already known.
    shift = max(shift - 11, 0)
    memory.fill(histogram, 0, 2048 * 4)
    for (let i = 0; i < count; i++) {
      const bits = load<u32>(values + ((<usize>i) << 2))
      if ((bits & known) == prefix) {
        const bin = histogram + ((<usize>((bits >> shift) & 2047)) << 2)
        store<i32>(bin, load<i32>(bin) + 1)
      }
    }
    let digit: u32 = 0
    while (rank >= load<i32>(histogram + ((<usize>digit) << 2))) {
      rank -= load<i32>(histogram + ((<usize>digit) << 2))
      digit++
    }
    prefix = (prefix & known) | (digit << shift)
    known |= (<u32>2047) << shift
  }
  return reinterpret<f32>(prefix)
}

/** The value one rank above `rank`, given the value of that rank. `rank` is not the largest. */
export function nextOrderStatistic(values: usize, count: i32, rank: i32, value: f32): f32 {
  let atMost: i32 = 0
  let next: f32 = Infinity
  for (let i = 0; i < count; i++) {
    const candidate = load<f32>(values + ((<usize>i) << 2))
    if (candidate <= value) atMost++
    else next = min(next, candidate)
  }
  return atMost > rank + 1 ? value : next
}

/** Writes a mask (255 where a magnitude is above the threshold) into a padded, zeroed picture; gives their number. */
export function markEdges(
  magnitudes: usize,
  threshold: f32,
  mask: usize,
  width: i32,
  height: i32,
  tolerance: i32,
): i32 {
  const stride = <usize>maskStride(width, tolerance)
  memory.fill(mask, 0, stride * <usize>(height + 2 * tolerance))
  let edges: i32 = 0
  for (let y = 0; y < height; y++) {
    const from = magnitudes + <usize>(y * width) * 4
    const to = mask + <usize>(y + tolerance) * stride + <usize>tolerance
    for (let x = 0; x < width; x++) {
      const isEdge = <i32>(load<f32>(from + ((<usize>x) << 2)) > threshold)
      edges += isEdge
      store<u8>(to + <usize>x, <u8>-isEdge)
    }
  }
  return edges
}

/**
 * Number of set pixels of `mask` that lie within `tolerance` rows and columns of a set pixel of `other`.
 *
 * @param row scratch of maskStride(width, tolerance) + 16 bytes
 */
export function hitsWithin(
  mask: usize,
  other: usize,
  row: usize,
  width: i32,
  height: i32,
  tolerance: i32,
): i32 {
  const stride = <usize>maskStride(width, tolerance)
  const reach = 2 * tolerance
  let hits: i32 = 0
  for (let y = 0; y < height; y++) {
    for (let x: usize = 0; x < stride; x += 16) {
      let column = v128.load(other + <usize>y * stride + x)
      for (let d = 1; d <= reach; d++)
        column = v128.or(column, v128.load(other + <usize>(y + d) * stride + x))
      v128.store(row + x, column)
    }
    const own = mask + <usize>(y + tolerance) * stride + <usize>tolerance
    for (let x = 0; x < width; x += 16) {
      let near = v128.load(row + <usize>x)
      for (let d = 1; d <= reach; d++) near = v128.or(near, v128.load(row + <usize>(x + d)))
      hits += popcnt(i8x16.bitmask(v128.and(near, v128.load(own + <usize>x))))
    }
  }
  return hits
}
