/** The few layers our networks are made of, as ONNX nodes. Pictures are NCHW float32 inside the graphs. */
import type { Tensor } from '../checkpoints/tensorSource.ts'
import type { GraphBuilder } from './graphBuilder.ts'

/** Sizes along (height, width). */
export type Pair = readonly [number, number]

/** uint8 or float32 pictures [N,H,W,3] of 0..255 as NCHW float32. */
export function planarPictures(graph: GraphBuilder, pictures: string): string {
  return graph.node('Transpose', [graph.node('Cast', [pictures], { to: 1 })], { perm: [0, 3, 1, 2] })
}

/** `x * scale + shift` with one scale and shift per channel. */
export function affine(
  graph: GraphBuilder,
  x: string,
  scale: readonly number[],
  shift: readonly number[],
): string {
  const shape = [1, scale.length, 1, 1]
  return graph.node('Add', [
    graph.node('Mul', [x, graph.constant(shape, scale)]),
    graph.constant(shape, shift),
  ])
}

/** A convolution with bias; kernel and channels come from the OIHW weight. Padding is zeros. */
export function conv(
  graph: GraphBuilder,
  x: string,
  weight: Tensor,
  bias: Float32Array,
  options: { stride?: number; padding?: Pair } = {},
): string {
  const { stride = 1, padding = [0, 0] } = options
  const inputs = [x, graph.constant(weight.shape, weight.data), graph.constant([bias.length], bias)]
  return graph.node('Conv', inputs, {
    kernel_shape: weight.shape.slice(2),
    strides: [stride, stride],
    pads: [...padding, ...padding],
  })
}

export function relu(graph: GraphBuilder, x: string): string {
  return graph.node('Relu', [x])
}

/** Square max pooling. `ceil` keeps partial windows at the far edges, as torch's `ceil_mode`. */
export function maxPool(
  graph: GraphBuilder,
  x: string,
  kernel: number,
  stride: number,
  options: { padding?: number; ceil?: boolean } = {},
): string {
  const { padding = 0, ceil = false } = options
  return graph.node('MaxPool', [x], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    ceil_mode: ceil ? 1 : 0,
  })
}

/** 3×3 average pooling, stride 1, padding 1, averaging only the samples inside the picture. */
export function averagePool3(graph: GraphBuilder, x: string): string {
  return graph.node('AveragePool', [x], {
    kernel_shape: [3, 3],
    strides: [1, 1],
    pads: [1, 1, 1, 1],
    count_include_pad: 0,
  })
}

export function concatChannels(graph: GraphBuilder, parts: readonly string[]): string {
  return graph.node('Concat', parts, { axis: 1 })
}

/** Mean over height and width: [N,C,H,W] becomes [N,C]. */
export function spatialMean(graph: GraphBuilder, x: string): string {
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [x])], { axis: 1 })
}

/** `x · weightᵀ + bias` for rows [M,K] and a torch weight [N,K]. */
export function linear(graph: GraphBuilder, x: string, weight: Tensor, bias?: Float32Array): string {
  const inputs = [x, graph.constant(weight.shape, weight.data)]
  if (bias !== undefined) inputs.push(graph.constant([bias.length], bias))
  return graph.node('Gemm', inputs, { transB: 1 })
}

/** Layer normalisation over the last axis with torch's default epsilon. */
export function layerNorm(graph: GraphBuilder, x: string, weight: Float32Array, bias: Float32Array): string {
  const inputs = [x, graph.constant([weight.length], weight), graph.constant([bias.length], bias)]
  return graph.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: 1e-5 } })
}

/** Divides rows [N,D] by their L2 norm. */
export function unitRows(graph: GraphBuilder, x: string): string {
  return graph.node('Div', [x, graph.node('ReduceL2', [x, graph.integers([1])], { keepdims: 1 })])
}
