/** What has to be worked out of every frame, derived from a recipe. The frame worker follows it. */
import type { Recipe } from '../../../shared/contract/runs.ts'
import type { ResizeFilter, SquareResize } from '../../../shared/domain/protocol.ts'
import type { NetworkSpec } from '../networks/spec.ts'

/** A way to bring a decoded frame to the size a kernel or network wants. */
export type View =
  | { kind: 'pillow'; size: number; filter: ResizeFilter }
  | { kind: 'torch-bilinear'; size: number }
  | { kind: 'clean-fid'; size: number }

export type Kernel = 'mse' | 'ssim' | 'msSsim' | 'pixel' | 'boundary'
export type Side = 'reference' | 'prediction'

/** The networks a benchmark can use. `pair` compares two frames, `features` embeds each file on its own. */
export type NetworkUse = {
  id: 'lpips' | 'inception' | 'clipB32' | 'clipL14'
  spec: NetworkSpec
  mode: 'pair' | 'features'
  view: View
  sides: readonly Side[]
  /** Ids of the metrics that need it. */
  metrics: readonly string[]
}

export type FramePlan = {
  paired: View
  kernels: Kernel[]
  edgeQuantile: number
  edgeTolerance: number
}

/** One text for a view: a part of cache keys and the name tensors travel under. */
export function viewKey(view: View): string {
  return view.kind === 'pillow' ? `pillow-${view.filter}-${view.size}` : `${view.kind}-${view.size}`
}

const pillow = ({ size, filter }: SquareResize): View => ({ kind: 'pillow', size, filter })
const kernelOfMetric: Record<string, Kernel> = {
  PSNR: 'mse',
  SSIM: 'ssim',
  MS_SSIM: 'msSsim',
  Pixel_MAE_255: 'pixel',
  Pixel_Exact_Acc: 'pixel',
  Pixel_Within_1_Acc: 'pixel',
  Boundary_F1: 'boundary',
  Boundary_Precision: 'boundary',
  Boundary_Recall: 'boundary',
}

/** Whether a metric is worked out by kernels on the resized pair, without a network. */
export const isOfKernels = (metric: string): boolean => metric in kernelOfMetric

/** The kernels of a recipe, each once. */
export function framePlan({ protocol, metrics }: Recipe): FramePlan {
  const kernels = metrics.map((id) => kernelOfMetric[id]).filter((kernel) => kernel !== undefined)
  return {
    paired: pillow(protocol.paired),
    kernels: [...new Set(kernels)],
    edgeQuantile: protocol.edgeQuantile,
    edgeTolerance: protocol.edgeTolerance,
  }
}

/** The networks of a recipe, whether their weights are there or not. */
export function networkUses(recipe: Recipe): NetworkUse[] {
  const { protocol } = recipe
  const both = ['reference', 'prediction'] as const
  const wanted = (...ids: string[]) => ids.filter((id) => recipe.metrics.includes(id))
  const uses: NetworkUse[] = [
    {
      id: 'lpips',
      spec: { kind: 'lpips', net: recipe.lpipsNet, epsilon: recipe.lpipsEpsilon },
      mode: 'pair',
      view: pillow(protocol.paired),
      sides: both,
      metrics: wanted('LPIPS'),
    },
    { id: 'inception', ...inception(recipe), mode: 'features', sides: both, metrics: wanted('FID', 'KID') },
    {
      id: 'clipB32',
      spec: { kind: 'clip', size: 'b32' },
      mode: 'features',
      view: pillow(protocol.clip),
      sides: both,
      metrics: wanted('CLIP'),
    },
    {
      id: 'clipL14',
      spec: { kind: 'clip', size: 'l14' },
      mode: 'features',
      view: pillow(protocol.clip),
      sides: ['prediction'],
      metrics: wanted('Aesthetic'),
    },
  ]
  return uses.filter(({ metrics }) => metrics.length > 0)
}

/** Resize and scaling of the three published FID variants (metric specification 6.2). */
function inception({ fidVariant, fidDims: dims, protocol }: Recipe): Pick<NetworkUse, 'spec' | 'view'> {
  switch (fidVariant) {
    case 'torchmetrics':
      return {
        spec: { kind: 'inception', dims, normalisation: 'minus128', inputType: 'uint8' },
        view: pillow(protocol.inception),
      }
    case 'pytorch-fid':
      return {
        spec: { kind: 'inception', dims, normalisation: 'unit', inputType: 'float32' },
        view: { kind: 'torch-bilinear', size: 299 },
      }
    case 'clean-fid':
      return {
        spec: { kind: 'inception', dims, normalisation: 'minus128', inputType: 'float32' },
        view: { kind: 'clean-fid', size: 299 },
      }
  }
}
