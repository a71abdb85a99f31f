import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedInception } from '../../../../src/main/core/networks/inceptionLayers.ts'
import { expectedBackbone, expectedHead } from '../../../../src/main/core/networks/lpipsBackbones.ts'
import { listProviders } from '../../../../src/main/core/networks/providers.ts'
import { createNetwork } from '../../../../src/main/core/networks/session.ts'
import { networkKey, type NetworkSpec } from '../../../../src/main/core/networks/spec.ts'
import { pictures, writeMadeUp } from './madeUp.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-session-'))
afterAll(() => rmSync(folder, { recursive: true }))
const spec: NetworkSpec = { kind: 'lpips', net: 'squeeze', epsilon: 'torchmetrics' }
const files = [join(folder, 'squeeze.safetensors'), join(folder, 'head.safetensors')]
beforeAll(() => {
  writeMadeUp(files[0], expectedBackbone('squeeze'))
  writeMadeUp(files[1], expectedHead('squeeze'))
})

describe('providers', () => {
  it('lists every provider, and a reason for each one that does not work here', async () => {
    const states = await listProviders()
    expect(states.map(({ provider }) => provider)).toEqual(['cpu', 'cuda', 'webgpu', 'dml', 'coreml'])
    expect(states[0]).toEqual({ provider: 'cpu', isUsable: true, reason: 'works' })
    for (const { reason } of states) expect(reason).toMatch(/^[^\n]{4,}[^.\n]$/)
  })

  it('refuses a provider asked for by name with a reason, and never replaces it', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml'
    await expect(createNetwork(spec, files, absent)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        new RegExp(`^The provider "${absent}" cannot be used on this machine: ONNX Runtime has no`),
      ),
    })
  })

  it('records with auto which provider runs and why the others do not', async () => {
    const network = await createNetwork(spec, files, 'auto')
    const states = await listProviders()
    expect(states.find(({ provider }) => provider === network.provider)?.isUsable).toBe(true)
    if (network.provider === 'cpu') {
      const refused = states.filter(
        ({ provider, reason }) =>
          ['cuda', 'webgpu', 'dml'].includes(provider) && !reason.startsWith('ONNX Runtime has no'),
      )
      expect(network.notes).toEqual(
        refused.map(({ provider, reason }) => `${provider} was not used: ${reason}`),
      )
    }
    await network.release()
  })
})

describe('networks', () => {
  it('have a key that changes with options and weights only', async () => {
    const network = await createNetwork(spec, files, 'cpu')
    const again = await createNetwork(spec, files, 'cpu', { threads: 1 })
    const other = await createNetwork({ ...spec, epsilon: 'original' } as NetworkSpec, files, 'cpu')
    expect(network.key).toMatch(/^lpips\/squeeze\/torchmetrics\/distance\/[0-9a-f]{16}\+[0-9a-f]{16}$/)
    expect(again.key).toBe(network.key)
    expect(other.key).not.toBe(network.key)
    expect(networkKey({ kind: 'clip', size: 'b32' }, ['ab'.repeat(32)])).toBe('clip/b32/abababababababab')
  })

  it('name the tensors that a checkpoint lacks or has in another shape', async () => {
    const wrong = writeMadeUp(join(folder, 'wrong.safetensors'), [
      ...expectedBackbone('squeeze').slice(2),
      { names: ['features.0.weight'], shape: [64, 3, 11, 11] },
    ])
    await expect(createNetwork(spec, [wrong, files[1]], 'cpu')).rejects.toMatchObject({
      code: 'invalid-model',
      message: `${wrong} is not a checkpoint for the squeeze backbone of LPIPS: "features.0.weight" has shape [64, 3, 11, 11] instead of [64, 3, 3, 3]; "features.0.bias" is missing.`,
    })
  })

  it('say what is missing for features that a checkpoint does not reach', async () => {
    const short = writeMadeUp(join(folder, 'short.safetensors'), expectedInception('192', true))
    const inception = { kind: 'inception', normalisation: 'minus128', inputType: 'uint8' } as const
    await (await createNetwork({ ...inception, dims: 192 }, [short], 'cpu')).release()
    await expect(createNetwork({ ...inception, dims: 768 }, [short], 'cpu')).rejects.toThrow(
      '"Mixed_5b.branch1x1.conv.weight" is missing',
    )
  })

  it('refuse arrays of the wrong size before the runtime sees them', async () => {
    const network = await createNetwork(spec, files, 'cpu')
    const picture = pictures('reference', 1, 64, 64)
    await expect(network.run([picture], 1)).rejects.toMatchObject({
      code: 'usage',
      message: 'The network takes 2 pictures per item, not 1.',
    })
    await expect(network.run([picture, picture.subarray(3)], 1)).rejects.toMatchObject({ code: 'usage' })
    await expect(network.run([picture, picture], 1, { width: 65, height: 64 })).rejects.toMatchObject({
      code: 'usage',
    })
    const tiny = pictures('reference', 1, 8, 8)
    await expect(network.run([tiny, tiny], 1)).rejects.toThrow(
      'Pictures of 8×8 pixels are too small for LPIPS squeeze, which needs at least 17×17.',
    )
    await network.release()
  })
})
