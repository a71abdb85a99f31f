/** Checkpoints that must not be used: programs, lies about sizes, damage. Each is refused by name, nothing is run. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../../src/main/core/checkpoints/openCheckpoint.ts'
import { legacyMagic } from '../../../../src/main/core/checkpoints/torchLegacy.ts'
import { oneTensorPickle, op, writeTorchZip, zipOf } from './archives.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-refusal-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))
const storage = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)
const honest = { length: 4, offset: 0, shape: [2, 2], stride: [2, 1] }

let count = 0
const write = (bytes: Buffer): string => {
  const path = join(folder, `${count++}.pt`)
  writeFileSync(path, bytes)
  return path
}
const zipWith = (...program: Buffer[]): string =>
  writeTorchZip(join(folder, `${count++}.pt`), Buffer.concat([op.proto, ...program]), storage)

async function refusal(path: string): Promise<string> {
  const error: unknown = await openCheckpoint(path).then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).toMatchObject({ code: 'invalid-model' })
  const { message } = error as Error
  expect(message.startsWith(`${path} was refused: `)).toBe(true)
  return message.slice(`${path} was refused: `.length)
}

describe('a pickle that is a program', () => {
  const marker = join(folder, 'executed')
  const attack = (module: string, name: string) =>
    Buffer.concat([
      op.proto,
      op.global(module, name),
      op.tupleOf(op.text(`touch ${marker}`)),
      op.reduce,
      op.stop,
    ])

  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['__proto__', 'constructor'],
  ])('is refused when it asks for %s.%s, in the zip and the legacy format', async (module, name) => {
    const reason = `its pickle asks for ${module}.${name}, which weights never need.`
    expect(await refusal(writeTorchZip(join(folder, `${count++}.pt`), attack(module, name), storage))).toBe(
      reason,
    )
    const version = Buffer.concat([op.proto, Buffer.from([0x4d, 0xe9, 0x03]), op.stop])
    const system = Buffer.concat([op.proto, op.emptyDict, op.stop])
    expect(await refusal(write(Buffer.concat([legacyMagic, version, system, attack(module, name)])))).toBe(
      reason,
    )
    expect(existsSync(marker)).toBe(false)
  })

  it('is refused when it names its function through the stack or the INST and OBJ instructions', async () => {
    const stackGlobal = zipWith(op.text('os'), op.text('system'), Buffer.from([0x93]), op.stop)
    expect(await refusal(stackGlobal)).toBe('its pickle asks for os.system, which weights never need.')
    expect(await refusal(zipWith(op.mark, Buffer.from('ios\nsystem\n'), op.stop))).toBe(
      'its pickle holds the instruction INST, which weights never need.',
    )
    expect(await refusal(zipWith(Buffer.from([0x82, 1]), op.stop))).toBe(
      'its pickle holds the instruction EXT1, which weights never need.',
    )
    expect(await refusal(zipWith(Buffer.from([0xff])))).toBe(
      'its pickle holds the instruction 0xff, which weights never need.',
    )
  })

  it('is refused when it calls a storage or a text as a function', async () => {
    expect(await refusal(zipWith(op.global('torch', 'FloatStorage'), op.tupleOf(), op.reduce, op.stop))).toBe(
      'its pickle calls torch.FloatStorage as a function.',
    )
    expect(await refusal(zipWith(op.text('print'), op.tupleOf(), op.reduce, op.stop))).toBe(
      'its pickle calls a value as a function.',
    )
  })

  it('is refused when it holds a whole model of torch, by the name of its class', async () => {
    expect(await refusal(fixture('whole-model.pt'))).toBe(
      'its pickle asks for torch.nn.modules.linear.Linear, which weights never need.',
    )
  })
})

describe('a checkpoint that lies about sizes', () => {
  const lying = (claims: Partial<typeof honest>): string =>
    writeTorchZip(join(folder, `${count++}.pt`), oneTensorPickle({ ...honest, ...claims }), storage)

  it.each([
    [
      'a storage longer than its bytes',
      { length: 2 ** 31 - 1 },
      'tensor "w" claims 2147483647 elements, more than the file holds.',
    ],
    [
      'a shape larger than its storage',
      { shape: [2 ** 30, 2 ** 30] },
      'tensor "w" of shape [1073741824, 1073741824] leaves its storage of 4 elements.',
    ],
    [
      'one element repeated endlessly',
      { shape: [2 ** 30, 8], stride: [0, 0] },
      'tensor "w" of shape [1073741824, 8] leaves its storage of 4 elements.',
    ],
    [
      'an offset behind the end',
      { offset: 1 },
      'tensor "w" of shape [2, 2] leaves its storage of 4 elements.',
    ],
    ['a negative offset', { offset: -1 }, 'its pickle holds a tensor with unknown arguments.'],
  ])('is refused: %s', async (_, claims, reason) => {
    expect(await refusal(lying(claims))).toBe(reason)
  })

  it('is refused when a text claims four gigabytes', async () => {
    expect(await refusal(zipWith(Buffer.from('X'), Buffer.from([0xff, 0xff, 0xff, 0xff])))).toMatch(
      /^its pickle claims 4294967295 bytes where 0 are left/,
    )
  })

  it('is refused when its zip directory points outside or its entries are compressed', async () => {
    const archive = zipOf([{ name: 'm/data.pkl', data: oneTensorPickle(honest) }])
    const outside = Buffer.from(archive)
    outside.writeUInt32LE(0xfffffff0, outside.length - 6)
    expect(await refusal(write(outside))).toMatch(/^it claims \d+ bytes at offset 4294967280 but ends at \d+/)
    expect(await refusal(write(zipOf([{ name: 'm/data.pkl', data: storage, method: 8 }])))).toBe(
      'its entry m/data.pkl is compressed; torch stores weights uncompressed.',
    )
    expect(await refusal(write(archive))).toBe('its storage 0 is missing from the archive.')
  })

  it('is refused when a safetensors header does not fit the file', async () => {
    const safetensors = (header: object, data = storage, length?: bigint) => {
      const text = Buffer.from(JSON.stringify(header))
      const size = Buffer.alloc(8)
      size.writeBigUInt64LE(length ?? BigInt(text.length))
      return write(Buffer.concat([size, text, data]))
    }
    const w = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] }
    expect(await refusal(safetensors({ w }, storage.subarray(4)))).toMatch(
      /^tensor "w" of shape \[2, 2\] does not fit its byte range/,
    )
    expect(await refusal(safetensors({ w: { ...w, shape: [2, 3] } }))).toMatch(/does not fit its byte range/)
    expect(await refusal(safetensors({ w: { ...w, dtype: 'F8' } }))).toBe(
      'tensor "w" has the unknown type F8.',
    )
    expect(await refusal(safetensors({ w: { ...w, data_offsets: [-16, 0] } }))).toBe(
      'its header does not have the form of safetensors.',
    )
    expect(await refusal(safetensors({ w }, storage, 99_000_000n))).toMatch(
      /^it claims 99000000 bytes at offset 8/,
    )
  })
})

describe('a checkpoint that is damaged or something else', () => {
  it('is refused with the reason at every length it can be cut to', async () => {
    for (const name of ['zip.pt', 'legacy.pt', 'plain.safetensors']) {
      const whole = readFileSync(fixture(name))
      for (let length = 0; length < whole.length; length += 37) {
        expect(await refusal(write(whole.subarray(0, length)))).toMatch(/\.$/)
      }
    }
  })

  it('is refused when its numbers are big-endian', async () => {
    const path = writeTorchZip(join(folder, 'big.pt'), oneTensorPickle(honest), storage, [
      { name: 'm/byteorder', data: Buffer.from('big') },
    ])
    expect(await refusal(path)).toBe(
      'its numbers are stored big-endian; only little-endian files can be read.',
    )
  })

  it.each([
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\n',
      'it is a Git LFS pointer of a few lines, not the weights themselves.',
    ],
    [
      '<!DOCTYPE html><title>Sign in</title>',
      'it is a web page, not weights (a download that ended at an error or login page?).',
    ],
    ['', 'it is empty.'],
    ['hello, weights', 'it is neither a torch checkpoint (zip or legacy) nor safetensors.'],
  ])('is told apart from weights: %j', async (content, reason) => {
    expect(await refusal(write(Buffer.from(content)))).toBe(reason)
  })

  it('is reported as missing when there is no such file', async () => {
    await expect(openCheckpoint(join(folder, 'absent.pt'))).rejects.toMatchObject({ code: 'not-found' })
  })
})
