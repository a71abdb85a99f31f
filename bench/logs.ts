/**
 * How fast old training logs are read: one core, all cores through the index, and what the next start reads. The tree
 * is like a real workspace: step lines with Other Info and Timing, loss lines, tables of parameters.
 */
import { appendFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogIndex } from '../src/main/core/training/logs/logIndex.ts'
import { readLog } from '../src/main/core/training/logs/readLog.ts'
import { runScanTask, type ScanResult, type ScanTask } from '../src/main/core/training/logs/scanTask.ts'
import { openDatabase } from '../src/main/core/store/database.ts'
import { trainingRepository } from '../src/main/core/training/training.repository.ts'
import { workerEntry } from '../src/main/paths.ts'
import { createPool } from '../src/main/workers/pool.ts'

const files = 200
const fileBytes = 1_000_000
const rounds = 3

/** Makes 200 MB of logs and prints the speeds. */
export async function benchLogs(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'parallax-bench-logs-'))
  const pool = createPool<ScanTask, ScanResult>({
    entry: workerEntry('trainLog'),
    size: availableParallelism(),
  })
  const db = openDatabase(join(root, 'bench.db'))
  try {
    const paths = await makeTree(join(root, 'work'))
    await timeOneCore(paths)
    const index = createLogIndex({
      repository: trainingRepository(db),
      runTask: (task) => pool.run(task),
      threads: availableParallelism(),
    })
    const work = join(root, 'work')
    const first = await index.scan(work)
    print('first scan, all cores', `${speed(first.readBytes, first.seconds)} MB/s, ${first.readFiles} logs`)
    index.forget(work)
    const warm = await index.scan(work)
    print('again, threads warm', `${speed(warm.readBytes, warm.seconds)} MB/s`)
    const second = await index.scan(work)
    print('nothing new', `${second.readBytes} B read in ${(second.seconds * 1000).toFixed(0)} ms`)
    for (const path of paths.slice(0, 3)) await appendFile(path, stepLine(1_000_000))
    const third = await index.scan(work)
    print(
      'three logs grew by a line',
      `${third.readBytes} B read of ${third.readFiles} logs in ${(third.seconds * 1000).toFixed(0)} ms`,
    )
  } finally {
    await pool.close()
    db.close()
    await rm(root, { recursive: true, force: true })
  }
}

/** Processor time of this thread, which other programs do not lengthen; the first round warms up. */
async function timeOneCore(paths: readonly string[]): Promise<void> {
  const read = await timeRounds(paths, (path) => readLog(path, { isComplete: true }))
  print('one core, reading', read)
  const scanned = await timeRounds(paths, (path) => runScanTask({ path, known: null }))
  print('one core, with anomalies', scanned)
}

/** Speeds of a few rounds over all files. */
async function timeRounds(
  paths: readonly string[],
  act: (path: string) => Promise<unknown>,
): Promise<string> {
  const speeds: number[] = []
  for (let round = 0; round < rounds; round++) {
    let bytes = 0
    const before = process.cpuUsage()
    for (const path of paths) {
      await act(path)
      bytes += (await stat(path)).size
    }
    const { user, system } = process.cpuUsage(before)
    speeds.push(bytes / (user + system))
  }
  return `${speeds.map((value) => value.toFixed(0)).join(', ')} MB/s in ${rounds} rounds`
}

async function makeTree(workspace: string): Promise<string[]> {
  const paths: string[] = []
  for (let file = 0; file < files; file++) {
    const time = `202603${String((file % 28) + 1).padStart(2, '0')}_1200${String(file % 60).padStart(2, '0')}`
    const folder = join(workspace, 'logs/csgo_1b', `exp${file >> 2}`, `train_${time}`)
    await mkdir(folder, { recursive: true })
    const lines = [parameterTable()]
    let bytes = 0
    for (let step = 1; bytes < fileBytes; step++) {
      const line = file % 3 === 0 ? lossLine(step) : stepLine(step)
      bytes += line.length
      lines.push(line)
    }
    const path = join(folder, 'train.log')
    await writeFile(path, lines.join(''))
    paths.push(path)
  }
  return paths
}

const clock = (step: number) =>
  new Date(Date.UTC(2026, 2, 1) + step * 2000).toISOString().slice(0, 19).replace('T', ' ')
const record = (step: number, message: string) =>
  `${clock(step)} - INFO - ${message} - (4711:train_csgo.py:1969)\n`
const noise = (step: number, salt: number) => ((step * 2654435761 + salt * 40503) % 1_000_003) / 1_000_003

function stepLine(step: number): string {
  const info = ['loc_indices', 'total_loss', 'loc_loss', 'alpha_loc', 'gen_loss', 'loc_aux_loss', 'repa_loss']
    .map((key, at) => `'${key}': ${at === 0 ? 8 : noise(step, at)}`)
    .join(', ')
  return record(
    step,
    `[ Step ${step} ] Loss: ${noise(step, 9).toFixed(6)} | LR: 1.0000e-04 | Epoch: 0.12 | Other Info: {${info}} | Timing(total=28.0508s, batch=0.0054s, forward=14.2538s)`,
  )
}
const lossLine = (step: number) =>
  record(
    step,
    `total_loss: ${noise(step, 1).toFixed(6)}, masked_loc_loss: ${noise(step, 2).toFixed(6)}, masked_gen_loss: ${noise(step, 3).toFixed(6)}`,
  )
const parameterTable = () =>
  Array.from(
    { length: 1500 },
    (_, row) => `  ${row}  model.layers.${row}.weight  torch.Size([1152])  True\n`,
  ).join('')

const speed = (bytes: number, seconds: number) => (bytes / 1e6 / seconds).toFixed(0)
const print = (what: string, value: string) => process.stdout.write(`${what.padEnd(28)}${value}\n`)
