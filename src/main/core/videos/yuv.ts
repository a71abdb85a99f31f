/**
 * RGB to the 4:2:0 picture H.264 and VP9 store, done here so that every ffmpeg gives the same colours: BT.709
 * matrix, limited range (ITU-R BT.709-6, item 3.4, quantised to 8 bits), chroma samples level with the left one of each
 * two luma columns and between two rows, which is where decoders expect them.
 */
import yuvWasm from '../wasm/generated/yuv.ts'
import { loadKernel } from '../wasm/load.ts'
import { Workspace, type WorkspaceExports } from '../wasm/workspace.ts'

type YuvExports = { yuv420FromRgb(rgb: number, yuv: number, width: number, height: number): void }

let kernel: (WorkspaceExports & YuvExports) | undefined

/** Bytes of a 4:2:0 picture: the Y plane, then U, then V. Both sides are even. */
export const yuv420Bytes = (width: number, height: number) => (width * height * 3) / 2

/**
 * Converts a picture into `yuv`.
 *
 * @param rgb 8-bit RGB, three bytes per pixel, rows without padding.
 * @param width even, in pixels; so is `height`.
 * @param yuv `yuv420Bytes` long; overwritten.
 */
export function yuv420FromRgb(rgb: Uint8Array, width: number, height: number, yuv: Uint8Array): void {
  kernel ??= loadKernel<YuvExports & { heapBase(): number }>(yuvWasm)
  const workspace = new Workspace(kernel)
  const source = workspace.put(rgb)
  const target = workspace.reserve(yuv420Bytes(width, height))
  kernel.yuv420FromRgb(source, target, width, height)
  yuv.set(new Uint8Array(kernel.memory.buffer, target, yuv420Bytes(width, height)))
}
