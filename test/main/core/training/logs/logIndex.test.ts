import { appendFile, mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPool } from '../../../../../src/main/workers/pool.ts'
import { createLogIndex, type LogIndex } from '../../../../../src/main/core/training/logs/logIndex.ts'
import { assembleRuns } from '../../../../../src/main/core/training/logs/runs.ts'
import {
  runScanTask,
  type ScanResult,
  type ScanTask,
} from '../../../../../src/main/core/training/logs/scanTask.ts'
import { trainingRepository } from '../../../../../src/main/core/training/training.repository.ts'
import { openTestDatabase } from '../processes/harness.ts'
import { record, rowsOf, stepRecord } from './samples.ts'

let root: string
let index: LogIndex
let db: ReturnType<typeof openTestDatabase>
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-logs-'))
  db = openTestDatabase(':memory:')
  index = createLogIndex({ repository: trainingRepository(db), runTask: runScanTask, threads: 2 })
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  db.close()
  await rm(root, { recursive: true, force: true })
})

const args = (more = '') =>
  record(0, `training_args: TrainingArguments(\noutput_dir=outputs/csgo_1b/exp5,\nsave_steps=10,\n${more})`)
const steps = (from: number, to: number, pid = 100) =>
  Array.from({ length: to - from + 1 }, (_, i) => stepRecord(from + i, 1 / (from + i), { pid })).join('')

async function write(path: string, text: string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, text)
  return full
}
const stepsOf = (path: string) => {
  const { step } = index.load(path)!.tables
  return [...step.steps.subarray(0, step.rows)]
}

describe('the log index', () => {
  it('reads all logs of a workspace once, and then only what is new', async () => {
    const a = await write('logs/csgo_1b/exp5/train_20260101_000000/train.log', args() + steps(1, 5))
    await write('logs/csgo_1b/exp6/train_20260101_000000/train.log', steps(1, 3))
    await write('fst_logs/77.out', `{'loss': 1.5, 'epoch': 0.1}\n`)
    await write('data/preprocessed_data/train.log', steps(1, 3))
    await write(
      'outputs/csgo_1b/exp5/checkpoint-10/trainer_state.json',
      '{"log_history": [{"loss": 1, "step": 10}]}',
    )
    await write(
      'outputs/csgo_1b/exp5/checkpoint-9/trainer_state.json',
      '{"log_history": [{"loss": 1, "step": 9}]}',
    )
    expect(await index.scan(root)).toMatchObject({ files: 4, readFiles: 4, problems: [] })
    expect(await index.scan(root)).toMatchObject({ files: 4, readFiles: 0, readBytes: 0 })
    const added = steps(6, 7)
    await appendFile(a, added)
    expect(await index.scan(root)).toMatchObject({ readFiles: 1, readBytes: Buffer.byteLength(added) })
    expect(stepsOf(a)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('waits for the end of a line that is still being written', async () => {
    const line = stepRecord(3, 0.25)
    const a = await write('logs/x/train.log', steps(1, 2) + line.slice(0, 60))
    await index.scan(root)
    expect(stepsOf(a)).toEqual([1, 2])
    await appendFile(a, line.slice(60))
    await index.scan(root)
    expect(rowsOf(index.load(a)!.tables.step)[2]).toMatchObject({ Loss: 0.25, LR: 1e-4, total_loss: 0.25 })
  })

  it('reads a file again from its beginning when it was truncated, replaced or rewritten', async () => {
    const a = await write('logs/x/train.log', steps(1, 6))
    await index.scan(root)
    await truncate(a, Buffer.byteLength(steps(1, 2)))
    await index.scan(root)
    expect(stepsOf(a)).toEqual([1, 2])
    await rename(await write('logs/x/new', steps(11, 19)), a)
    await index.scan(root)
    expect(stepsOf(a)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19])
    await writeFile(a, steps(31, 45))
    await index.scan(root)
    expect(stepsOf(a)).toEqual(Array.from({ length: 15 }, (_, i) => 31 + i))
  })

  it('forgets logs that were removed and reports those it cannot read', async () => {
    const a = await write('logs/x/train.log', steps(1, 2))
    await write('outputs/y/trainer_state.json', 'no json')
    const first = await index.scan(root)
    expect(first.problems).toMatchObject([
      {
        path: join(root, 'outputs/y/trainer_state.json'),
        message: expect.stringContaining('not a trainer state') as string,
      },
    ])
    await rm(a)
    expect(await index.scan(root)).toMatchObject({ files: 1, removedFiles: 1 })
    expect(index.logs(root)).toEqual([])
  })

  it('reads in worker threads just the same', async () => {
    const pool = createPool<ScanTask, ScanResult>({
      entry: new URL('../../../../../src/main/workers/trainLog.worker.ts', import.meta.url),
      size: 2,
    })
    closers.push(() => pool.close())
    index = createLogIndex({
      repository: trainingRepository(db),
      runTask: (task) => pool.run(task),
      threads: 2,
    })
    const paths = await Promise.all([1, 2, 3, 4, 5].map((n) => write(`logs/e${n}/train.log`, steps(1, n))))
    await index.scan(root)
    await appendFile(paths[4]!, steps(6, 9))
    await index.scan(root)
    expect(paths.map((path) => stepsOf(path).length)).toEqual([1, 2, 3, 4, 9])
  })
})

describe('assembleRuns', () => {
  it('puts launches of an experiment together, marks logs of other ranks, and joins trainer_state.json', async () => {
    const main = await write('logs/csgo_1b/exp5/train_20260210_014500/train.log', args() + steps(1, 5))
    const rank = await write('logs/csgo_1b/exp5/train_20260210_014501/train.log', '')
    const failed = await write('logs/csgo_1b/exp5/train_20260210_020000/train.log', args())
    const resumed = await write(
      'logs/csgo_1b/exp5/train_20260211_000000/train.log',
      args('gradient_accumulation_steps=4,\n') + steps(4, 9, 300),
    )
    const state = await write(
      'outputs/csgo_1b/exp5/checkpoint-9/trainer_state.json',
      '{"log_history": [{"loss": 1, "step": 9}]}',
    )
    await write(
      'outputs/csgo_1b/exp7/checkpoint-3/trainer_state.json',
      '{"log_history": [{"loss": 1, "step": 3}]}',
    )
    await index.scan(root)
    const runs = assembleRuns(root, index.logs(root))
    expect(runs.map(({ id }) => id).toSorted()).toEqual(['logs/csgo_1b/exp5', 'outputs/csgo_1b/exp7'])
    const run = runs.find(({ experiment }) => experiment === 'exp5')!
    expect(run).toMatchObject({
      firstStep: 1,
      lastStep: 9,
      metricLines: 11,
      outputDirs: ['outputs/csgo_1b/exp5'],
      seriesPaths: [main, resumed, state],
    })
    expect(run.launches.map(({ path, siblingOf }) => [path, siblingOf])).toEqual([
      [main, null],
      [rank, main],
      [failed, null],
      [resumed, null],
    ])
    expect(run.keys.map(({ id }) => id)).toEqual([
      'step:line:Loss',
      'step:line:LR',
      'step:line:Epoch',
      'step:info:total_loss',
      'step:info:gen_indices',
      'state:line:loss',
    ])
  })
})
