/**
 * The working memory of a kernel. Kernels hold no state between calls: each call lays out its arrays anew from the
 * same start, so memory grows to the largest picture seen and no further.
 */
import { AppError } from '../../../shared/errors.ts'
import type { KernelExports } from './load.ts'

const pageBytes = 65_536
const alignBytes = 16
/** Vector loads may read past an array's end; nothing is ever read further than this. */
const slackBytes = 64

/** A kernel module that says where its own static data ends. */
export type WorkspaceExports = KernelExports & { heapBase(): number }

/** Hands out consecutive 16-byte aligned regions of a kernel's memory. Make one for each call. */
export class Workspace {
  private readonly exports: WorkspaceExports
  private end: number

  constructor(exports: WorkspaceExports) {
    this.exports = exports
    this.end = exports.heapBase()
  }

  /**
   * Reserves a region with unspecified contents and gives its offset.
   *
   * @throws AppError `unsupported` when the 4 GiB that WebAssembly can address, or the machine's memory, are not enough.
   */
  reserve(byteLength: number): number {
    const offset = Math.ceil(this.end / alignBytes) * alignBytes
    this.end = offset + byteLength + slackBytes
    const missingPages = Math.ceil((this.end - this.exports.memory.buffer.byteLength) / pageBytes)
    if (missingPages > 0) growMemory(this.exports.memory, missingPages, this.end)
    return offset
  }

  /** Reserves a region and copies an array into it. */
  put(values: Uint8Array | Float32Array | Float64Array): number {
    const offset = this.reserve(values.byteLength)
    new Uint8Array(this.exports.memory.buffer, offset, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    )
    return offset
  }

  /** A copy of `length` single-precision numbers at `offset`. */
  float32(offset: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.exports.memory.buffer, offset, length).slice()
  }

  /** A copy of `length` double-precision numbers at `offset`. */
  float64(offset: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.exports.memory.buffer, offset, length).slice()
  }
}

function growMemory(memory: WebAssembly.Memory, pages: number, neededBytes: number): void {
  try {
    memory.grow(pages)
  } catch (cause) {
    const megabytes = Math.ceil(neededBytes / 2 ** 20)
    throw new AppError(
      'unsupported',
      `A metric needs ${megabytes} MB of working memory, which is more than it can get.`,
      {
        hint: 'Use smaller pictures, fewer samples or a machine with more memory.',
        cause,
      },
    )
  }
}
