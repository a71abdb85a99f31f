/**
 * The networks with their real weights, against values of the reference packages. The files lie outside the
 * repository; without PARALLAX_REFERENCE_DATA these tests are skipped and `madeUpWeights.test.ts` covers the graphs.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../../src/main/core/checkpoints/openCheckpoint.ts'
import { decodeRgb } from '../../../../src/main/core/images/decode.ts'
import { resize } from '../../../../src/main/core/images/resample.ts'
import { resizeTorchBilinear } from '../../../../src/main/core/images/resizeFloat.ts'
import { frechetDistance } from '../../../../src/main/core/metrics/frechet/kernel.ts'
import { featureStatistics } from '../../../../src/main/core/metrics/frechet/statistics.ts'
import { aestheticScore, foldAestheticHead } from '../../../../src/main/core/networks/aestheticHead.ts'
import { createNetwork, type Network } from '../../../../src/main/core/networks/session.ts'
import { relativeError } from './madeUp.ts'

const data = process.env['PARALLAX_REFERENCE_DATA'] ?? ''
const models = join(data, 'models')
const frames = join(data, 'data', 'frames')

const lpipsFiles = {
  alex: ['alexnet-features-torchvision.safetensors', 'lpips-v0.1-alex-linear.pth'],
  squeeze: ['squeezenet1_1-features-torchvision.pth', 'lpips-v0.1-squeeze-linear.pth'],
}
const lpips = (net: 'alex' | 'squeeze', epsilon: 'torchmetrics' | 'original' = 'torchmetrics') =>
  createNetwork(
    { kind: 'lpips', net, epsilon },
    lpipsFiles[net].map((file) => join(models, file)),
    'cpu',
  )
const decode = (path: string) => decodeRgb(readFileSync(path))

describe.skipIf(data === '')('with PARALLAX_REFERENCE_DATA', () => {
  // Values computed from these files with torch: the README of the model data.
  it.each([
    ['alex', 0.721881, 0.137566],
    ['squeeze', 0.711048, 0.147902],
  ] as const)('LPIPS %s of the example pictures', async (net, far, near) => {
    const [reference, p0, p1] = await Promise.all(
      ['ex_ref', 'ex_p0', 'ex_p1'].map(
        async (name) => (await decode(join(models, 'lpips-examples', `${name}.png`))).data,
      ),
    )
    const references = Buffer.concat([reference, reference, reference])
    const network = await lpips(net, 'original')
    const [a, b, same] = await network.run([references, Buffer.concat([p0, p1, reference])], 3)
    expect(relativeError([a, b], [far, near])).toBeLessThan(1e-4)
    expect(same).toBe(0)
  })

  it.each([
    [
      64,
      [1.321564, 1.440981, 0.725571, 1.909505, 0.030197],
      [2.396201, 2.939803, 1.227131, 4.092566, 0.77544],
    ],
    [
      192,
      [1.412187, 1.769838, 0.000035, 3.477564, 2.395687],
      [2.98848, 5.312523, 0.015444, 5.662539, 4.595201],
    ],
    [768, [0.069694, 0.195375, 0.128523, 0.057132, 0.210169], [0.025474, 0.000129, 0.000057, 0, 0.011676]],
  ] as const)('Inception features of %i dimensions', async (dims, ofZero, ofPattern) => {
    const spec = { kind: 'inception', dims, normalisation: 'unit', inputType: 'float32' } as const
    const network = await createNetwork(spec, [join(models, 'fid-inception-v3')], 'cpu')
    const grey = new Float32Array(299 * 299 * 3).fill(127.5)
    const pattern = grey.map((_, i) => {
      const [y, x, c] = [Math.floor(i / 897), Math.floor(i / 3) % 299, i % 3]
      return (3 * y + 5 * x + 50 * c) % 256
    })
    const both = new Float32Array(2 * grey.length)
    both.set(grey)
    both.set(pattern, grey.length)
    const rows = await network.run([both], 2)
    ;[ofZero, ofPattern].forEach((expected, n) => {
      const row = rows.subarray(n * dims, (n + 1) * dims)
      const actual = [row.reduce((sum, value) => sum + value, 0) / dims, ...row.subarray(0, 4)]
      // The published values have six digits after the point.
      actual.forEach((value, i) =>
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-6 + 1e-4 * expected[i]),
      )
    })
  })

  it('the aesthetic head as one affine map', async () => {
    const head = foldAestheticHead(await openCheckpoint(join(models, 'sac+logos+ava1-l14-linearMSE.pth')))
    const first = new Float32Array(768)
    first[0] = 1
    expect(aestheticScore(head, new Float32Array(768).fill(1 / Math.sqrt(768)))).toBeCloseTo(4.883284854, 5)
    expect(aestheticScore(head, new Float32Array(768))).toBeCloseTo(5.236645845, 8)
    expect(aestheticScore(head, first)).toBeCloseTo(4.545052, 5)
    expect(Math.hypot(...head.weight)).toBeCloseTo(17.99562478, 6)
  })

  it.each(['alex', 'squeeze'] as const)(
    'LPIPS %s of two maps of JPEG frames, resized by Pillow’s rules',
    async (net) => {
      const golden = JSON.parse(readFileSync(join(frames, 'golden_nets.json'), 'utf8')) as Record<
        string,
        Record<string, { mean: number; first: number; last: number }>
      >
      const network = await lpips(net)
      for (const map of ['de_open_a', 'de_open_b']) {
        const { mean, first, last } = golden[map][`lpips_${net}_224_bilinear_torchmetrics_eps`]
        const distances: number[] = []
        for (const { reference, prediction } of pairsOf(map)) {
          const inputs = [await decode(reference), await decode(prediction)].map(
            (image) => resize(image, 224, 224, 'bilinear').data,
          )
          distances.push((await network.run(inputs, 1))[0])
        }
        const actual = [
          distances.reduce((sum, value) => sum + value, 0) / distances.length,
          distances[0],
          distances.at(-1) ?? NaN,
        ]
        expect(relativeError(actual, [mean, first, last])).toBeLessThan(1e-4)
      }
    },
  )

  it('FID at 768 dimensions as torchmetrics and pytorch-fid give it', async () => {
    const golden = JSON.parse(readFileSync(join(frames, 'golden_nets.json'), 'utf8')) as Record<
      string,
      Record<string, number>
    >
    const files = [join(models, 'fid-inception-v3')]
    const whole = await createNetwork(
      { kind: 'inception', dims: 768, normalisation: 'minus128', inputType: 'uint8' },
      files,
      'cpu',
    )
    const unit = await createNetwork(
      { kind: 'inception', dims: 768, normalisation: 'unit', inputType: 'float32' },
      files,
      'cpu',
    )
    const torchmetrics = await fid(
      'de_open_b',
      whole,
      async (path) => resize(await decode(path), 299, 299, 'bilinear').data,
    )
    const pytorchFid = await fid('de_open_b', unit, async (path) =>
      resizeTorchBilinear(await decode(path), 299, 299),
    )
    expect(relativeError([torchmetrics], [golden['de_open_b']['fid768_torchmetrics']])).toBeLessThan(1e-3)
    expect(relativeError([pytorchFid], [golden['de_open_b']['fid768_pytorch_fid']])).toBeLessThan(1e-3)
  }, 180_000)
})

/** Frames of a map that both sides have, sorted by name. */
function pairsOf(map: string): { reference: string; prediction: string }[] {
  const reference = join(frames, 'gt', map, 'imgs')
  const prediction = join(frames, 'pred', map)
  const shared = new Set(readdirSync(prediction))
  return readdirSync(reference)
    .filter((name) => shared.has(name))
    .sort()
    .map((name) => ({ reference: join(reference, name), prediction: join(prediction, name) }))
}

async function fid(
  map: string,
  network: Network,
  view: (path: string) => Promise<Uint8Array | Float32Array>,
): Promise<number> {
  const statistics = async (paths: string[]) => {
    const rows: number[] = []
    for (const path of paths) rows.push(...(await network.run([await view(path)], 1)))
    return featureStatistics(Float32Array.from(rows), 768)
  }
  const pairs = pairsOf(map)
  const distance = frechetDistance(
    await statistics(pairs.map(({ reference }) => reference)),
    await statistics(pairs.map(({ prediction }) => prediction)),
  )
  return 'value' in distance ? distance.value : NaN
}
