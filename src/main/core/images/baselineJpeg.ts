/**
 * The common JPEG, decoded by our own WebAssembly kernel with the arithmetic of libjpeg-turbo: sequential, Huffman
 * coded, 8 bits, one scan, grey or YCbCr as 4:4:4, 4:2:2 or 4:2:0. Everything else, and whatever is irregular about
 * the file, is left to sharp (`sharpJpeg.ts`), which also knows what to say about it.
 */
import jpegWasm from '../wasm/generated/jpeg.ts'
import { loadKernel } from '../wasm/load.ts'
import { Workspace, type WorkspaceExports } from '../wasm/workspace.ts'
import { baselineLayout, type BaselineLayout } from './baselineLayout.ts'
import type { JpegHeader } from './jpegHeader.ts'
import type { AllocateBytes } from './rgbImage.ts'

type Kernel = WorkspaceExports & {
  setHuffman(isAc: number, id: number, source: number): number
  setComponent(index: number, dc: number, ac: number, factors: number, across: number, down: number): void
  setFrame(
    width: number,
    height: number,
    components: number,
    restartInterval: number,
    scanBytes: number,
  ): number
  setScan(scan: number, bytes: number, work: number): number
  decodeRows(target: number): number
}

/** Most rows that one call writes, and what it may write beyond them. */
const rowsPerCall = 17
const overrunBytes = 48
/** Larger files go to sharp: the kernel keeps the data of a picture twice. */
const largestBytes = 64 << 20
/** A kernel that one large file made larger than this is not kept for the next. */
const keptBytes = 16 << 20

let kept: Kernel | undefined

/**
 * Decodes to RGB, rows without padding.
 *
 * @param allocate gives memory for the pixels; fresh memory when left out.
 * @returns nothing when the file is of another kind or in any way irregular.
 */
export function decodeBaselineJpeg(
  bytes: Uint8Array,
  { width, height, segments, scanOffset }: JpegHeader,
  allocate: AllocateBytes = (byteLength) => new Uint8Array(byteLength),
): Uint8Array | undefined {
  if (bytes.length > largestBytes) return undefined
  const layout = baselineLayout(bytes, segments, scanOffset)
  if (!layout) return undefined
  const scan = bytes.subarray(layout.dataOffset)
  if (scan.length < leastBytes(width, height, layout)) return undefined

  const kernel = (kept ??= loadKernel<Kernel>(jpegWasm))
  try {
    const workspace = new Workspace(kernel)
    if (!setTables(kernel, workspace, layout)) return undefined
    const { components, restartInterval } = layout
    const scanAt = workspace.put(scan)
    const workBytes = kernel.setFrame(width, height, components.length, restartInterval, scan.length)
    const work = workspace.reserve(workBytes)
    const rows = workspace.reserve(rowsPerCall * width * 3 + overrunBytes)
    if (!kernel.setScan(scanAt, scan.length, work)) return undefined

    const byteLength = width * height * 3
    const data = allocate(byteLength)
    const memory = new Uint8Array(kernel.memory.buffer)
    for (let at = 0; at < byteLength;) {
      const count = kernel.decodeRows(rows)
      if (count < 0) return undefined
      const end = rows + count * width * 3
      data.set(memory.subarray(rows, end), at)
      at += end - rows
    }
    return data
  } finally {
    if (kernel.memory.buffer.byteLength > keptBytes) kept = undefined
  }
}

/** No picture takes less than two bits for a block; so much must be there before memory is set aside for pixels. */
function leastBytes(width: number, height: number, { components }: BaselineLayout): number {
  const { across, down } = components[0]!
  const blocks = components.reduce((sum, component) => sum + component.across * component.down, 0)
  return (Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down)) * blocks * 2) / 8
}

function setTables(kernel: Kernel, workspace: Workspace, { components, huffman }: BaselineLayout): boolean {
  for (const { isAc, id, table } of huffman) {
    if (!kernel.setHuffman(Number(isAc), id, workspace.put(table))) return false
  }
  for (const [index, { dc, ac, factors, across, down }] of components.entries()) {
    kernel.setComponent(index, dc, ac, workspace.put(factors), across, down)
  }
  return true
}
