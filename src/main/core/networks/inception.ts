/** The Inception v3 network of FID, KID and IS as an ONNX graph, with batch norm folded into the convolutions. */
import type { Tensor, TensorSource } from '../checkpoints/tensorSource.ts'
import { checkTensors } from './expectedTensors.ts'
import { GraphBuilder, type OnnxModel } from './graphBuilder.ts'
import {
  expectedInception, inceptionBody, inceptionLengths, inceptionStem, inceptionTop,
  type InceptionBlock, type InceptionConv, type InceptionStep, type InceptionTap,
} from './inceptionLayers.ts' // prettier-ignore
import {
  affine,
  averagePool3,
  concatChannels,
  conv,
  linear,
  maxPool,
  planarPictures,
  relu,
  spatialMean,
} from './layers.ts'

/** `minus128`: (x - 128) / 128, as torchmetrics, torch-fidelity and clean-fid. `unit`: 2x/255 - 1, as pytorch-fid. */
export const inceptionNormalisations = ['minus128', 'unit'] as const
export type InceptionNormalisation = (typeof inceptionNormalisations)[number]

export type InceptionOptions = {
  tap: InceptionTap
  normalisation: InceptionNormalisation
  /** `uint8` as read from files; `float32` (0..255) for clean-fid's unquantised resize. */
  inputType: 'uint8' | 'float32'
}

/** TensorFlow's batch norm epsilon in this network. */
const batchNormEpsilon = 0.001
/** Side of the network's pictures in pixels. */
export const inceptionSide = 299

/**
 * Builds the graph up to a tap.
 *
 * Input `pictures`: RGB [N,299,299,3] of 0..255. Output `features`: float32 [N, length of the tap].
 *
 * @throws AppError `invalid-model` when the checkpoint lacks a tensor of this tap or has another shape.
 */
export function buildInception(options: InceptionOptions, source: TensorSource): OnnxModel {
  const isFolded = !source.has('Conv2d_1a_3x3.bn.weight')
  checkTensors(source, expectedInception(options.tap, isFolded), `the FID Inception network (${options.tap})`)
  const graph = new GraphBuilder(`inception-${options.tap}`)
  const pictures = graph.input('pictures', options.inputType, ['N', inceptionSide, inceptionSide, 3])
  // (x - 128) / 128 or 2x / 255 - 1
  const scale = options.normalisation === 'minus128' ? 1 / 128 : 2 / 255
  const x = affine(graph, planarPictures(graph, pictures), [scale, scale, scale], [-1, -1, -1])
  const features = featuresAt(graph, x, options.tap, source)
  graph.output('features', features, 'float32', ['N', inceptionLengths[options.tap]])
  return graph.build()
}

function featuresAt(graph: GraphBuilder, picture: string, tap: InceptionTap, source: TensorSource): string {
  const run = (x: string, steps: readonly InceptionStep[]): string =>
    steps.reduce((value, step) => apply(graph, value, step, source), x)
  const runBlocks = (x: string, blocks: readonly InceptionBlock[]): string =>
    blocks.reduce(
      (value, block) =>
        concatChannels(
          graph,
          block.branches.map((branch) => run(value, branch)),
        ),
      x,
    )
  let x = run(picture, [...inceptionStem[0], 'max-pool-half'])
  if (tap === '64') return spatialMean(graph, x)
  x = run(x, [...inceptionStem[1], 'max-pool-half'])
  if (tap === '192') return spatialMean(graph, x)
  x = runBlocks(x, inceptionBody)
  if (tap === '768') return spatialMean(graph, x)
  x = spatialMean(graph, runBlocks(x, inceptionTop))
  return tap === '2048' ? x : linear(graph, x, source.get('fc.weight'))
}

function apply(graph: GraphBuilder, x: string, step: InceptionStep, source: TensorSource): string {
  if (step === 'average-pool') return averagePool3(graph, x)
  if (step === 'max-pool-half') return maxPool(graph, x, 3, 2)
  if (step === 'max-pool-same') return maxPool(graph, x, 3, 1, { padding: 1 })
  if (Array.isArray(step))
    return concatChannels(
      graph,
      step.map((fork) => apply(graph, x, fork, source)),
    )
  const { weight, bias } = foldedConv(source, step)
  return relu(graph, conv(graph, x, weight, bias, step))
}

/** Weight and bias with batch norm folded in: w·γ/σ and β - μ·γ/σ with σ = sqrt(variance + ε), in float64. */
function foldedConv(source: TensorSource, { name }: InceptionConv): { weight: Tensor; bias: Float32Array } {
  const weight = source.get(`${name}.conv.weight`)
  if (source.has(`${name}.conv.bias`)) return { weight, bias: source.get(`${name}.conv.bias`).data }
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (key) => source.get(`${name}.bn.${key}`).data,
  )
  const channels = weight.shape[0]
  const perChannel = weight.data.length / channels
  const bias = new Float32Array(channels)
  for (let c = 0; c < channels; c++) {
    const factor = gamma![c] / Math.sqrt(variance![c] + batchNormEpsilon)
    bias[c] = beta![c] - mean![c] * factor
    for (let i = c * perChannel; i < (c + 1) * perChannel; i++) weight.data[i] = weight.data[i] * factor
  }
  return { weight, bias }
}
