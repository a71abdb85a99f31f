/** Undoes PNG row filters in a WebAssembly kernel, a band of rows at a time so that its memory stays small. */
import unfilterWasm from '../wasm/generated/unfilter.ts'
import { loadKernel, type KernelExports } from '../wasm/load.ts'

type Kernel = KernelExports & {
  unfilter(rows: number, count: number, rowBytes: number, pixelBytes: number): number
}

const bandBytes = 256 << 10
const arenaStart = 64 << 10
const keptBytes = 16 << 20
let kept: Kernel | undefined

/**
 * Undoes the filters in place. `rows` holds `count` rows of a filter byte and `rowBytes` bytes; filter bytes of rows
 * that are done become 0. `pixelBytes` is the distance between neighbouring pixels, at least 1.
 *
 * @returns false when a row names a filter that does not exist.
 */
export function unfilterRows(rows: Uint8Array, count: number, rowBytes: number, pixelBytes: number): boolean {
  const kernel = kept ?? loadKernel<Kernel>(unfilterWasm)
  kept = kernel
  const stride = rowBytes + 1
  const bandRows = Math.max(1, Math.floor(bandBytes / stride))
  const missing = arenaStart + (bandRows + 1) * stride - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65_536))
  const memory = new Uint8Array(kernel.memory.buffer, arenaStart)
  try {
    for (let row = 0; row < count; row += bandRows) {
      // The row above the band goes along, already undone.
      const first = Math.max(0, row - 1)
      const end = Math.min(count, row + bandRows)
      memory.set(rows.subarray(first * stride, end * stride))
      if (kernel.unfilter(arenaStart, end - first, rowBytes, pixelBytes) !== -1) return false
      rows.set(memory.subarray(0, (end - first) * stride), first * stride)
      rows[(end - 1) * stride] = 0
    }
    return true
  } finally {
    if (kernel.memory.buffer.byteLength > keptBytes) kept = undefined
  }
}
