/**
 * The vision tower of CLIP with its projection as an ONNX graph. Sizes come from the weights. Source:
 * huggingface/transformers src/transformers/models/clip/modeling_clip.py (CLIPVisionModelWithProjection).
 */
import { AppError } from '../../../shared/errors.ts'
import type { Tensor, TensorSource } from '../checkpoints/tensorSource.ts'
import { checkTensors, type ExpectedTensor } from './expectedTensors.ts'
import { GraphBuilder, type OnnxModel, type WeightFile } from './graphBuilder.ts'
import { affine, conv, layerNorm, linear, planarPictures, unitRows } from './layers.ts'

export const clipSizes = ['b32', 'l14'] as const
export type ClipSize = (typeof clipSizes)[number]

/** Shape of a tower. `side` is the picture's side in pixels, `projection` the length of the embedding. */
export type ClipShape = {
  hidden: number
  mlp: number
  layers: number
  patch: number
  side: number
  projection: number
}

/** openai/clip-vit-base-patch32 and openai/clip-vit-large-patch14. */
export const clipShapes: Record<ClipSize, ClipShape> = {
  b32: { hidden: 768, mlp: 3072, layers: 12, patch: 32, side: 224, projection: 512 },
  l14: { hidden: 1024, mlp: 4096, layers: 24, patch: 14, side: 224, projection: 768 },
}

const mean = [0.48145466, 0.4578275, 0.40821073]
const std = [0.26862954, 0.26130258, 0.27577711]
/** All CLIP vision towers have heads of this width. */
const headWidth = 64

/**
 * Builds the graph of a tower of any size. Its weights go into the file `weights` when one is given, so that a large
 * tower is never in memory as a whole.
 *
 * Input `pictures`: uint8 RGB [N, side, side, 3]. Output `embeddings`: float32 [N, projection], each of L2 norm 1.
 *
 * @throws AppError `invalid-model` when the checkpoint lacks a tensor or its shapes do not fit each other.
 */
export function buildClipVision(source: TensorSource, weights?: WeightFile): OnnxModel {
  const shape = clipShapeOf(source)
  checkTensors(source, expectedClip(shape), 'a CLIP vision tower')
  const graph = new GraphBuilder('clip-vision', weights)
  const pictures = planarPictures(graph, graph.input('pictures', 'uint8', ['N', shape.side, shape.side, 3]))
  const scaled = affine(
    graph,
    pictures,
    std.map((s) => 1 / (255 * s)),
    std.map((s, c) => -mean[c] / s),
  )
  let x = norm(graph, source, tokens(graph, scaled, shape, source), 'pre_layrnorm')
  for (let layer = 0; layer < shape.layers; layer++) {
    const prefix = `encoder.layers.${layer}`
    x = graph.node('Add', [
      x,
      attention(graph, norm(graph, source, x, `${prefix}.layer_norm1`), shape, source, `${prefix}.self_attn`),
    ])
    x = graph.node('Add', [
      x,
      perceptron(graph, norm(graph, source, x, `${prefix}.layer_norm2`), source, `${prefix}.mlp`),
    ])
  }
  const perPicture = graph.node('Reshape', [x, graph.integers([-1, tokenCount(shape), shape.hidden])])
  const classToken = graph.node('Squeeze', [
    graph.node('Slice', [perPicture, graph.integers([0]), graph.integers([1]), graph.integers([1])]),
    graph.integers([1]),
  ])
  const projected = linear(
    graph,
    norm(graph, source, classToken, 'post_layernorm'),
    source.get('visual_projection.weight'),
  )
  graph.output('embeddings', unitRows(graph, projected), 'float32', ['N', shape.projection])
  return graph.build()
}

/** The sizes a checkpoint's tensors imply. @throws AppError `invalid-model` when it is no CLIP vision tower. */
export function clipShapeOf(source: TensorSource): ClipShape {
  const [hidden, , patch] = source.shapeOf(key('embeddings.patch_embedding.weight'))
  const [positions] = source.shapeOf(key('embeddings.position_embedding.weight'))
  const [projection] = source.shapeOf('visual_projection.weight')
  const [mlp] = source.shapeOf(key('encoder.layers.0.mlp.fc1.weight'))
  const grid = Math.round(Math.sqrt(positions! - 1))
  let layers = 0
  while (source.has(key(`encoder.layers.${layers}.layer_norm1.weight`))) layers++
  if (grid * grid !== positions! - 1 || hidden! % headWidth !== 0) {
    throw new AppError(
      'invalid-model',
      `${source.path} is not a CLIP vision tower: ${positions} positions and width ${hidden} do not fit.`,
    )
  }
  return { hidden: hidden!, mlp: mlp!, layers, patch: patch!, side: grid * patch!, projection: projection! }
}

/** Every tensor of a tower; other tensors (the text tower) are ignored. */
export function expectedClip({ hidden, mlp, layers, patch, side, projection }: ClipShape): ExpectedTensor[] {
  const expected: ExpectedTensor[] = []
  const add = (name: string, ...shape: number[]): void => void expected.push({ names: [name], shape })
  const addPair = (name: string, ...shape: number[]): void => {
    add(`${name}.weight`, ...shape)
    add(`${name}.bias`, shape[0])
  }
  add(key('embeddings.class_embedding'), hidden)
  add(key('embeddings.patch_embedding.weight'), hidden, 3, patch, patch)
  add(key('embeddings.position_embedding.weight'), (side / patch) ** 2 + 1, hidden)
  addPair(key('pre_layrnorm'), hidden)
  for (let layer = 0; layer < layers; layer++) {
    const prefix = key(`encoder.layers.${layer}`)
    addPair(`${prefix}.layer_norm1`, hidden)
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      addPair(`${prefix}.self_attn.${part}`, hidden, hidden)
    addPair(`${prefix}.layer_norm2`, hidden)
    addPair(`${prefix}.mlp.fc1`, mlp, hidden)
    addPair(`${prefix}.mlp.fc2`, hidden, mlp)
  }
  addPair(key('post_layernorm'), hidden)
  add('visual_projection.weight', projection, hidden)
  return expected
}

const key = (name: string): string => `vision_model.${name}`
const tokenCount = ({ side, patch }: ClipShape): number => (side / patch) ** 2 + 1

function norm(graph: GraphBuilder, source: TensorSource, x: string, name: string): string {
  return layerNorm(graph, x, source.get(key(`${name}.weight`)).data, source.get(key(`${name}.bias`)).data)
}

/** Pictures to rows of tokens [N·T, hidden]: patches in row-major order behind the class token, plus positions. */
function tokens(
  graph: GraphBuilder,
  x: string,
  { hidden, patch, side }: ClipShape,
  source: TensorSource,
): string {
  const patches = conv(
    graph,
    x,
    source.get(key('embeddings.patch_embedding.weight')),
    new Float32Array(hidden),
    { stride: patch },
  )
  const flat = graph.node('Reshape', [patches, graph.integers([0, hidden, (side / patch) ** 2])])
  const rows = graph.node('Transpose', [flat], { perm: [0, 2, 1] })
  const withRoom = graph.node('Pad', [rows, graph.integers([0, 1, 0, 0, 0, 0])])
  // The class token is the same for every picture: it goes into the first row of the positions.
  const positions = source.get(key('embeddings.position_embedding.weight'))
  const classEmbedding = source.get(key('embeddings.class_embedding')).data
  for (let i = 0; i < hidden; i++) positions.data[i] = positions.data[i] + classEmbedding[i]
  const embedded = graph.node('Add', [withRoom, graph.constant([1, ...positions.shape], positions.data)])
  return graph.node('Reshape', [embedded, graph.integers([-1, hidden])])
}

function attention(
  graph: GraphBuilder,
  x: string,
  shape: ClipShape,
  source: TensorSource,
  name: string,
): string {
  const { hidden } = shape
  const heads = hidden / headWidth
  const joined = linear(graph, x, joinedWeight(source, name, hidden), joinedBias(source, name, hidden))
  const split = graph.node(
    'Transpose',
    [graph.node('Reshape', [joined, graph.integers([-1, tokenCount(shape), 3, heads, headWidth])])],
    {
      perm: [2, 0, 3, 1, 4],
    },
  )
  const [query, keys, values] = graph
    .nodes('Split', [split], 3, { axis: 0, num_outputs: 3 })
    .map((part) => graph.node('Squeeze', [part, graph.integers([0])]))
  const scores = graph.node('MatMul', [query!, graph.node('Transpose', [keys!], { perm: [0, 1, 3, 2] })])
  const mixed = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), values!])
  const rows = graph.node('Reshape', [
    graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    graph.integers([-1, hidden]),
  ])
  return linear(
    graph,
    rows,
    source.get(key(`${name}.out_proj.weight`)),
    source.get(key(`${name}.out_proj.bias`)).data,
  )
}

const attentionParts = ['q_proj', 'k_proj', 'v_proj']

/** Query, key and value weights under each other; the query carries the scale 1/√64, which is exact in float32. */
function joinedWeight(source: TensorSource, name: string, hidden: number): Tensor {
  return { shape: [3 * hidden, hidden], data: joinedParts(source, name, 'weight', hidden * hidden) }
}

function joinedBias(source: TensorSource, name: string, hidden: number): Float32Array {
  return joinedParts(source, name, 'bias', hidden)
}

function joinedParts(source: TensorSource, name: string, kind: string, length: number): Float32Array {
  const data = new Float32Array(3 * length)
  attentionParts.forEach((part, index) =>
    data.set(source.get(key(`${name}.${part}.${kind}`)).data, index * length),
  )
  for (let i = 0; i < length; i++) data[i] = data[i] / Math.sqrt(headWidth)
  return data
}

/** Two linear layers with quick GELU, x·σ(1.702x), between them. */
function perceptron(graph: GraphBuilder, x: string, source: TensorSource, name: string): string {
  const layer = (input: string, part: string): string =>
    linear(
      graph,
      input,
      source.get(key(`${name}.${part}.weight`)),
      source.get(key(`${name}.${part}.bias`)).data,
    )
  const inner = layer(x, 'fc1')
  const gate = graph.node('Sigmoid', [graph.node('Mul', [inner, graph.constant([1], [1.702])])])
  return layer(graph.node('Mul', [inner, gate]), 'fc2')
}
