/**
 * LPIPS v0.1 as an ONNX graph: scaling layer, backbone, unit-normalised features, squared difference weighted by the
 * linear head, mean over positions, sum over layers. Source: richzhang/PerceptualSimilarity lpips/lpips.py.
 */
import type { TensorSource } from '../checkpoints/tensorSource.ts'
import { checkTensors, takeTensor } from './expectedTensors.ts'
import { GraphBuilder, type OnnxModel } from './graphBuilder.ts'
import { affine, concatChannels, conv, maxPool, planarPictures, relu } from './layers.ts'
import {
  backboneNames,
  expectedBackbone,
  expectedHead,
  headNames,
  lpipsBackbones,
  type BackboneStep,
  type LpipsNet,
} from './lpipsBackbones.ts'

/** `torchmetrics`: f / sqrt(1e-8 + Σf²), torchmetrics from 1.3. `original`: f / (sqrt(Σf²) + 1e-10), lpips 0.1.4. */
export const lpipsEpsilons = ['torchmetrics', 'original'] as const
export type LpipsEpsilon = (typeof lpipsEpsilons)[number]

/** `distance`: one number per pair. `map`: the distance at every pixel, as `spatial=True` of the lpips package. */
export const lpipsOutputs = ['distance', 'map'] as const
export type LpipsOutput = (typeof lpipsOutputs)[number]

export type LpipsOptions = { net: LpipsNet; epsilon: LpipsEpsilon; output: LpipsOutput }

const shift = [-0.03, -0.088, -0.188]
const scale = [0.458, 0.448, 0.45]

/**
 * Builds the graph.
 *
 * Inputs `reference` and `prediction`: uint8 RGB [N,H,W,3]. Output `distance` [N], or `map` [N,H,W]: the layers'
 * distances, each enlarged bilinearly (half-pixel centres) to the picture, summed.
 *
 * @throws AppError `invalid-model` when a checkpoint lacks a tensor or has another shape.
 */
export function buildLpips(options: LpipsOptions, backbone: TensorSource, head: TensorSource): OnnxModel {
  checkTensors(backbone, expectedBackbone(options.net), `the ${options.net} backbone of LPIPS`)
  checkTensors(head, expectedHead(options.net), `the ${options.net} head of LPIPS`)
  const graph = new GraphBuilder(`lpips-${options.net}`)
  const pictureShape = ['N', 'H', 'W', 3]
  const reference = graph.input('reference', 'uint8', pictureShape)
  const prediction = graph.input('prediction', 'uint8', pictureShape)
  // One batch of twice the size keeps the processor busier than two passes do.
  const both = planarPictures(graph, graph.node('Concat', [reference, prediction], { axis: 0 }))
  // (pixel / 127.5 - 1 - shift) / scale in one step
  const scaled = affine(
    graph,
    both,
    scale.map((s) => 1 / (127.5 * s)),
    scale.map((s, c) => (-1 - shift[c]) / s),
  )
  const layerMaps = tapsOf(graph, scaled, options.net, backbone).map((tap, index) => {
    const [first, second] = graph.nodes('Split', [unitFeatures(graph, tap, options.epsilon)], 2, {
      axis: 0,
      num_outputs: 2,
    })
    const difference = graph.node('Sub', [first!, second!])
    const weight = takeTensor(head, headNames(index))
    return graph.node('Conv', [
      graph.node('Mul', [difference, difference]),
      graph.constant(weight.shape, weight.data),
    ])
  })
  if (options.output === 'distance') {
    const means = layerMaps.map((map) => graph.node('GlobalAveragePool', [map]))
    graph.output(
      'distance',
      graph.node('Reshape', [graph.node('Sum', means), graph.integers([-1])]),
      'float32',
      ['N'],
    )
  } else {
    const pictureSize = graph.node('Slice', [
      graph.node('Shape', [both]),
      graph.integers([2]),
      graph.integers([4]),
    ])
    const enlarged = layerMaps.map((map) => enlarge(graph, map, pictureSize))
    graph.output(
      'map',
      graph.node('Squeeze', [graph.node('Sum', enlarged), graph.integers([1])]),
      'float32',
      ['N', 'H', 'W'],
    )
  }
  return graph.build()
}

/** The tapped feature maps of a scaled NCHW picture. */
function tapsOf(graph: GraphBuilder, picture: string, net: LpipsNet, backbone: TensorSource): string[] {
  const taps: string[] = []
  let x = picture
  for (const step of lpipsBackbones[net]) {
    x =
      step.op === 'pool'
        ? maxPool(graph, x, step.kernel, step.stride, { ceil: step.ceil })
        : layer(graph, x, step, backbone)
    if (step.op !== 'pool' && step.tap) taps.push(x)
  }
  return taps
}

function layer(
  graph: GraphBuilder,
  x: string,
  step: Exclude<BackboneStep, { op: 'pool' }>,
  backbone: TensorSource,
): string {
  const convRelu = (input: string, prefix: string, stride: number, padding: number): string => {
    const weight = takeTensor(backbone, backboneNames(`${prefix}.weight`))
    const bias = takeTensor(backbone, backboneNames(`${prefix}.bias`))
    return relu(graph, conv(graph, input, weight, bias.data, { stride, padding: [padding, padding] }))
  }
  if (step.op === 'conv') return convRelu(x, `${step.index}`, step.stride, step.padding)
  const squeezed = convRelu(x, `${step.index}.squeeze`, 1, 0)
  return concatChannels(graph, [
    convRelu(squeezed, `${step.index}.expand1x1`, 1, 0),
    convRelu(squeezed, `${step.index}.expand3x3`, 1, 1),
  ])
}

/** Features divided by their L2 norm over channels at every position. */
function unitFeatures(graph: GraphBuilder, features: string, epsilon: LpipsEpsilon): string {
  const squares = graph.node('ReduceSumSquare', [features, graph.integers([1])], { keepdims: 1 })
  const norm =
    epsilon === 'torchmetrics'
      ? graph.node('Sqrt', [graph.node('Add', [squares, graph.constant([1], [1e-8])])])
      : graph.node('Add', [graph.node('Sqrt', [squares]), graph.constant([1], [1e-10])])
  return graph.node('Div', [features, norm])
}

/** Bilinear enlargement [N,1,h,w] to [N,1,H,W] with torch's `align_corners=False`. */
function enlarge(graph: GraphBuilder, map: string, pictureSize: string): string {
  const batch = graph.node('Slice', [graph.node('Shape', [map]), graph.integers([0]), graph.integers([2])])
  const sizes = graph.node('Concat', [batch, pictureSize], { axis: 0 })
  return graph.node('Resize', [map, '', '', sizes], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  })
}
