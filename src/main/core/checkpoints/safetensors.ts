/**
 * The `.safetensors` format: a length (uint64), a JSON header with type, shape and byte range of every tensor, then
 * the bytes. https://github.com/huggingface/safetensors#format
 */
import { z } from 'zod'
import { bytesPerElement, readElements, type Dtype } from './dtypes.ts'
import type { FileBytes } from './fileBytes.ts'
import {
  countOf,
  refuseCheckpoint,
  tensorSource,
  type TensorEntry,
  type TensorSource,
} from './tensorSource.ts'

const dtypes: Record<string, Dtype> = {
  F64: 'f64', F32: 'f32', F16: 'f16', BF16: 'bf16', I64: 'i64', I32: 'i32', I16: 'i16', I8: 'i8', U8: 'u8', BOOL: 'bool',
} // prettier-ignore

/** The format itself limits its header to 100 MB. */
const maxHeaderBytes = 100_000_000

const count = z.number().int().nonnegative()
const header = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(count).max(8), data_offsets: z.tuple([count, count]) }),
)

/** Whether the first bytes can be a safetensors header: a plausible length, then an opening brace. */
export function looksLikeSafetensors(head: Buffer): boolean {
  return head.length >= 9 && head[8] === 0x7b && head.readBigUInt64LE(0) <= BigInt(maxHeaderBytes)
}

/** Reads the header of a safetensors file. @throws AppError `invalid-model` when it does not describe the file. */
export function openSafetensors(file: FileBytes): TensorSource {
  const headerBytes = Number(file.read(0, 8).readBigUInt64LE(0))
  const { __metadata__: _metadata, ...tensors } = parseJson(file, file.read(8, headerBytes))
  const parsed = header.safeParse(tensors)
  if (!parsed.success) throw refuseCheckpoint(file.path, 'its header does not have the form of safetensors')
  const dataOffset = 8 + headerBytes
  const entries = new Map<string, TensorEntry>()
  for (const [name, { dtype: typeName, shape, data_offsets }] of Object.entries(parsed.data)) {
    const dtype = Object.hasOwn(dtypes, typeName) ? dtypes[typeName] : undefined
    if (dtype === undefined)
      throw refuseCheckpoint(file.path, `tensor "${name}" has the unknown type ${typeName}`)
    const [from, to] = data_offsets
    if (to - from !== countOf(shape) * bytesPerElement(dtype) || dataOffset + to > file.size) {
      throw refuseCheckpoint(
        file.path,
        `tensor "${name}" of shape [${shape.join(', ')}] does not fit its byte range (damaged or cut off)`,
      )
    }
    entries.set(name, { shape, read: () => readElements(file, dataOffset + from, countOf(shape), dtype) })
  }
  return tensorSource(file.path, 'safetensors', entries, () => file.close())
}

function parseJson(file: FileBytes, bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // reported below together with every other header that is not an object
  }
  throw refuseCheckpoint(file.path, 'its header is not JSON')
}
