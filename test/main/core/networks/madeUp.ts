/**
 * Made-up weights and pictures whose outputs were computed once by the reference packages: the formulas are those of
 * `made_up_reference.py`, which prints the golden values.
 */
import { writeFileSync } from 'node:fs'
import type { ExpectedTensor } from '../../../../src/main/core/networks/expectedTensors.ts'

/** A tensor for `writeSafetensors`. */
export type NamedTensor = { name: string; shape: readonly number[]; data: Float32Array }

/** `offset + scale · (2u - 1)`, u a hash of the tensor's name and the element's index. */
function madeUp(name: string, shape: readonly number[], scale: number, offset = 0): Float32Array {
  let seed = 2166136261
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 16777619) >>> 0
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
  for (let i = 0; i < data.length; i++) {
    let h = Math.imul(i + seed, 2654435761) >>> 0
    h ^= h >>> 15
    h = Math.imul(h, 2246822519) >>> 0
    h ^= h >>> 13
    data[i] = offset + scale * (2 * ((h >>> 0) / 2 ** 32) - 1)
  }
  return data
}

/** The made-up tensor of a name; its range follows from what the name ends with. */
export function fill({ names: [name], shape }: ExpectedTensor): NamedTensor {
  const fanIn = shape.slice(1).reduce((product, size) => product * size, 1)
  const tensor = (scale: number, offset?: number): NamedTensor => ({
    name,
    shape,
    data: madeUp(name, shape, scale, offset),
  })
  if (name.startsWith('lin')) return tensor(0.05, 0.05)
  if (name.endsWith('running_var')) return tensor(0.3, 1)
  if (/(bn|layer_norm[12]|layrnorm|layernorm)\.weight$/.test(name)) return tensor(0.2, 1)
  if (shape.length === 1) return tensor(0.1)
  if (name.endsWith('position_embedding.weight')) return tensor(0.2)
  return tensor(Math.sqrt((shape.length === 4 ? 6 : 3) / fanIn))
}

/** Writes made-up tensors of all names and shapes as a safetensors file. `change` may alter each one. */
export function writeMadeUp(
  path: string,
  expected: readonly ExpectedTensor[],
  change: (tensor: NamedTensor) => void = () => {},
): string {
  const tensors = expected.map(fill)
  tensors.forEach(change)
  writeSafetensors(path, tensors)
  return path
}

export function writeSafetensors(path: string, tensors: readonly NamedTensor[]): void {
  const header: Record<string, unknown> = {}
  let end = 0
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(
    path,
    Buffer.concat([
      length,
      text,
      ...tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    ]),
  )
}

/** `count` made-up uint8 pictures [N,H,W,3]. */
export function pictures(
  kind: 'reference' | 'prediction',
  count: number,
  height: number,
  width: number,
): Uint8Array {
  const pixels = new Uint8Array(count * height * width * 3)
  let i = 0
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++) {
          pixels[i++] =
            kind === 'reference'
              ? 7 * x + 13 * y + 29 * c + 3 * ((x * y) % 31) + 41 * n
              : 5 * x + 11 * y + 17 * c + 2 * ((x * y) % 29) + 61 * n
        }
      }
    }
  }
  return pixels
}

/** The mean and five entries spread over a vector, as the reference script prints them. */
export function spread(row: Float32Array): number[] {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length
  return [mean, ...[0, 1, 2, 3, 4].map((i) => row[Math.floor((i * (row.length - 1)) / 4)])]
}

/** Largest difference relative to the larger of 1 % of the reference's range and the value itself. */
export function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const range = Math.max(...expected.map(Math.abs))
  return Math.max(
    ...expected.map((value, i) => Math.abs(actual[i] - value) / Math.max(Math.abs(value), 0.01 * range)),
  )
}
