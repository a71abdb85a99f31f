/** Element types of checkpoints and their conversion to float32. Files are little-endian, as are all our platforms. */
import type { FileBytes } from './fileBytes.ts'

const bytesOf = { f64: 8, f32: 4, f16: 2, bf16: 2, i64: 8, i32: 4, i16: 2, i8: 1, u8: 1, bool: 1 } as const

/** Element types that can be converted. */
export type Dtype = keyof typeof bytesOf

/** Size of one element in bytes. */
export const bytesPerElement = (dtype: Dtype): number => bytesOf[dtype]

/**
 * Reads `count` elements of `dtype` from `offset` (bytes) as float32.
 *
 * float64 and int64 are rounded to the nearest float32. float32 goes straight into the result, without a copy.
 */
export function readElements(file: FileBytes, offset: number, count: number, dtype: Dtype): Float32Array {
  const byteLength = count * bytesOf[dtype]
  if (dtype === 'f32') {
    // The range is checked before the memory is taken, so that a made-up length cannot exhaust it.
    if (offset + byteLength > file.size) file.read(offset, byteLength)
    const data = new Float32Array(count)
    file.readInto(offset, new Uint8Array(data.buffer))
    return data
  }
  const bytes = file.read(offset, byteLength)
  // A fresh ArrayBuffer starts at an address that every element type accepts.
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + byteLength) as ArrayBuffer
  switch (dtype) {
    case 'f64':
      return Float32Array.from(new Float64Array(buffer))
    case 'f16':
      return Float32Array.from(new Uint16Array(buffer), float32FromHalf)
    case 'bf16':
      return float32FromBfloat16(new Uint16Array(buffer))
    case 'i64':
      return Float32Array.from(new BigInt64Array(buffer), Number)
    case 'i32':
      return Float32Array.from(new Int32Array(buffer))
    case 'i16':
      return Float32Array.from(new Int16Array(buffer))
    case 'i8':
      return Float32Array.from(new Int8Array(buffer))
    case 'u8':
    case 'bool':
      return Float32Array.from(new Uint8Array(buffer))
  }
}

/** The value of an IEEE 754 half-precision bit pattern. */
export function float32FromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** bfloat16 is the upper half of a float32. */
function float32FromBfloat16(values: Uint16Array): Float32Array {
  const bits = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) bits[i] = values[i] << 16
  return new Float32Array(bits.buffer)
}
