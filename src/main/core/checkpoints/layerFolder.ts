/**
 * A folder of raw convolution layers: `index.json` lists for each layer its torch name, shapes and two files of plain
 * little-endian float32, weights in OHWI order with batch norm folded in. Tensors are handed out under torch's names
 * (`<torch_name>.conv.weight` in OIHW order, `<torch_name>.conv.bias`).
 */
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { toAppError } from '../../../shared/errors.ts'
import { readElements } from './dtypes.ts'
import { openFileBytes } from './fileBytes.ts'
import {
  countOf,
  refuseCheckpoint,
  tensorSource,
  type TensorEntry,
  type TensorSource,
} from './tensorSource.ts'

export const layerIndexName = 'index.json'

const size = z.number().int().positive()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const layerIndex = z.object({
  dtype: z.literal('float32-le'),
  weights_layout: z.literal('OHWI'),
  layers: z.array(
    z.object({
      torch_name: z.string(),
      weights: z.string(),
      weights_shape_OHWI: z.tuple([size, size, size, size]),
      weights_sha256: sha256,
      bias: z.string(),
      bias_shape: z.tuple([size]),
      bias_sha256: sha256,
    }),
  ),
})
export type LayerIndex = z.infer<typeof layerIndex>

/** Reads and checks the index of a layer folder. @throws AppError when it is missing or has another form. */
export function readLayerIndex(folder: string): LayerIndex {
  const path = join(folder, layerIndexName)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (caught) {
    throw toAppError(caught, path)
  }
  try {
    return layerIndex.parse(JSON.parse(text))
  } catch {
    throw refuseCheckpoint(path, 'it is not an index of convolution layers (float32-le, OHWI)')
  }
}

/** Opens a layer folder; each tensor's file is opened when the tensor is read. @throws AppError `invalid-model`. */
export function openLayerFolder(folder: string): TensorSource {
  const entries = new Map<string, TensorEntry>()
  for (const layer of readLayerIndex(folder).layers) {
    const [o, h, w, i] = layer.weights_shape_OHWI
    const weights = checkedFile(folder, layer.weights, countOf(layer.weights_shape_OHWI))
    const bias = checkedFile(folder, layer.bias, layer.bias_shape[0])
    entries.set(`${layer.torch_name}.conv.weight`, {
      shape: [o, i, h, w],
      read: () => oihwFromOhwi(readAll(weights, o * h * w * i), o, h, w, i),
    })
    entries.set(`${layer.torch_name}.conv.bias`, {
      shape: layer.bias_shape,
      read: () => readAll(bias, layer.bias_shape[0]),
    })
  }
  return tensorSource(folder, 'layer-folder', entries, () => undefined)
}

/** The path of a layer's file: directly in the folder and of exactly the announced size. */
function checkedFile(folder: string, name: string, elements: number): string {
  if (name !== basename(name))
    throw refuseCheckpoint(folder, `its index names "${name}", which is not a plain file name`)
  const path = join(folder, name)
  const bytes = statSync(path, { throwIfNoEntry: false })?.size
  if (bytes === undefined) throw refuseCheckpoint(folder, `the file ${name} is missing`)
  if (bytes !== elements * 4)
    throw refuseCheckpoint(folder, `the file ${name} has ${bytes} bytes where ${elements * 4} were announced`)
  return path
}

function readAll(path: string, count: number): Float32Array {
  const file = openFileBytes(path)
  try {
    return readElements(file, 0, count, 'f32')
  } finally {
    file.close()
  }
}

function oihwFromOhwi(source: Float32Array, o: number, h: number, w: number, i: number): Float32Array {
  const result = new Float32Array(source.length)
  const pixels = h * w
  for (let out = 0; out < o; out++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < i; channel++) {
        result[(out * i + channel) * pixels + pixel] = source[(out * pixels + pixel) * i + channel]
      }
    }
  }
  return result
}
