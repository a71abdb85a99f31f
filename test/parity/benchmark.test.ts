/**
 * Whole benchmarks against the reference scripts' own values on `data/frames`: golden.json holds what
 * benchmark_csgo.py (batch 1 and 8) and benchmark_csgo_v1.py (batch 8) print with torchmetrics 1.4.3, golden_nets.json
 * LPIPS by the lpips repository's code, FID by pytorch-fid's network at 768 dimensions. Tolerance 1e-4 relative, FID 1e-3.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BenchmarkRequest } from '../../src/shared/contract/benchmark.ts'
import { fromScoreValue, type Score } from '../../src/shared/domain/score.ts'
import { openStudio, referenceData, referencePath, type TestStudio } from '../support/studio.ts'

type Golden = Record<string, Record<string, Record<string, number>>>
type GoldenNets = Record<string, Record<string, { mean: number } & number>>

const needsData = 'with PARALLAX_REFERENCE_DATA'

describe.skipIf(referenceData === undefined)(`the reference scripts' values (${needsData})`, () => {
  let at: TestStudio
  let golden: Golden
  let nets: GoldenNets
  const before = process.env.PARALLAX_MODEL_PATH

  beforeAll(() => {
    golden = JSON.parse(readFileSync(referencePath('data/frames/golden.json'), 'utf8')) as Golden
    nets = JSON.parse(readFileSync(referencePath('data/frames/golden_nets.json'), 'utf8')) as GoldenNets
    process.env.PARALLAX_MODEL_PATH = referencePath('models')
    at = openStudio()
  })
  afterAll(async () => {
    await at.studio.close()
    if (before === undefined) delete process.env.PARALLAX_MODEL_PATH
    else process.env.PARALLAX_MODEL_PATH = before
  })

  async function metricsOf(map: string, request: Partial<BenchmarkRequest>): Promise<Record<string, Score>> {
    const folders = {
      workspace: referencePath(),
      reference: referencePath('data/frames/gt', map, 'imgs'),
      prediction: referencePath('data/frames/pred', map),
    }
    const { id } = await at.call('benchmark.start', { ...folders, device: 'cpu', ...request })
    const job = await at.finished(id)
    expect(job.error).toBeUndefined()
    const [runId] = (job.result as { runIds: string[] }).runIds
    const report = await at.call('runs.get', { runId })
    const { Coverage_GT, Coverage_Pred, Common_Count } = report.coverage
    expect({ Coverage_GT, Coverage_Pred, Common_Count }).toEqual({
      Coverage_GT: golden[map].coverage.Coverage_GT,
      Coverage_Pred: golden[map].coverage.Coverage_Pred,
      Common_Count: golden[map].coverage.Common_Count,
    })
    return report.metrics
  }

  function expectClose(score: Score | undefined, expected: number, tolerance = 1e-4): void {
    if (score?.status !== 'ok') throw new Error(`No value: ${JSON.stringify(score)}`)
    expect(Math.abs(fromScoreValue(score.value) - expected) / Math.abs(expected)).toBeLessThan(tolerance)
  }

  for (const map of ['de_open_a', 'de_open_b']) {
    it(`${map}: PSNR and SSIM of benchmark_csgo.py at batch size 1 and 8`, async () => {
      for (const batchSize of [1, 8]) {
        const metrics = await metricsOf(map, { groups: ['psnr_ssim'], batchSize })
        expectClose(metrics.PSNR, golden[map][`v0_bs${batchSize}`].PSNR)
        expectClose(metrics.SSIM, golden[map][`v0_bs${batchSize}`].SSIM)
      }
    })

    it(`${map}: every paired metric of benchmark_csgo_v1.py`, async () => {
      const groups: BenchmarkRequest['groups'] = ['psnr_ssim', 'pixel', 'boundary', 'lpips']
      const metrics = await metricsOf(map, { groups, protocol: 'benchmark_csgo_v1' })
      const expected = golden[map].v1_bs8
      for (const metric of [
        'PSNR',
        'SSIM',
        'Pixel_MAE_255',
        'Pixel_Exact_Acc',
        'Pixel_Within_1_Acc',
        'Boundary_F1',
        'Boundary_Precision',
        'Boundary_Recall',
      ]) {
        expectClose(metrics[metric], expected[metric])
      }
      expect(metrics.Boundary_F1).toMatchObject({
        details: {
          Boundary_GT_Edge_Ratio: expect.closeTo(expected.Boundary_GT_Edge_Ratio, 6) as number,
          Boundary_Pred_Edge_Ratio: expect.closeTo(expected.Boundary_Pred_Edge_Ratio, 6) as number,
        },
      })
      expectClose(metrics.LPIPS, nets[map].lpips_alex_448_bicubic.mean)
    })

    it(`${map}: LPIPS of alex and squeeze, FID at 768 dimensions in two variants`, async () => {
      const script = await metricsOf(map, { groups: ['lpips', 'fid'], fidDims: 768 })
      expectClose(script.LPIPS, nets[map].lpips_alex_224_bilinear_torchmetrics_eps.mean)
      expectClose(script.FID, nets[map].fid768_torchmetrics, 1e-3)
      const other = await metricsOf(map, {
        groups: ['lpips', 'fid'],
        fidDims: 768,
        lpipsNet: 'squeeze',
        lpipsEpsilon: 'original',
        fidVariant: 'pytorch-fid',
      })
      expectClose(other.LPIPS, nets[map].lpips_squeeze_224_bilinear.mean)
      expectClose(other.FID, nets[map].fid768_pytorch_fid, 1e-3)
    })
  }

  it('statistics in place of a folder give the FID of the folder', async () => {
    const map = 'de_open_a'
    const saveStats = `${at.home}/stats`
    const whole = await metricsOf(map, { groups: ['fid'], fidDims: 768, saveStats, fresh: true })
    const { id } = await at.call('benchmark.start', {
      workspace: at.home,
      reference: `${saveStats}/${map}/reference.npz`,
      prediction: `${saveStats}/${map}/prediction.npz`,
      groups: ['fid', 'kid', 'psnr_ssim'],
      fidDims: 768,
      device: 'cpu',
    })
    const job = await at.finished(id)
    expect(job.error).toBeUndefined()
    const report = await at.call('runs.get', { runId: (job.result as { runIds: string[] }).runIds[0] })
    expect(whole.FID?.status).toBe('ok')
    if (whole.FID?.status === 'ok') expectClose(report.metrics.FID, fromScoreValue(whole.FID.value), 1e-6)
    expect(report.metrics.PSNR?.status).toBe('skipped')
    expect(report.metrics.KID?.status).toBe('skipped')
  })
})
