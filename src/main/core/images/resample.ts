/**
 * Pillow's `Image.resize` for 8-bit RGB, equal in every byte to Pillow 10.4 (`src/libImaging/Resample.c`): horizontal
 * pass first, rounded to 8 bits between the passes. The passes run in a WebAssembly kernel on a few hundred kilobytes
 * of rows at a time, so the kernel's memory depends on the sizes asked for, not on the size of the input.
 */
import type { ResizeFilter } from '../../../shared/domain/protocol.ts'
import { AppError } from '../../../shared/errors.ts'
import resampleWasm from '../wasm/generated/resample.ts'
import { loadKernel, type KernelExports } from '../wasm/load.ts'
import { packedAxis, type PackedAxis } from './coefficients.ts'
import { resizeNearest } from './nearest.ts'
import type { RgbPixels } from './rgbImage.ts'

type ResampleExports = {
  horizontal(
    src: number,
    srcStride: number,
    rows: number,
    dst: number,
    dstStride: number,
    count: number,
    starts: number,
    weights: number,
    taps: number,
  ): void
  vertical(
    src: number,
    rowBytes: number,
    dst: number,
    count: number,
    starts: number,
    weights: number,
    taps: number,
    pairCounts: number,
  ): void
}
type Kernel = KernelExports & ResampleExports

/** Input rows are copied to the kernel in bands of about this size, which stay in the processor's cache. */
const bandBytes = 192 << 10
/** Wide intermediates are worked off in upright strips that keep within this size. */
const intermediateBytes = 24 << 20
/** A kernel that one extreme picture made larger than this is not kept for the next. */
const keptBytes = 96 << 20
/** The kernel reads up to 16 bytes beyond a row, and rows beyond the last with weight zero. */
const slackBytes = 64
/** Below this offset lie the module's own constants. */
const arenaStart = 64 << 10

let kept: Kernel | undefined

/**
 * Resizes to `width` x `height`, aspect ratio not kept, antialiased when shrinking. Equal sizes give a copy.
 *
 * @throws AppError `usage` when a side is not a whole number of at least 1.
 */
export function resize(image: RgbPixels, width: number, height: number, filter: ResizeFilter): RgbPixels {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new AppError(
      'usage',
      `Cannot resize to ${width} x ${height}: both sides must be whole numbers of at least 1.`,
    )
  }
  if (width === image.width && height === image.height) return { width, height, data: image.data.slice() }
  if (filter === 'nearest') return resizeNearest(image, width, height)

  const columns = width === image.width ? undefined : packedAxis(image.width, width, filter)
  const rows = height === image.height ? undefined : packedAxis(image.height, height, filter)
  const target: RgbPixels = { width, height, data: new Uint8Array(width * height * 3) }
  const firstRow = rows ? rows.starts[0]! : 0
  const lastRow = rows ? rows.starts[height - 1]! + rows.counts[height - 1]! : image.height
  const kernel = kept ?? loadKernel<ResampleExports>(resampleWasm)
  kept = kernel
  const stripColumns = Math.max(
    1,
    Math.min(width, Math.floor(intermediateBytes / ((lastRow - firstRow) * 3))),
  )
  for (let left = 0; left < width; left += stripColumns) {
    const strip = { left, columns: Math.min(stripColumns, width - left), firstRow, lastRow }
    resizeStrip(kernel, image, target, strip, columns, rows)
  }
  if (kernel.memory.buffer.byteLength > keptBytes) kept = undefined
  return target
}

/** Output columns `left` .. `left + columns`, and the input rows that they need. */
type Strip = { left: number; columns: number; firstRow: number; lastRow: number }

/** Both passes for one strip: bands of input rows into the intermediate, that into bands of output rows. */
function resizeStrip(
  kernel: Kernel,
  image: RgbPixels,
  target: RgbPixels,
  strip: Strip,
  columns: PackedAxis | undefined,
  rows: PackedAxis | undefined,
): void {
  const { left, firstRow, lastRow } = strip
  const rowCount = lastRow - firstRow
  // One spare byte because the kernel writes pixels as 4 bytes; whole vectors because it reads rows as these.
  const stride = (strip.columns * 3 + 16) & ~15
  const lastColumn = left + strip.columns - 1
  const inputLeft = columns ? columns.starts[left]! : left
  const inputRight = columns ? columns.starts[lastColumn]! + columns.counts[lastColumn]! : lastColumn + 1
  const inputRowBytes = (inputRight - inputLeft) * 3
  const bandRows = Math.min(rowCount, Math.max(4, Math.floor(bandBytes / inputRowBytes) & ~3))
  const outputRows = rows ? Math.min(target.height, Math.max(1, Math.floor(bandBytes / stride))) : 0

  const arena = new Arena()
  const band = columns ? arena.take(bandRows * inputRowBytes + slackBytes + columns.taps * 3) : 0
  const columnStarts = columns ? arena.take(strip.columns * 4) : 0
  const columnWeights = columns ? arena.take(strip.columns * columns.taps * 4) : 0
  const intermediate = arena.take((rowCount + (rows ? 1 : 0)) * stride + slackBytes)
  const rowStarts = rows ? arena.take(outputRows * 4) : 0
  const rowPairs = rows ? arena.take(outputRows * 4) : 0
  const rowWeights = rows ? arena.take(outputRows * rows.taps * 4) : 0
  const output = rows ? arena.take(outputRows * stride) : 0
  const memory = memoryOf(kernel, arena.end)

  const rowOffset = (row: number) => (row * image.width + inputLeft) * 3
  if (columns) {
    const starts = columns.starts.subarray(left, left + strip.columns).map((start) => (start - inputLeft) * 3)
    new Int32Array(memory.buffer, columnStarts, strip.columns).set(starts)
    const weights = columns.weights.subarray(left * columns.taps * 2, (lastColumn + 1) * columns.taps * 2)
    new Int16Array(memory.buffer, columnWeights, weights.length).set(weights)
    for (let row = firstRow; row < lastRow; row += bandRows) {
      const count = Math.min(bandRows, lastRow - row)
      copyRows(image.data, rowOffset(row), image.width * 3, memory, band, inputRowBytes, inputRowBytes, count)
      const into = intermediate + (row - firstRow) * stride
      kernel.horizontal(
        band,
        inputRowBytes,
        count,
        into,
        stride,
        strip.columns,
        columnStarts,
        columnWeights,
        columns.taps,
      )
    }
  } else {
    copyRows(
      image.data,
      rowOffset(firstRow),
      image.width * 3,
      memory,
      intermediate,
      stride,
      inputRowBytes,
      rowCount,
    )
  }

  const targetOffset = (row: number) => (row * target.width + left) * 3
  const targetRowBytes = target.width * 3
  if (!rows) {
    copyRows(
      memory,
      intermediate,
      stride,
      target.data,
      targetOffset(0),
      targetRowBytes,
      strip.columns * 3,
      rowCount,
    )
    return
  }
  for (let row = 0; row < target.height; row += outputRows) {
    const count = Math.min(outputRows, target.height - row)
    const starts = rows.starts.subarray(row, row + count).map((start) => (start - firstRow) * stride)
    new Int32Array(memory.buffer, rowStarts, count).set(starts)
    const pairs = rows.counts.subarray(row, row + count).map((taps) => (taps + 1) >> 1)
    new Int32Array(memory.buffer, rowPairs, count).set(pairs)
    const weights = rows.weights.subarray(row * rows.taps * 2, (row + count) * rows.taps * 2)
    new Int16Array(memory.buffer, rowWeights, weights.length).set(weights)
    kernel.vertical(intermediate, stride, output, count, rowStarts, rowWeights, rows.taps, rowPairs)
    copyRows(memory, output, stride, target.data, targetOffset(row), targetRowBytes, strip.columns * 3, count)
  }
}

/** Hands out the kernel's memory one piece after the other, on 16-byte borders. */
class Arena {
  end = arenaStart

  take(bytes: number): number {
    const start = this.end
    this.end = (start + bytes + 15) & ~15
    return start
  }
}

/** The kernel's memory, grown to at least `bytes`. */
function memoryOf(kernel: Kernel, bytes: number): Uint8Array<ArrayBuffer> {
  const missing = bytes - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65_536))
  return new Uint8Array(kernel.memory.buffer)
}

/** Copies `count` rows of `bytes` bytes between buffers with different row distances. */
function copyRows(
  source: Uint8Array,
  sourceOffset: number,
  sourceStride: number,
  target: Uint8Array,
  targetOffset: number,
  targetStride: number,
  bytes: number,
  count: number,
): void {
  if (sourceStride === bytes && targetStride === bytes) {
    target.set(source.subarray(sourceOffset, sourceOffset + count * bytes), targetOffset)
    return
  }
  for (let row = 0; row < count; row++) {
    const start = sourceOffset + row * sourceStride
    target.set(source.subarray(start, start + bytes), targetOffset + row * targetStride)
  }
}
