/** Benchmarking speed: pairs per second, memory, and the ratio to the reference script on the same frames. */
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFrames } from './frames.ts'

const cli = fileURLToPath(new URL('../src/main/hosts/cli/index.ts', import.meta.url))
const reference = fileURLToPath(new URL('reference.py', import.meta.url))
const python = process.env.PARALLAX_BENCH_PYTHON ?? 'python3'

type Measured = {
  seconds: number
  pairs: number
  peakMegabytes: number
  skipped: string[]
  stages: Record<string, number>
}

/** @param pairs how many pairs to make and measure. */
export async function benchMetrics(pairs: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'parallax-bench-'))
  try {
    process.stdout.write(`Making ${pairs} pairs: 1280×720 ground truth, 448×448 predictions…\n`)
    const { gt, pred } = await makeFrames(root, pairs)
    const home = join(root, 'home')
    const canCompare =
      spawnSync(python, ['-c', 'import torch, torchmetrics, torchvision'], { stdio: 'ignore' }).status === 0
    if (!canCompare)
      process.stdout.write(
        `No ratios: ${python} cannot import torch, torchvision and torchmetrics (PARALLAX_BENCH_PYTHON names another).\n`,
      )

    const cases: [title: string, flags: string[], others: string[], goal: string][] = [
      ['PSNR + SSIM', ['--psnr_ssim'], ['psnr_ssim'], '4'],
      ['PSNR + SSIM + LPIPS', ['--psnr_ssim', '--lpips'], ['psnr_ssim', 'lpips'], '2.5'],
      ['FID (768-d), nothing cached', ['--fid', '--fid_dims', '768'], ['fid'], ''],
      ['FID (768-d), ground truth cached', ['--fid', '--fid_dims', '768'], ['fid'], '2'],
    ]
    const times = new Map<string, number>()
    for (const [title, flags, others, goal] of cases) {
      if (title.includes('ground truth cached')) renewPredictions(pred)
      const ours = await measure(gt, pred, home, flags)
      if (ours.skipped.length > 0) {
        process.stdout.write(`${title.padEnd(34)} skipped: ${ours.skipped[0]}\n`)
        continue
      }
      const rate = `${(ours.pairs / ours.seconds).toFixed(1)} pairs/s, ${ours.seconds.toFixed(1)} s, peak ${ours.peakMegabytes.toFixed(0)} MB`
      let ratio = ''
      if (canCompare) {
        const theirs = others.reduce(
          (sum, metric) => sum + (times.get(metric) ?? remember(times, metric, gt, pred)),
          0,
        )
        ratio = `  reference ${theirs.toFixed(1)} s, ratio ${(theirs / ours.seconds).toFixed(2)}x${goal === '' ? '' : ` (goal ${goal}x)`}`
      }
      process.stdout.write(`${title.padEnd(34)} ${rate}${ratio}\n`)
      const stages = Object.entries(ours.stages).map(
        ([stage, perSecond]) => `${stage} ${perSecond.toFixed(0)}/s`,
      )
      if (stages.length > 0) process.stdout.write(`${''.padEnd(34)} per core: ${stages.join(', ')}\n`)
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** Seconds of the whole reference process, imports included, as its user waits for it. */
function remember(times: Map<string, number>, metric: string, gt: string, pred: string): number {
  const started = performance.now()
  const { stderr, status } = spawnSync(python, [reference, metric, gt, pred, '32'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The reference for ${metric} failed:\n${stderr}`)
  const seconds = (performance.now() - started) / 1000
  times.set(metric, seconds)
  return seconds
}

/** New predictions, old ground truth: the predictions get other bytes, as those of the next checkpoint would have. */
function renewPredictions(pred: string): void {
  for (const name of readdirSync(pred)) appendFileSync(join(pred, name), 'x')
}

/** Runs the command line as a user would and watches the memory of its process. */
async function measure(gt: string, pred: string, home: string, flags: string[]): Promise<Measured> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [cli, 'benchmark', '--gt', gt, '--pred', pred, '--json', '--fresh', ...flags],
    {
      env: { ...process.env, PARALLAX_HOME: home },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let peakMegabytes = 0
  const watching = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8')
      .then(
        (status) =>
          (peakMegabytes = Math.max(peakMegabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)),
      )
      .catch(() => {})
  }, 100)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((resolve) => child.on('exit', resolve))
  clearInterval(watching)
  const lines = text
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          type: string
          stages?: Record<string, number>
          pairs?: number
          metrics?: Record<string, { status: string; reason?: string }>
          error?: { message: string }
        },
    )
  const result = lines.at(-1)
  if (result?.type !== 'result') throw new Error(result?.error?.message ?? 'The benchmark gave no result.')
  const stages =
    lines.filter((line) => line.stages !== undefined && Object.keys(line.stages).length > 0).at(-1)?.stages ??
    {}
  const skipped = Object.values(result.metrics ?? {}).flatMap(({ status, reason }) =>
    status === 'ok' ? [] : [reason ?? ''],
  )
  return {
    seconds: (performance.now() - started) / 1000,
    pairs: result.pairs ?? 0,
    peakMegabytes,
    stages,
    skipped,
  }
}
