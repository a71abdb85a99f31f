// Undoes the row filters of PNG (specification, chapter 9) in place.

/**
 * Rows of one filter byte and `rowBytes` bytes of pixels each become the pixels' bytes; the filter bytes stay.
 * `pixelBytes` is the distance to the pixel on the left, at least 1. The row above the first counts as zeros.
 *
 * Gives -1, or the first row whose filter is not one of the five.
 */
export function unfilter(rows: usize, count: i32, rowBytes: usize, pixelBytes: usize): i32 {
  for (let row = 0; row < count; row++) {
    const start = rows + <usize>row * (rowBytes + 1) + 1
    const end = start + rowBytes
    const filter = load<u8>(start - 1)
    const above = row > 0 ? rowBytes + 1 : 0
    if (filter == 0) continue
    if (filter == 1) {
      for (let p = start + pixelBytes; p < end; p++) store<u8>(p, load<u8>(p) + load<u8>(p - pixelBytes))
    } else if (filter == 2) {
      if (above) addAbove(start, end, above)
    } else if (filter == 3) {
      average(start, end, pixelBytes, above)
    } else if (filter == 4) {
      if (!above) {
        for (let p = start + pixelBytes; p < end; p++) store<u8>(p, load<u8>(p) + load<u8>(p - pixelBytes))
      } else if (pixelBytes == 3) {
        paethRgb(start, end, above)
      } else {
        paeth(start, end, pixelBytes, above)
      }
    } else {
      return row
    }
  }
  return -1
}

function addAbove(start: usize, end: usize, above: usize): void {
  let p = start
  for (; p + 16 <= end; p += 16) v128.store(p, i8x16.add(v128.load(p), v128.load(p - above)))
  for (; p < end; p++) store<u8>(p, load<u8>(p) + load<u8>(p - above))
}

function average(start: usize, end: usize, pixelBytes: usize, above: usize): void {
  for (let p = start; p < end; p++) {
    const a = p < start + pixelBytes ? 0 : <u32>load<u8>(p - pixelBytes)
    const b = above ? <u32>load<u8>(p - above) : 0
    store<u8>(p, load<u8>(p) + <u8>((a + b) >> 1))
  }
}

@inline
function predicted(a: i32, b: i32, c: i32): i32 {
  const toA = abs(b - c), toB = abs(a - c), toC = abs(a + b - 2 * c)
  const nearer = toB <= toC ? b : c
  return select(a, nearer, toA <= toB && toA <= toC)
}

function paeth(start: usize, end: usize, pixelBytes: usize, above: usize): void {
  const first = min(start + pixelBytes, end)
  for (let p = start; p < first; p++) store<u8>(p, load<u8>(p) + load<u8>(p - above))
  for (let p = first; p < end; p++) {
    const prediction = predicted(load<u8>(p - pixelBytes), load<u8>(p - above), load<u8>(p - above - pixelBytes))
    store<u8>(p, load<u8>(p) + <u8>prediction)
  }
}

// The three channels run side by side, so that the processor need not wait for one to begin the next.
function paethRgb(start: usize, end: usize, above: usize): void {
  let a0: i32 = 0, a1: i32 = 0, a2: i32 = 0, c0: i32 = 0, c1: i32 = 0, c2: i32 = 0
  for (let p = start; p < end; p += 3) {
    const b0 = <i32>load<u8>(p - above), b1 = <i32>load<u8>(p - above, 1), b2 = <i32>load<u8>(p - above, 2)
    a0 = (<i32>load<u8>(p) + predicted(a0, b0, c0)) & 255
    a1 = (<i32>load<u8>(p, 1) + predicted(a1, b1, c1)) & 255
    a2 = (<i32>load<u8>(p, 2) + predicted(a2, b2, c2)) & 255
    store<u8>(p, <u8>a0)
    store<u8>(p, <u8>a1, 1)
    store<u8>(p, <u8>a2, 2)
    c0 = b0
    c1 = b1
    c2 = b2
  }
}
