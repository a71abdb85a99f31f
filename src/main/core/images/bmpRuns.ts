/** Run lengths of BMP (RLE8 and RLE4), with the reading of `BmpRleDecoder` in Pillow 10.4. */

/**
 * The palette indices of all rows in file order, one byte each. Shorter than `width * height` when the data ends
 * early.
 *
 * Two places where Pillow departs from the format are kept: a jump takes its distances from the second two bytes
 * after it, and an odd number of literal 4-bit pixels loses the last one.
 */
export function expandRuns(
  bytes: Uint8Array,
  offset: number,
  width: number,
  height: number,
  isRle4: boolean,
): Uint8Array {
  const wanted = width * height
  const indices = new Uint8Array(wanted)
  let length = 0
  let x = 0
  let at = offset
  const put = (index: number) => {
    if (length < wanted) indices[length] = index
    length += 1
  }
  while (length < wanted && at + 2 <= bytes.length) {
    const count = bytes[at]!
    const value = bytes[at + 1]!
    at += 2
    if (count > 0) {
      const fitting = x + count > width ? Math.max(0, width - x) : count
      for (let pixel = 0; pixel < fitting; pixel++)
        put(!isRle4 ? value : pixel % 2 === 0 ? value >> 4 : value & 15)
      x += fitting
    } else if (value === 0) {
      while (length % width !== 0) put(0)
      x = 0
    } else if (value === 1) {
      break
    } else if (value === 2) {
      if (at + 4 > bytes.length) break
      length += bytes[at + 2]! + bytes[at + 3]! * width
      at += 4
      x = length % width
    } else {
      const byteCount = isRle4 ? value >> 1 : value
      const literal = bytes.subarray(at, at + byteCount)
      for (const byte of literal) {
        if (isRle4) put(byte >> 4)
        put(isRle4 ? byte & 15 : byte)
      }
      at += byteCount
      if (literal.length < byteCount) break
      x += value
      if (at % 2 !== 0) at += 1
    }
  }
  return indices.subarray(0, Math.min(length, wanted))
}
