/**
 * The SSIM window on the WebAssembly kernel, shared by SSIM and multi-scale SSIM. Double precision throughout: single
 * precision loses up to 1e-4 of the value on smooth pictures, where variances are small differences of large means.
 */
import { Workspace, type WorkspaceExports } from '../../wasm/workspace.ts'
import { loadKernel } from '../../wasm/load.ts'
import ssimModule from '../../wasm/generated/ssim.ts'

/** Reflecting 5 pixels at an edge takes the 5 pixels beside the edge pixel. */
export const smallestSide = 6
/** Pixels within this distance of an edge see reflected samples. */
export const windowRadius = 5

const channels = 3

type SsimExports = WorkspaceExports & {
  scratchBytes(height: number): number
  paddedSamples(width: number): number
  padBytes(source: number, target: number, width: number, height: number): void
  padDoubles(source: number, target: number, width: number, height: number): void
  ssimOfBytes(
    ...offsets: [
      a: number,
      b: number,
      width: number,
      height: number,
      c1: number,
      c2: number,
      map: number,
      scratch: number,
      sums: number,
    ]
  ): void
  ssimOfDoubles(
    ...offsets: [
      a: number,
      b: number,
      width: number,
      height: number,
      c1: number,
      c2: number,
      isContrast: number,
      scratch: number,
      sums: number,
    ]
  ): void
}

const kernel = loadKernel<SsimExports>(ssimModule)

/** Means of an index map: over all pixels and, where any are left, over those at least 5 pixels from every edge. */
export type IndexMeans = { full: number; cropped: number | undefined }

/** Stabilising constants `(0.01 R)^2` and `(0.03 R)^2` for a data range `R` in sample units. */
function stabilisers(range: number): [c1: number, c2: number] {
  return [(0.01 * range) ** 2, (0.03 * range) ** 2]
}

/**
 * SSIM index of two RGB pictures (uint8, H x W x 3, sides of at least 6).
 *
 * @param withMap also give the map, H x W, the mean over channels at each pixel
 */
export function indexOfBytes(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  height: number,
  withMap: boolean,
): IndexMeans & { map?: Float32Array<ArrayBuffer> } {
  const workspace = new Workspace(kernel)
  const paddedBytes = kernel.paddedSamples(width) * height
  const [aPadded, bPadded] = [a, b].map((samples) => {
    const padded = workspace.reserve(paddedBytes)
    kernel.padBytes(workspace.put(samples), padded, width, height)
    return padded
  }) as [number, number]
  const scratch = workspace.reserve(kernel.scratchBytes(height))
  const sums = workspace.reserve(16)
  const map = withMap ? workspace.reserve(width * height * Float32Array.BYTES_PER_ELEMENT) : 0
  kernel.ssimOfBytes(aPadded, bPadded, width, height, ...stabilisers(255), map, scratch, sums)
  const means = meansOf(workspace.float64(sums, 2), width, height)
  return withMap ? { ...means, map: workspace.float32(map, width * height) } : means
}

/**
 * SSIM index, or its contrast-structure factor alone, of two pictures in double precision (H x W x 3, 0..255).
 *
 * @param factor `index` for the whole index, `contrast` for `(2 s_ab + C2) / (s_aa + s_bb + C2)`
 */
export function indexOfDoubles(
  a: Float64Array,
  b: Float64Array,
  width: number,
  height: number,
  factor: 'index' | 'contrast',
): IndexMeans {
  const workspace = new Workspace(kernel)
  const paddedBytes = kernel.paddedSamples(width) * height * Float64Array.BYTES_PER_ELEMENT
  const [aPadded, bPadded] = [a, b].map((samples) => {
    const padded = workspace.reserve(paddedBytes)
    kernel.padDoubles(workspace.put(samples), padded, width, height)
    return padded
  }) as [number, number]
  const scratch = workspace.reserve(kernel.scratchBytes(height))
  const sums = workspace.reserve(16)
  const isContrast = factor === 'contrast' ? 1 : 0
  kernel.ssimOfDoubles(aPadded, bPadded, width, height, ...stabilisers(255), isContrast, scratch, sums)
  return meansOf(workspace.float64(sums, 2), width, height)
}

function meansOf([full, cropped]: Float64Array, width: number, height: number): IndexMeans {
  const [innerWidth, innerHeight] = [width - 2 * windowRadius, height - 2 * windowRadius]
  const hasInterior = innerWidth > 0 && innerHeight > 0
  return {
    full: full! / (width * height * channels),
    cropped: hasInterior ? cropped! / (innerWidth * innerHeight * channels) : undefined,
  }
}
