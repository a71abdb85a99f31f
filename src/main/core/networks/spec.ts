/** Networks as plain data: what a worker is told to load, and the names under which results are cached. */
import type { ClipSize } from './clipVision.ts'
import type { InceptionNormalisation } from './inception.ts'
import type { LpipsEpsilon, LpipsOutput } from './lpips.ts'
import type { LpipsNet } from './lpipsBackbones.ts'

/** Where a network runs. `auto` takes the fastest provider that works and agrees with float32 on the processor. */
export const devices = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const
export type Device = (typeof devices)[number]
export type Provider = Exclude<Device, 'auto'>

/** Length of Inception features, or class scores without bias (for the Inception Score). */
export type InceptionDims = 64 | 192 | 768 | 2048 | 'logits_unbiased'

export type NetworkSpec =
  | { kind: 'lpips'; net: LpipsNet; epsilon: LpipsEpsilon; output?: LpipsOutput }
  | {
      kind: 'inception'
      dims: InceptionDims
      normalisation: InceptionNormalisation
      inputType: 'uint8' | 'float32'
    }
  | { kind: 'clip'; size: ClipSize }

/**
 * A text that is equal for equal results: the network, its options and its weights.
 *
 * @param weightsSha256 hex SHA-256 of each weight file, in the order of `createNetwork`'s `files`.
 */
export function networkKey(spec: NetworkSpec, weightsSha256: readonly string[]): string {
  const weights = weightsSha256.map((sha256) => sha256.slice(0, 16)).join('+')
  switch (spec.kind) {
    case 'lpips':
      return ['lpips', spec.net, spec.epsilon, spec.output ?? 'distance', weights].join('/')
    case 'inception':
      return ['inception', spec.dims, spec.normalisation, spec.inputType, weights].join('/')
    case 'clip':
      return ['clip', spec.size, weights].join('/')
  }
}
