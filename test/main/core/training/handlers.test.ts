import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runScanTask } from '../../../../src/main/core/training/logs/scanTask.ts'
import { createTraining, type Training } from '../../../../src/main/core/training/training.ts'
import { training as contract, seriesRequest } from '../../../../src/shared/contract/training.ts'
import { record, stepRecord } from './logs/samples.ts'
import { openTestDatabase } from './processes/harness.ts'

let root: string
let workspace: string
let db: ReturnType<typeof openTestDatabase>
let training: Training

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-handlers-'))
  workspace = join(root, 'work')
  await mkdir(workspace)
  db = openTestDatabase(':memory:')
  training = createTraining({
    db,
    homeFolder: join(root, 'home'),
    door: 'engine',
    runScanTask,
    supervisor: {
      file: fileURLToPath(
        new URL('../../../../src/main/core/training/processes/supervisor.ts', import.meta.url),
      ),
      node: process.execPath,
    },
  })
})
afterEach(async () => {
  training.close()
  db.close()
  await rm(root, { recursive: true, force: true })
})

async function writeLog(exp: string, text: string): Promise<string> {
  const folder = join(workspace, 'logs/csgo_1b', exp, 'train_20260210_014500')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'train.log'), text)
  return join(folder, 'train.log')
}
const header = record(
  0,
  'training_args: TrainingArguments(\ngradient_accumulation_steps=2,\noutput_dir=outputs/csgo_1b/exp5,\nsave_steps=10,\nsave_strategy=SaveStrategy.STEPS,\nsave_total_limit=1,\n)',
)

describe('the training operations', () => {
  it('go from logs to runs, curves that grow, and checkpoints', async () => {
    const { handlers } = training
    const path = await writeLog('exp5', header + stepRecord(1, 4) + stepRecord(2, 2))
    await mkdir(join(workspace, 'outputs/csgo_1b/exp5/checkpoint-10'), { recursive: true })
    expect(contract['logs.index'].output.parse(await handlers['logs.index']({ workspace }))).toMatchObject({
      readFiles: 1,
    })
    const runs = contract['training.runs'].output.parse(await handlers['training.runs']({ workspace }))
    expect(runs).toMatchObject([{ id: 'logs/csgo_1b/exp5', experiment: 'exp5', lastLoss: 2, lastStep: 2 }])

    const ask = (more: object) =>
      handlers['training.series'](
        seriesRequest.parse({ workspace, run: 'logs/csgo_1b/exp5', keys: ['Loss'], ...more }),
      )
    expect(await ask({})).toMatchObject([{ x: [1, 2], y: [4, 2] }])
    // A running job writes on; the curve follows without a scan.
    await appendFile(path, stepRecord(3, 1))
    expect(contract['training.series'].output.parse(await ask({}))).toMatchObject([
      { x: [1, 2, 3], y: [4, 2, 1] },
    ])

    const folders = contract['training.checkpoints'].output.parse(
      await handlers['training.checkpoints']({ workspace, run: 'logs/csgo_1b/exp5' }),
    )
    expect(folders).toMatchObject([
      {
        outputDir: join(workspace, 'outputs/csgo_1b/exp5'),
        checkpoints: [{ step: 10, willBeDeleted: true }],
        nextSaveStep: 20,
      },
    ])
  })

  it('inspect a log as the command line does, with a NaN as JSON can say it', async () => {
    const path = await writeLog('exp6', stepRecord(1, 1) + stepRecord(2, 'nan'))
    const found = contract['logs.inspect'].output.parse(
      JSON.parse(JSON.stringify(await training.handlers['logs.inspect']({ path }))),
    )
    expect(found).toMatchObject({
      metricLines: 2,
      keys: ['Loss', 'LR', 'Epoch', 'total_loss', 'gen_indices'],
      first: { Loss: 1 },
      last: { Loss: 'NaN' },
      spanSeconds: 10,
    })
    await expect(training.handlers['logs.inspect']({ path: join(root, 'none.log') })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('follow a script that writes no log by what it prints: dicts on stdout, a bar on stderr', async () => {
    const { handlers } = training
    const { id } = await handlers['training.start']({
      workspace,
      argv: [
        process.execPath,
        '-e',
        `console.log("{'loss': 1.5, 'epoch': 0.1}\\n{'loss': 0.5, 'epoch': 0.2}")
         console.error(' 20%|██        | 2/10 [00:04<00:16,  2.00s/it]')`,
      ],
      env: {},
      force: false,
    })
    for await (const { status } of handlers['training.watch']({ id }, AbortSignal.timeout(20_000)))
      if (status === 'ended') break
    const monitor = contract['training.monitor'].output.parse(await handlers['training.monitor']({ id }))
    expect(monitor).toMatchObject({
      run: { id: `process:${id}`, lastLoss: 0.5 },
      launch: null,
      bar: { done: 2, total: 10, stepsPerSecond: 0.5 },
      silence: null,
    })
    const [series] = await handlers['training.series'](
      seriesRequest.parse({ workspace, run: monitor.run!.id, keys: ['loss'] }),
    )
    expect(series).toMatchObject({ x: [1, 2], y: [1.5, 0.5], stepSource: 'counted' })
    // A scan of the workspace does not take the output for a log that is gone.
    await handlers['logs.index']({ workspace })
    expect((await handlers['training.monitor']({ id })).run?.id).toBe(`process:${id}`)
  })

  it('follow a script by the log it writes into its output folder, its own start and not an earlier one', async () => {
    const { handlers } = training
    await writeLog('exp5', header + stepRecord(1, 4) + stepRecord(2, 3))
    const now = (step: number) =>
      `${new Date().toLocaleString('sv')} - INFO - [ Step ${step} ] Loss: 2.0 | LR: 1e-4 | Epoch: 1.00 - (7:t.py:1)\n`
    const folder = join(workspace, 'logs/csgo_1b/exp5/train_20990101_000000')
    const script = join(workspace, 'train.mjs')
    await writeFile(
      script,
      `import { mkdirSync, writeFileSync } from 'node:fs'
       mkdirSync(${JSON.stringify(folder)}, { recursive: true })
       writeFileSync(${JSON.stringify(join(folder, 'train.log'))}, ${JSON.stringify(now(3) + now(4))})
       setInterval(() => {}, 1000)`,
    )
    const { id } = await handlers['training.start']({
      workspace,
      argv: [process.execPath, script, '--output_dir', 'outputs/csgo_1b/exp5'],
      env: {},
      force: false,
    })
    const log = join(folder, 'train.log')
    for (let monitor = await handlers['training.monitor']({ id }); monitor.launch?.path !== log;) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      await handlers['logs.index']({ workspace })
      monitor = await handlers['training.monitor']({ id })
    }
    const { run, launch } = await handlers['training.monitor']({ id })
    expect(launch).toMatchObject({ firstStep: 3, lastStep: 4 })
    expect(run).toMatchObject({ id: 'logs/csgo_1b/exp5', firstStep: 1, lastStep: 4 })
    expect((await handlers['training.stop']({ id, now: true })).status).toBe('ended')
  })

  it('say when a process that goes on has logged nothing for much longer than a step takes', async () => {
    const { handlers } = training
    const lines = [1, 2, 3, 4, 5].map((step) => stepRecord(step, 1)).join('')
    const { id, stdoutPath } = await handlers['training.start']({
      workspace,
      argv: [
        process.execPath,
        '-e',
        `process.stdout.write(${JSON.stringify(lines)}); setInterval(() => {}, 1000)`,
      ],
      env: {},
      force: false,
    })
    const monitored = async () =>
      contract['training.monitor'].output.parse(await handlers['training.monitor']({ id }))
    while ((await monitored()).run?.lastStep !== 5) await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await monitored()).silence).toBeNull()
    const tenMinutesAgo = Date.now() / 1000 - 600
    await utimes(stdoutPath, tenMinutesAgo, tenMinutesAgo)
    const { silence } = await monitored()
    expect(silence!.seconds).toBeGreaterThanOrEqual(600)
    expect(silence!.seconds).toBeLessThan(700)
    expect(silence!.usualSeconds).toBeLessThan(60)
    await handlers['training.stop']({ id, now: true })
    expect((await monitored()).silence).toBeNull()
  })

  it('name what they do not know', async () => {
    const { handlers } = training
    await expect(
      handlers['training.series'](seriesRequest.parse({ workspace, run: 'nope', keys: ['Loss'] })),
    ).rejects.toMatchObject({ code: 'not-found' })
    expect(() => handlers['training.show']({ id: 'nope' })).toThrow(/no training process nope/)
    await expect(handlers['slurm.submit']({ workspace, script: 'none.sh', env: {} })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
