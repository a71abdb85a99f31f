/** Checkpoints written by torch 2.15 and safetensors 0.8: `fixtures/make_fixtures.py` says what is in them. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { float32FromHalf } from '../../../../src/main/core/checkpoints/dtypes.ts'
import { openCheckpoint } from '../../../../src/main/core/checkpoints/openCheckpoint.ts'
import { oneTensorPickle, op, writeTorchZip } from './archives.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'parallax-checkpoint-'))
afterAll(() => rmSync(folder, { recursive: true }))

const base = Array.from({ length: 12 }, (_, i) => i * 0.5 - 1)
const expected: Record<string, { shape: number[]; values: number[] }> = {
  f32: { shape: [3, 4], values: base },
  f64: { shape: [3, 4], values: base },
  f16: { shape: [3, 4], values: base },
  bf16: { shape: [3, 4], values: base },
  i64: { shape: [6], values: [-2, -1, 0, 1, 2, 3] },
  transposed: { shape: [4, 3], values: [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map((i) => base[i]) },
  slice: { shape: [2, 2], values: [5, 6, 9, 10].map((i) => base[i]) },
  scalar: { shape: [], values: [7.5] },
  parameter: { shape: [3, 4], values: base.map((value) => 2 * value) },
  empty: { shape: [0, 3], values: [] },
}

describe('openCheckpoint', () => {
  it.each([
    ['zip.pt', 'torch-zip'],
    ['legacy.pt', 'torch-legacy'],
    ['wrapped.pt', 'torch-zip'],
    ['plain.safetensors', 'safetensors'],
  ])('reads every tensor of %s, whatever its type, strides or wrapping', async (name, format) => {
    const source = await openCheckpoint(fixture(name))
    expect(source.format).toBe(format)
    expect([...source.names].sort()).toEqual(Object.keys(expected).sort())
    for (const [key, { shape, values }] of Object.entries(expected)) {
      expect(source.shapeOf(key)).toEqual(shape)
      expect(source.get(key)).toEqual({ shape, data: Float32Array.from(values) })
    }
    source.close()
  })

  it('names the tensor that a checkpoint does not have', async () => {
    const source = await openCheckpoint(fixture('zip.pt'))
    expect(source.has('fc.weight')).toBe(false)
    expect(() => source.get('fc.weight')).toThrow(
      `${fixture('zip.pt')} was refused: it has no tensor named "fc.weight".`,
    )
    source.close()
  })

  it('reads a folder of raw layers in torch’s order of axes', async () => {
    const layers = join(folder, 'layers')
    mkdirSync(layers)
    const bytes = (values: number[]) => Buffer.from(Float32Array.from(values).buffer)
    const ohwi = Array.from({ length: 2 * 1 * 3 * 2 }, (_, i) => i)
    writeFileSync(join(layers, 'w.dat'), bytes(ohwi))
    writeFileSync(join(layers, 'b.dat'), bytes([5, 6]))
    const sha256 = (values: number[]) => createHash('sha256').update(bytes(values)).digest('hex')
    const layer = {
      torch_name: 'Conv', weights: 'w.dat', weights_shape_OHWI: [2, 1, 3, 2], weights_sha256: sha256(ohwi),
      bias: 'b.dat', bias_shape: [2], bias_sha256: sha256([5, 6]),
    } // prettier-ignore
    const writeIndex = (changed: object) =>
      writeFileSync(
        join(layers, 'index.json'),
        JSON.stringify({ dtype: 'float32-le', weights_layout: 'OHWI', layers: [{ ...layer, ...changed }] }),
      )
    writeIndex({})
    const source = await openCheckpoint(layers)
    expect(source.get('Conv.conv.weight')).toEqual({
      shape: [2, 2, 1, 3],
      data: Float32Array.of(0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11),
    })
    expect(source.get('Conv.conv.bias').data).toEqual(Float32Array.of(5, 6))
    writeIndex({ bias_shape: [3] })
    await expect(openCheckpoint(layers)).rejects.toThrow('the file b.dat has 8 bytes where 12 were announced')
    writeIndex({ weights: '../../etc/passwd' })
    await expect(openCheckpoint(layers)).rejects.toThrow(
      'its index names "../../etc/passwd", which is not a plain file name',
    )
    writeIndex({ weights: 'absent.dat' })
    await expect(openCheckpoint(layers)).rejects.toThrow('the file absent.dat is missing')
  })

  it('reads a zip file of its own making, so that refusals below are not refusals of the container', async () => {
    const storage = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
    const pickle = oneTensorPickle({ length: 6, offset: 1, shape: [2, 2], stride: [3, 1] })
    const source = await openCheckpoint(writeTorchZip(join(folder, 'good.pt'), pickle, storage))
    expect(source.get('w').data).toEqual(Float32Array.of(2, 3, 5, 6))
    source.close()
  })

  it('reads a parameter that gets its tensor as state, as torch before 0.4 wrote them', async () => {
    const storage = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)
    const newObject = Buffer.from([0x81])
    const build = Buffer.from('b')
    const inner = oneTensorPickle({ length: 4, offset: 0, shape: [4], stride: [1] })
    // the tensor alone, without the dictionary around it
    const tensor = inner.subarray(op.proto.length + 1 + op.text('w').length, inner.length - 2)
    const state = op.tupleOf(tensor, op.false, op.false, op.emptyDict, op.false)
    const parameter = Buffer.concat([
      op.global('torch.nn.parameter', 'Parameter'),
      op.tupleOf(),
      newObject,
      state,
      build,
    ])
    const pickle = Buffer.concat([op.proto, op.emptyDict, op.text('old'), parameter, op.setItem, op.stop])
    const source = await openCheckpoint(writeTorchZip(join(folder, 'old.pt'), pickle, storage))
    expect(source.get('old')).toEqual({ shape: [4], data: Float32Array.of(1, 2, 3, 4) })
    source.close()
  })

  it('converts half precision exactly, subnormal numbers and infinity included', () => {
    expect([0x0001, 0x03ff, 0x3c00, 0xc000, 0x7bff].map(float32FromHalf)).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      1,
      -2,
      65504,
    ])
    expect(float32FromHalf(0x7c00)).toBe(Infinity)
    expect(float32FromHalf(0x7e00)).toBeNaN()
  })
})
