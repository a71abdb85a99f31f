/**
 * RGB to the 4:2:0 picture H.264 and VP9 store, done here so that every ffmpeg gives the same colours: BT.709
 * matrix, limited range (ITU-R BT.709-6, item 3.4, quantised to 8 bits), chroma samples level with the left one of each
 * two luma columns and between two rows, which is where decoders expect them.
 */
import yuvWasm from '../wasm/generated/yuv.ts'
import { compileKernel, instantiateKernel } from '../wasm/load.ts'
import { Workspace, type WorkspaceExports } from '../wasm/workspace.ts'

type YuvExports = WorkspaceExports & {
  yuv420FromRgb(rgb: number, yuv: number, width: number, height: number): void
}

let module: WebAssembly.Module | undefined

/** Bytes of a 4:2:0 picture: the Y plane, then U, then V. Both sides are even. */
export const yuv420Bytes = (width: number, height: number) => (width * height * 3) / 2

/** A picture that lies in the memory of the conversion, so that drawing into it needs no copy afterwards. */
export type YuvCanvas = {
  /** 8-bit RGB, three bytes per pixel, rows without padding; black at first. */
  rgb: Uint8Array
  /** Converts what is drawn now. @param yuv `yuv420Bytes` long; overwritten. */
  convert(yuv: Uint8Array): void
}

/**
 * @param width even, in pixels; so is `height`.
 * @throws AppError `unsupported` when there is not enough memory.
 */
export function createYuvCanvas(width: number, height: number): YuvCanvas {
  module ??= compileKernel(yuvWasm)
  // An instance of its own: its memory holds this picture and is never moved again.
  const kernel = instantiateKernel<YuvExports>(module)
  const workspace = new Workspace(kernel)
  const source = workspace.reserve(width * height * 3)
  const target = workspace.reserve(yuv420Bytes(width, height))
  const { buffer } = kernel.memory
  const converted = new Uint8Array(buffer, target, yuv420Bytes(width, height))
  return {
    rgb: new Uint8Array(buffer, source, width * height * 3),
    convert: (yuv) => {
      kernel.yuv420FromRgb(source, target, width, height)
      yuv.set(converted)
    },
  }
}
