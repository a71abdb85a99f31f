/** Exact integer sums of differences between two pictures, on the WebAssembly kernel. */
import { Workspace, type WorkspaceExports } from '../../wasm/workspace.ts'
import { loadKernel } from '../../wasm/load.ts'
import pixelsModule from '../../wasm/generated/pixels.ts'

type PixelsExports = WorkspaceExports & {
  squaredDifferences(a: number, b: number, length: number): number
  absoluteDifferences(a: number, b: number, length: number): number
  pixelsWithin(a: number, b: number, pixels: number, tolerance: number): number
}

const kernel = loadKernel<PixelsExports>(pixelsModule)

/** Two pictures in the kernel's memory. Valid until the next pair is placed. */
export type PlacedPair = {
  /** Sum of squared sample differences. */
  squared(): number
  /** Sum of absolute sample differences. */
  absolute(): number
  /** Number of RGB pixels whose three samples all differ by at most `tolerance` (0..255). */
  pixelsWithin(tolerance: number): number
}

/**
 * Copies two pictures of one size (uint8, H x W x 3) to the kernel.
 *
 * @throws RangeError when their sizes differ: nothing past the end of one may be compared.
 */
export function placePair(a: Uint8Array, b: Uint8Array): PlacedPair {
  if (a.length !== b.length) {
    throw new RangeError(
      `Pictures of different sizes cannot be compared: ${a.length} and ${b.length} samples.`,
    )
  }
  const workspace = new Workspace(kernel)
  const [aOffset, bOffset] = [workspace.put(a), workspace.put(b)]
  return {
    squared: () => kernel.squaredDifferences(aOffset, bOffset, a.length),
    absolute: () => kernel.absoluteDifferences(aOffset, bOffset, a.length),
    pixelsWithin: (tolerance) => kernel.pixelsWithin(aOffset, bOffset, a.length / 3, tolerance),
  }
}
