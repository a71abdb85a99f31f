/**
 * The networks against the reference packages, with made-up weights: golden values printed by `made_up_reference.py`
 * (lpips 0.1.4, torchmetrics 1.9.0, torch-fidelity 0.4.0, pytorch-fid 0.3.0, transformers 4.57.3). Tolerance 1e-4
 * relative; measured differences are about 1e-6.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../../src/main/core/checkpoints/openCheckpoint.ts'
import {
  buildClipVision,
  clipShapeOf,
  expectedClip,
  type ClipShape,
} from '../../../../src/main/core/networks/clipVision.ts'
import { expectedInception } from '../../../../src/main/core/networks/inceptionLayers.ts'
import {
  expectedBackbone,
  expectedHead,
  lpipsNets,
} from '../../../../src/main/core/networks/lpipsBackbones.ts'
import { createModelFolder } from '../../../../src/main/core/networks/modelFolder.ts'
import { createNetwork, createSession } from '../../../../src/main/core/networks/session.ts'
import type { NetworkSpec } from '../../../../src/main/core/networks/spec.ts'
import { pictures, relativeError, spread, writeMadeUp } from './madeUp.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-made-up-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function runOnce(
  spec: NetworkSpec,
  files: string[],
  inputs: (Uint8Array | Float32Array)[],
  batch: number,
  width?: number,
  height?: number,
) {
  const network = await createNetwork(spec, files, 'cpu', { threads: 2 })
  const size = width === undefined || height === undefined ? undefined : { width, height }
  const rows = await network.run(inputs, batch, size)
  await network.release()
  return rows
}

describe('LPIPS', () => {
  const golden: [net: (typeof lpipsNets)[number], width: number, height: number, distances: number[]][] = [
    ['alex', 64, 64, [0.11113683879375458, 0.1124069020152092]],
    ['alex', 80, 48, [0.11096623539924622, 0.11340096592903137]],
    ['alex', 31, 31, [0.11472103744745255, 0.10594277083873749]],
    ['vgg', 64, 64, [0.10727758705615997, 0.10982143878936768]],
    ['vgg', 16, 16, [0.0848948135972023, 0.07321517169475555]],
    ['squeeze', 64, 64, [0.11661339551210403, 0.11711681634187698]],
    ['squeeze', 80, 48, [0.11536546796560287, 0.11487532407045364]],
    ['squeeze', 17, 17, [0.09046323597431183, 0.07836263626813889]],
  ]
  const files = (net: (typeof lpipsNets)[number]) => [
    join(folder, `${net}.safetensors`),
    join(folder, `${net}-head.safetensors`),
  ]
  const pair = (height: number, width: number) => [
    pictures('reference', 2, height, width),
    pictures('prediction', 2, height, width),
  ]

  beforeAll(() => {
    for (const net of lpipsNets) {
      const [backbone, head] = files(net)
      writeMadeUp(backbone, expectedBackbone(net))
      writeMadeUp(head, expectedHead(net))
    }
  })

  it.each(golden)(
    'equals the lpips package with %s at %i×%i pixels',
    async (net, width, height, distances) => {
      const rows = await runOnce(
        { kind: 'lpips', net, epsilon: 'original' },
        files(net),
        pair(height, width),
        2,
        width,
        height,
      )
      expect(relativeError(rows, distances)).toBeLessThan(1e-4)
    },
  )

  it('differs between the two epsilons on nearly dark features, as lpips and torchmetrics do', async () => {
    const dim = writeMadeUp(join(folder, 'dim.safetensors'), expectedBackbone('alex'), ({ name, data }) => {
      if (name.startsWith('features.0.'))
        data.forEach((value, i) => (data[i] = Math.fround(value * Math.fround(1e-5))))
    })
    const [, head] = files('alex')
    const original = await runOnce(
      { kind: 'lpips', net: 'alex', epsilon: 'original' },
      [dim, head],
      pair(64, 64),
      2,
    )
    const torchmetrics = await runOnce(
      { kind: 'lpips', net: 'alex', epsilon: 'torchmetrics' },
      [dim, head],
      pair(64, 64),
      2,
    )
    expect(relativeError(original, [0.0797642320394516, 0.07986759394407272])).toBeLessThan(1e-4)
    expect(relativeError(torchmetrics, [0.036710891872644424, 0.036915577948093414])).toBeLessThan(1e-4)
  })

  it('gives a map that equals spatial=True of the lpips package', async () => {
    const map = await runOnce(
      { kind: 'lpips', net: 'alex', epsilon: 'original', output: 'map' },
      files('alex'),
      pair(48, 80),
      2,
      80,
      48,
    )
    expect(map.length).toBe(2 * 48 * 80)
    const at = (y: number, x: number) => map[y * 80 + x]
    const expected = [0.0476449653506279, 0.08656364679336548, 0.11520921438932419, 0.06160237267613411]
    expect(relativeError([at(0, 0), at(0, 79), at(20, 33), at(47, 79)], expected)).toBeLessThan(1e-4)
  })

  it('is exactly 0 for identical pictures and does not depend on the batch', async () => {
    const network = await createNetwork(
      { kind: 'lpips', net: 'squeeze', epsilon: 'torchmetrics' },
      files('squeeze'),
      'cpu',
    )
    const [reference, prediction] = pair(64, 64)
    const rows = await network.run([reference, prediction], 2)
    const single = await network.run([reference.subarray(64 * 64 * 3), prediction.subarray(64 * 64 * 3)], 1)
    expect(relativeError(single, [rows[1]])).toBeLessThan(1e-6)
    expect(await network.run([reference, reference], 2)).toEqual(new Float32Array(2))
    await network.release()
  })
})

describe('Inception', () => {
  const golden: [
    dims: 64 | 192 | 768 | 2048 | 'logits_unbiased',
    normalisation: 'minus128' | 'unit',
    values: number[],
  ][] = [
    [
      64,
      'minus128',
      [
        0.7537041306495667, 0.13741625845432281, 0.5077361464500427, 0.22598004341125488, 0.4913884699344635,
        0.30422264337539673,
      ],
    ],
    [
      192,
      'minus128',
      [
        0.8353331685066223, 2.2294814586639404, 3.5337464809417725, 3.0957252979278564, 0.089222252368927,
        1.120302438735962,
      ],
    ],
    [
      768,
      'minus128',
      [
        0.5351950526237488, 1.7601847648620605, 0.07898793369531631, 0.6846583485603333, 0.5457757115364075,
        0.0007173082558438182,
      ],
    ],
    [
      2048,
      'minus128',
      [0.6722666621208191, 1.0339090824127197, 1.0974888801574707, 1.4470973014831543, 1.679107904434204, 0],
    ],
    [
      'logits_unbiased',
      'minus128',
      [
        -0.006749508902430534, 0.08391273021697998, 0.52348393201828, 0.4447427988052368, 0.2073228359222412,
        0.8473029136657715,
      ],
    ],
    [
      64,
      'unit',
      [
        0.7573908567428589, 0.13512079417705536, 0.5044624209403992, 0.2258778214454651, 0.4930465817451477,
        0.3074824810028076,
      ],
    ],
  ]
  const file = join(folder, 'inception.safetensors')

  beforeAll(() => void writeMadeUp(file, expectedInception('logits_unbiased', false)))

  it.each(golden)(
    'equals torch-fidelity and pytorch-fid for %s with %s',
    async (dims, normalisation, values) => {
      const row = await runOnce(
        { kind: 'inception', dims, normalisation, inputType: 'uint8' },
        [file],
        [pictures('reference', 1, 299, 299)],
        1,
      )
      expect(row.length).toBe(dims === 'logits_unbiased' ? 1008 : dims)
      expect(relativeError(spread(row), values)).toBeLessThan(1e-4)
    },
  )

  it('gives the same for float32 pictures as for uint8 ones', async () => {
    const bytes = pictures('prediction', 1, 299, 299)
    const spec = { kind: 'inception', dims: 192, normalisation: 'minus128' } as const
    const whole = await runOnce({ ...spec, inputType: 'uint8' }, [file], [bytes], 1)
    expect(await runOnce({ ...spec, inputType: 'float32' }, [file], [Float32Array.from(bytes)], 1)).toEqual(
      whole,
    )
  })
})

describe('CLIP', () => {
  const golden: [shape: ClipShape, rows: number[][]][] = [
    [
      { hidden: 128, mlp: 256, layers: 3, patch: 8, side: 32, projection: 64 },
      [
        [
          0.011524775065481663, 0.13102585077285767, -0.048764586448669434, -0.10182221978902817,
          0.15380890667438507, -0.16659709811210632,
        ],
        [
          0.013822907581925392, 0.18738560378551483, -0.10076703131198883, -0.08203856647014618,
          0.17060524225234985, -0.10866089910268784,
        ],
      ],
    ],
    [
      { hidden: 192, mlp: 320, layers: 2, patch: 14, side: 56, projection: 96 },
      [
        [
          -0.006954624783247709, -0.15630410611629486, 0.0037967071402817965, 0.056361954659223557,
          -0.03898059204220772, 0.0028883698396384716,
        ],
        [
          -0.002931978553533554, -0.11721458286046982, 0.009624063968658447, 0.10668403655290604,
          -0.033107928931713104, -0.0965404361486435,
        ],
      ],
    ],
  ]

  it.each(golden)('equals transformers for a small tower %o', async (shape, expected) => {
    const source = await openCheckpoint(
      writeMadeUp(join(folder, `clip-${shape.patch}.safetensors`), expectedClip(shape)),
    )
    expect(clipShapeOf(source)).toEqual(shape)
    const pixels = new Tensor('uint8', pictures('reference', 2, shape.side, shape.side), [
      2,
      shape.side,
      shape.side,
      3,
    ])
    const inFile = createModelFolder()
    const sessions = [
      await createSession(buildClipVision(source), 'cpu'),
      await createSession(inFile.finish(buildClipVision(source, inFile.weights)), 'cpu'),
    ]
    inFile.remove()
    for (const session of sessions) {
      const embeddings = (await session.run({ pictures: pixels }))['embeddings'].data as Float32Array
      expected.forEach((row, n) => {
        const embedding = embeddings.subarray(n * shape.projection, (n + 1) * shape.projection)
        expect(relativeError(spread(embedding), row)).toBeLessThan(1e-4)
        expect(Math.hypot(...embedding)).toBeCloseTo(1, 6)
      })
      await session.release()
    }
    source.close()
  })
})
