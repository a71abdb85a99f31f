/**
 * The LAION aesthetic head: five linear layers without activations between them, so one affine map. Folded in float64.
 * Source: christophschuhmann/improved-aesthetic-predictor simple_inference.py.
 */
import type { Tensor, TensorSource } from '../checkpoints/tensorSource.ts'
import { checkTensors, type ExpectedTensor } from './expectedTensors.ts'

/** `score = weight · embedding + bias` for an L2-normalised CLIP ViT-L/14 embedding of 768 numbers. */
export type AestheticHead = { weight: Float64Array; bias: number }

const layers = [
  ['layers.0', 1024, 768],
  ['layers.2', 128, 1024],
  ['layers.4', 64, 128],
  ['layers.6', 16, 64],
  ['layers.7', 1, 16],
] as const

/** Every tensor of the head's checkpoint. */
export const expectedAesthetic: readonly ExpectedTensor[] = layers.flatMap(([name, out, from]) => [
  { names: [`${name}.weight`], shape: [out, from] },
  { names: [`${name}.bias`], shape: [out] },
])

/** Folds the head of a checkpoint. @throws AppError `invalid-model` when it is not the aesthetic head. */
export function foldAestheticHead(source: TensorSource): AestheticHead {
  checkTensors(source, expectedAesthetic, 'the LAION aesthetic head')
  let weight: Float64Array = Float64Array.of(1)
  let bias = 0
  for (const [name] of layers.toReversed()) {
    bias += dot(weight, source.get(`${name}.bias`).data)
    weight = rowTimes(weight, source.get(`${name}.weight`))
  }
  return { weight, bias }
}

/** The score of one unit embedding, typically 4..6. */
export function aestheticScore({ weight, bias }: AestheticHead, embedding: Float32Array): number {
  return dot(weight, embedding) + bias
}

function dot(a: Float64Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Row vector [O] times matrix [O,I]. */
function rowTimes(row: Float64Array, { shape, data }: Tensor): Float64Array {
  const [rows, columns] = shape as [number, number]
  const result = new Float64Array(columns)
  for (let o = 0; o < rows; o++)
    for (let i = 0; i < columns; i++) result[i] = result[i] + row[o] * data[o * columns + i]
  return result
}
