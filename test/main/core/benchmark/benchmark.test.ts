/** Whole benchmarks through the dispatcher: real files, real worker threads, a real database. */
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { BenchmarkRequest } from '../../../../src/shared/contract/benchmark.ts'
import type { RunReport } from '../../../../src/shared/contract/runs.ts'
import { psnrFromMse, batchedPsnr, meanSquaredError } from '../../../../src/main/core/metrics/psnr/kernel.ts'
import { ssim } from '../../../../src/main/core/metrics/ssim/kernel.ts'
import { decodeRgb } from '../../../../src/main/core/images/decode.ts'
import { resize } from '../../../../src/main/core/images/resample.ts'
import { temporaryFolder, writePairs } from '../../../support/frames.ts'
import { openStudio, type TestStudio } from '../../../support/studio.ts'

const open: TestStudio[] = []
afterEach(async () => {
  for (const { studio } of open.splice(0)) await studio.close()
})

function studio(home?: string): TestStudio {
  const opened = openStudio(home)
  open.push(opened)
  return opened
}

type Request = Partial<BenchmarkRequest> & { workspace: string }

async function benchmark(at: TestStudio, request: Request): Promise<RunReport[]> {
  const { id } = await at.call('benchmark.start', { device: 'cpu', ...request })
  const job = await at.finished(id)
  if (job.status !== 'done') throw new Error(JSON.stringify(job.error))
  const { runIds } = job.result as { runIds: string[] }
  return Promise.all(runIds.map((runId) => at.call('runs.get', { runId })))
}

async function pixels(folder: string, name: string): Promise<Uint8Array> {
  return resize(await decodeRgb(readFileSync(join(folder, name))), 224, 224, 'bilinear').data
}

describe('a benchmark', () => {
  it('gives the values of the kernels on the resized frames, in batches as asked', async () => {
    const root = temporaryFolder()
    const { reference, prediction } = await writePairs(root, 5)
    const [run] = await benchmark(studio(), {
      workspace: root,
      reference,
      prediction,
      groups: ['psnr_ssim'],
      batchSize: 2,
    })
    // Names sort as text: frame 0 to 4 in order.
    const mses: number[] = []
    const ssims: number[] = []
    for (let index = 0; index < 5; index++) {
      const [a, b] = await Promise.all(
        [reference, prediction].map((folder) => pixels(folder, `file_num1_frame_${index}.jpg`)),
      )
      mses.push(meanSquaredError(a, b))
      ssims.push(ssim(a, b, 224, 224).full as number)
    }
    expect(run.metrics.PSNR).toMatchObject({ status: 'ok', value: batchedPsnr(mses, 2), n: 5 })
    expect(run.metrics.SSIM).toMatchObject({ status: 'ok', n: 5 })
    expect((run.metrics.SSIM as { value: number }).value).toBeCloseTo(
      ssims.reduce((sum, value) => sum + value) / 5,
      12,
    )
    expect(run).toMatchObject({
      status: 'done',
      pairs: 5,
      map: 'de_test',
      protocol: 'benchmark_csgo',
      experiment: 'exp1',
    })
    const table = await open[0].call('runs.frames', { runId: run.id })
    expect(table.metrics.PSNR).toEqual(mses.map(psnrFromMse))
    expect(table.name[3]).toBe('file_num1_frame_3.jpg')
  })

  it('lists a broken frame and goes on with the others', async () => {
    const root = temporaryFolder()
    const { reference, prediction, names } = await writePairs(root, 4)
    writeFileSync(join(prediction, names[1]), readFileSync(join(prediction, names[1])).subarray(0, 300))
    writeFileSync(join(reference, names[2]), '')
    const [run] = await benchmark(studio(), {
      workspace: root,
      reference,
      prediction,
      groups: ['psnr_ssim', 'pixel'],
    })
    expect(run.status).toBe('done')
    expect(run.pairs).toBe(2)
    expect(run.failures.map(({ name }) => name)).toEqual([names[1], names[2]])
    expect(run.failures[0].reason).toContain(join(prediction, names[1]))
    expect(run.metrics.PSNR).toMatchObject({ status: 'ok', n: 2 })
  })

  it('of identical pictures has an infinite PSNR in a form that JSON can carry', async () => {
    const root = temporaryFolder()
    const { reference } = await writePairs(root, 3)
    const at = studio()
    const [run] = await benchmark(at, {
      workspace: root,
      reference,
      prediction: reference,
      groups: ['psnr_ssim', 'pixel', 'boundary'],
    })
    expect(run.metrics.PSNR).toMatchObject({ status: 'ok', value: 'Infinity' })
    expect(run.metrics.SSIM).toMatchObject({ value: 1 })
    expect(run.metrics.Pixel_Exact_Acc).toMatchObject({ value: 1 })
    expect(run.metrics.Boundary_F1).toMatchObject({ value: 1 })
    const csv = await at.call('runs.export', { runIds: [run.id], format: 'csv', perFrame: true })
    expect(csv.text.split('\r\n')[1]).toContain('Infinity')
    expect(
      JSON.parse((await at.call('runs.export', { runIds: [run.id], format: 'json' })).text),
    ).toHaveLength(1)
  })

  it('is taken from the database the second time, and measured anew with fresh or changed files', async () => {
    const root = temporaryFolder()
    const { reference, prediction, names } = await writePairs(root, 3)
    const at = studio()
    const request: Request = { workspace: root, reference, prediction, groups: ['psnr_ssim'] }
    const [first] = await benchmark(at, request)
    const [second] = await benchmark(at, request)
    expect(second.id).toBe(first.id)
    const [fresh] = await benchmark(at, { ...request, fresh: true })
    expect(fresh.id).not.toBe(first.id)
    expect(fresh.metrics).toEqual(first.metrics)
    writeFileSync(join(prediction, names[0]), readFileSync(join(reference, names[0])))
    const [changed] = await benchmark(at, request)
    // What was finished stays as it was; the changed files make a new run.
    expect(changed.id).not.toBe(fresh.id)
    expect(changed.metrics.PSNR).not.toEqual(first.metrics.PSNR)
    const table = await at.call('runs.frames', { runId: changed.id })
    // Frame 0 is now the ground truth itself, resized from its own size.
    expect(table.metrics.PSNR[0]).toBe('Infinity')
  })

  it('says which weights it wants and where to put them, and still gives the other metrics', async () => {
    const root = temporaryFolder()
    const { reference, prediction } = await writePairs(root, 3)
    const before = process.env.PARALLAX_MODEL_PATH
    process.env.PARALLAX_MODEL_PATH = temporaryFolder()
    process.env.TORCH_HOME = process.env.HF_HOME = temporaryFolder()
    try {
      const at = studio()
      const [run] = await benchmark(at, { workspace: root, reference, prediction })
      for (const metric of ['LPIPS', 'FID', 'KID', 'CLIP', 'Aesthetic'])
        expect(run.metrics[metric]?.status).toBe('skipped')
      expect((run.metrics.LPIPS as { reason: string }).reason).toContain(join(at.home, 'models'))
      expect(run.metrics.FVD).toEqual({ status: 'skipped', reason: 'not yet available in this version' })
      expect(run.metrics.PSNR?.status).toBe('ok')
      const preflight = await at.call('benchmark.preflight', { workspace: root, reference, prediction })
      expect(preflight.metrics.find(({ id }) => id === 'LPIPS')?.skipped).toContain('alexnet')
    } finally {
      if (before === undefined) delete process.env.PARALLAX_MODEL_PATH
      else process.env.PARALLAX_MODEL_PATH = before
      delete process.env.TORCH_HOME
      delete process.env.HF_HOME
    }
  })

  it('refuses folders without a common name, before anything starts', async () => {
    const root = temporaryFolder()
    const { reference } = await writePairs(root, 2)
    const other = await writePairs(temporaryFolder(), 0)
    const at = studio()
    await expect(
      benchmark(at, { workspace: root, reference, prediction: other.prediction }),
    ).rejects.toMatchObject({ code: 'no-pairs' })
    await expect(
      benchmark(at, {
        workspace: root,
        reference: join(reference, 'file_num1_frame_0.jpg'),
        prediction: reference,
      }),
    ).rejects.toMatchObject({ code: 'usage' })
    await expect(
      benchmark(at, { workspace: root, reference: join(root, 'no'), prediction: reference }),
    ).rejects.toMatchObject({ code: 'not-found' })
    expect(await at.call('jobs.list', {})).toEqual([])
  })

  it('takes several maps at once, by pattern or by evaluation run', async () => {
    const root = temporaryFolder()
    await writePairs(root, 2, { map: 'de_a' })
    await writePairs(root, 3, { map: 'de_b' })
    const at = studio()
    const groups: Request['groups'] = ['psnr_ssim']
    const byRun = await benchmark(at, {
      workspace: root,
      run: 'outputs_eval/exp1/test_20260101_000000',
      groups,
    })
    const byPattern = await benchmark(at, {
      workspace: root,
      reference: 'data/preprocessed_data/{map}/imgs',
      prediction: 'outputs_eval/exp1/test_20260101_000000/gen_imgs/{map}',
      groups,
    })
    expect(byRun.map(({ map, pairs }) => [map, pairs])).toEqual([
      ['de_a', 2],
      ['de_b', 3],
    ])
    expect(byPattern.map(({ id }) => id)).toEqual(byRun.map(({ id }) => id))
    const workspace = await at.call('workspaces.open', { root })
    expect(workspace.evaluationRuns[0].maps.map(({ map, benchmarked }) => [map, benchmarked])).toEqual([
      ['de_a', 1],
      ['de_b', 1],
    ])
  })

  it('keeps what is finished when it is cancelled, and goes on from there to the same numbers', async () => {
    const root = temporaryFolder()
    const { reference, prediction } = await writePairs(root, 60)
    const at = studio()
    const request: Request = {
      workspace: root,
      reference,
      prediction,
      groups: ['psnr_ssim', 'ms_ssim', 'boundary'],
    }
    const { id } = await at.call('benchmark.start', { device: 'cpu', ...request })
    for await (const event of at.studio.open(
      'jobs.watch',
      { jobId: id },
      new AbortController().signal,
    ) as AsyncIterable<{ job?: { progress?: { done: number } } }>) {
      if ((event.job?.progress?.done ?? 0) >= 10) await at.call('jobs.cancel', { jobId: id })
    }
    expect((await at.call('jobs.get', { jobId: id })).status).toBe('cancelled')
    const [stopped] = await at.call('runs.list', {})
    expect(stopped.status).toBe('cancelled')
    expect(stopped.pairs).toBeGreaterThan(0)
    expect(stopped.pairs).toBeLessThan(60)
    const [resumed] = await benchmark(at, request)
    expect(resumed.id).toBe(stopped.id)
    expect(resumed.pairs).toBe(60)
    const [whole] = await benchmark(at, { ...request, fresh: true })
    expect(resumed.metrics).toEqual(whole.metrics)
  })

  it('compares two runs on the frames both have and says whether the difference is real', async () => {
    const root = temporaryFolder()
    await writePairs(root, 12, { experiment: 'worse', shift: 30 })
    await writePairs(root, 12, { experiment: 'better', shift: 8 })
    const at = studio()
    const runOf = async (experiment: string) =>
      (
        await benchmark(at, {
          workspace: root,
          run: `outputs_eval/${experiment}/test_20260101_000000`,
          groups: ['psnr_ssim'],
        })
      )[0]
    const [a, b] = [await runOf('worse'), await runOf('better')]
    const comparison = await at.call('runs.compare', { a: a.id.slice(0, 8), b: b.id })
    const psnr = comparison.paired.find(({ metric }) => metric === 'PSNR')!
    expect(psnr).toMatchObject({ frames: 12, verdict: 'B is better' })
    expect(psnr.betterShare).toBeGreaterThan(0.5)
    expect(psnr.interval[0]).toBeGreaterThan(0)
    expect(comparison.cautions).toEqual([])
    const self = await at.call('runs.compare', { a: a.id, b: a.id })
    expect(self.paired[0].verdict).toBe('no clear difference')
  })

  it('notices a file that changed under an unfinished run', async () => {
    const root = temporaryFolder()
    const { reference, prediction, names } = await writePairs(root, 4)
    const at = studio()
    const request: Request = { workspace: root, reference, prediction, groups: ['psnr_ssim'] }
    const [before] = await benchmark(at, request)
    const later = new Date(Date.now() + 5000)
    utimesSync(join(prediction, names[2]), later, later)
    const [after] = await benchmark(at, request)
    // Touched but equal: looked at again, with the same result.
    expect(after.metrics).toEqual(before.metrics)
    expect(existsSync(join(at.home, 'parallax.db'))).toBe(true)
  })
})
