import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identify, isRunning } from '../../../../../src/main/core/training/processes/processIdentity.ts'
import {
  readRecord,
  writeRecord,
  type StartRecord,
} from '../../../../../src/main/core/training/processes/runFolder.ts'
import type { TrainingProcess } from '../../../../../src/shared/contract/training.ts'
import { fixture, startProcesses } from './harness.ts'

const node = process.execPath
let root: string
let open: ReturnType<typeof startProcesses>[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-training-'))
})
afterEach(async () => {
  for (const { processes, close } of open) {
    await Promise.all(
      processes
        .list()
        .map(({ id, status }) => (status === 'ended' ? null : processes.stop(id, { now: true }))),
    )
    close()
  }
  open = []
  await rm(root, { recursive: true, force: true })
})

function processesOf(options: Partial<Parameters<typeof startProcesses>[0]> = {}) {
  const started = startProcesses({
    database: join(root, 'db.sqlite'),
    folder: join(root, 'runs'),
    ...options,
  })
  open.push(started)
  return started.processes
}
type Processes = ReturnType<typeof processesOf>

const request = (argv: string[], env: Record<string, string> = {}) => ({
  workspace: root,
  cwd: root,
  argv,
  env,
})

async function until(
  processes: Processes,
  id: string,
  isDone: (process: TrainingProcess) => boolean,
): Promise<TrainingProcess> {
  const signal = AbortSignal.timeout(30_000)
  // Without an id the stream goes on after the end of the process.
  for await (const process of processes.watch(undefined, signal))
    if (process.id === id && isDone(process)) return process
  throw new Error('The process did not get there in time.')
}
const ended = (processes: Processes, id: string) => until(processes, id, ({ status }) => status === 'ended')
const contentOf = (path: string) => readFile(path, 'utf8')

async function waitForText(path: string, pattern: RegExp): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const text = await contentOf(path).catch(() => '')
    if (pattern.test(text)) return text
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${path} never held ${pattern}`)
}

describe('supervised processes', () => {
  it('runs a program to its end in the workspace and keeps all it wrote', async () => {
    const processes = processesOf()
    const { id } = await processes.start(
      request([node, '-e', 'console.log(process.cwd()); console.error("to stderr")']),
    )
    const over = await ended(processes, id)
    expect(over.reason).toMatchObject({ kind: 'finished', exitCode: 0 })
    expect((await contentOf(over.stdoutPath)).trim()).toBe(root)
    expect(await contentOf(over.stderrPath)).toBe('to stderr\n')
  })

  it('ends a program that forks children and ignores polite signals, all of it', async () => {
    const processes = processesOf()
    const { id, stdoutPath } = await processes.start(request([node, fixture('stubborn.ts')]))
    const text = await waitForText(stdoutPath, /(pid \d+\n[^]*){5}/)
    const family = [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => identify(Number(pid))!)
    expect(family).toHaveLength(5)
    const stopped = await processes.stop(id)
    expect(stopped.reason).toMatchObject({ kind: 'stopped', signal: 'SIGKILL' })
    expect(family.filter(isRunning)).toEqual([])
    const words = await contentOf(stdoutPath)
    expect(words).toContain('ignored SIGINT')
    expect(words).toContain('ignored SIGTERM')
  })

  it('finds the traceback of the rank that failed, not that of the launcher', async () => {
    const processes = processesOf()
    const { id } = await processes.start(request([node, fixture('ranks.ts')]))
    const over = await ended(processes, id)
    expect(over.reason).toMatchObject({
      kind: 'failed',
      exitCode: 1,
      text: 'Failed with exit code 1: RuntimeError: shapes do not fit',
    })
    expect(over.reason!.traceback).toContain('line 12, in main')
    expect((await contentOf(over.stdoutPath)).split('\n').filter(Boolean).toSorted()).toEqual([
      'rank 0 of 2',
      'rank 1 of 2',
    ])
  })

  it('follows 100,000 lines a second without losing or repeating one, in little memory', async () => {
    const processes = processesOf()
    const { id } = await processes.start(request([node, fixture('printer.ts'), '100000']))
    let rest = ''
    let next = 0
    let largest = 0
    for await (const piece of processes.tail(
      id,
      { stream: 'stdout', follow: true },
      AbortSignal.timeout(50_000),
    )) {
      largest = Math.max(largest, piece.text.length)
      const lines = (rest + piece.text).split('\n')
      rest = lines.pop()!
      for (const line of lines)
        if (line !== `line ${next++} 训练 ✅ loss: 0.123456`) expect(line).toBe(next - 1)
      if (piece.isEnd) break
    }
    expect(next).toBe(100_000)
    expect(rest).toBe('')
    expect(largest).toBeLessThanOrEqual(256 * 1024)
  })

  it('begins a tail at an offset or so many bytes before the end', async () => {
    const processes = processesOf()
    const { id } = await processes.start(request([node, '-e', 'console.log("中文".repeat(100))']))
    await ended(processes, id)
    const read = async (which: { fromOffset?: number; lastBytes?: number }) => {
      let text = ''
      for await (const piece of processes.tail(
        id,
        { stream: 'stdout', follow: true, ...which },
        AbortSignal.timeout(9000),
      ))
        text += piece.text
      return text
    }
    expect(await read({ fromOffset: 594 })).toBe('中文\n')
    // 6 bytes before the end is inside a character; that one is left out.
    expect(await read({ lastBytes: 6 })).toBe('文\n')
    expect((await read({})).length).toBe(201)
  })

  it('goes on when the engine is killed, is found again, and its exit code is known', async () => {
    const database = join(root, 'db.sqlite')
    const folder = join(root, 'runs')
    const engine = spawn(
      node,
      [fixture('engine.ts'), database, folder, root, node, fixture('epochs.ts'), '1800', '7'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const id = await new Promise<string>((resolve) =>
      engine.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
    )
    await waitForText(join(folder, id, 'stdout.log'), /step 2/)
    engine.kill('SIGKILL')
    await new Promise((resolve) => engine.once('exit', resolve))
    const processes = processesOf()
    expect(processes.show(id).status).toBe('running')
    const over = await ended(processes, id)
    expect(over.reason).toMatchObject({ kind: 'failed', exitCode: 7 })
    const output = await contentOf(over.stdoutPath)
    expect(output).toMatch(/step 1 token=hf_real_value_0123456789\n[^]*over\n$/)
    // The child had the secret; nothing that was stored has it.
    expect(over.env).toEqual({ HF_TOKEN: '••••••' })
    const stored = await Promise.all(
      (await readdir(join(folder, id)))
        .filter((name) => name.endsWith('.json'))
        .map((name) => contentOf(join(folder, id, name))),
    )
    expect(
      stored.join() +
        (await readFile(database, 'latin1')) +
        (await readFile(`${database}-wal`, 'latin1').catch(() => '')),
    ).not.toContain('hf_real_value')
  })

  it('knows the exit code of a run that ended while no engine was there', async () => {
    const first = startProcesses({ database: join(root, 'db.sqlite'), folder: join(root, 'runs') })
    const { id } = await first.processes.start(request([node, fixture('epochs.ts'), '300', '5']))
    first.close()
    await waitForText(join(root, 'runs', id, 'exit.json'), /exitCode/)
    expect(processesOf().show(id).reason).toMatchObject({ kind: 'failed', exitCode: 5 })
  })

  it('never takes a later process with the same pid for its own', async () => {
    const first = startProcesses({ database: join(root, 'db.sqlite'), folder: join(root, 'runs') })
    const { id } = await first.processes.start(request([node, fixture('epochs.ts'), '60000', '0']))
    await until(first.processes, id, ({ status }) => status === 'running')
    first.close()
    const folder = join(root, 'runs', id)
    const start = readRecord<StartRecord>(folder, 'process.json')!
    // As if both had ended unseen and this test had been given the child's pid.
    const bystander = identify(process.pid)!
    writeRecord(folder, 'process.json', {
      ...start,
      supervisor: { pid: bystander.pid, start: 'other' },
      child: { pid: bystander.pid, start: 'other' },
    })
    const processes = processesOf()
    expect(processes.show(id)).toMatchObject({ status: 'ended', reason: { kind: 'lost' } })
    for (const { pid } of [start.supervisor, start.child]) process.kill(pid, 'SIGKILL')
  })

  it('says lost when process and supervisor were both killed', async () => {
    const processes = processesOf()
    const { id } = await processes.start(request([node, fixture('epochs.ts'), '60000', '0']))
    await until(processes, id, ({ status }) => status === 'running')
    const start = readRecord<StartRecord>(join(root, 'runs', id), 'process.json')!
    for (const { pid } of [start.supervisor, start.child]) process.kill(pid, 'SIGKILL')
    expect((await ended(processes, id)).reason).toMatchObject({ kind: 'lost' })
  })

  it('tells apart how programs end', async () => {
    const processes = processesOf()
    const endOf = async (script: string) => {
      const { id } = await processes.start({ ...request([node, '-e', script]), force: true })
      return (await ended(processes, id)).reason
    }
    expect(await endOf('process.kill(process.pid, "SIGKILL")')).toMatchObject({
      kind: 'killed',
      signal: 'SIGKILL',
    })
    expect(await endOf('process.kill(process.pid, "SIGSEGV")')).toMatchObject({
      kind: 'killed',
      signal: 'SIGSEGV',
    })
    const cuda = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.'
    expect(
      await endOf(
        `console.error('Traceback (most recent call last):\\n  File "a.py", line 1\\n${cuda}'); process.exit(1)`,
      ),
    ).toMatchObject({
      kind: 'out-of-memory',
      text: `Out of memory (exit code 1): ${cuda}`,
    })
    expect(await endOf('process.exit(2)')).toMatchObject({ kind: 'failed', exitCode: 2, traceback: null })
  })

  it('queues a process while another uses its GPU, and starts it after', async () => {
    const processes = processesOf()
    const start = (gpus: string) =>
      processes.start(request([node, fixture('epochs.ts'), '400', '0'], { CUDA_VISIBLE_DEVICES: gpus }))
    const first = await start('0,1')
    const second = await start('1')
    const other = await start('2')
    const third = await start('1,2')
    expect([first, second, other, third].map(({ status }) => status)).toEqual([
      'starting',
      'queued',
      'starting',
      'queued',
    ])
    expect(second.waitsFor).toEqual([first.id])
    expect(processes.queue()).toMatchObject({
      running: [{ id: first.id }, { id: other.id }],
      queued: [{ id: second.id }, { id: third.id }],
    })
    const ends = await Promise.all([first, second, other, third].map(({ id }) => ended(processes, id)))
    expect(ends.map(({ reason }) => reason?.kind)).toEqual(['finished', 'finished', 'finished', 'finished'])
    expect(ends[1]!.startedAt!).toBeGreaterThanOrEqual(ends[0]!.endedAt!)
    expect(ends[3]!.startedAt!).toBeGreaterThanOrEqual(ends[1]!.endedAt!)
  })

  it('starts one of two that two engines ask for at the same time', async () => {
    const [one, two] = [processesOf(), processesOf()]
    const ask = (processes: Processes) =>
      processes.start(request([node, fixture('epochs.ts'), '300', '0'], { CUDA_VISIBLE_DEVICES: '0' }))
    const asked = await Promise.all([ask(one), ask(two), ask(one), ask(two)])
    expect(asked.filter(({ status }) => status === 'starting')).toHaveLength(1)
    const over = await Promise.all(asked.map(({ id }) => ended(two, id)))
    const inOrder = over.toSorted((a, b) => a.startedAt! - b.startedAt!)
    for (const [index, { startedAt }] of inOrder.entries())
      expect(startedAt!).toBeGreaterThanOrEqual(inOrder[index - 1]?.endedAt ?? 0)
  })

  it('tells who watches of a process that another engine or terminal started, from its start to its end', async () => {
    const [one, two] = [processesOf(), processesOf()]
    const seen: [id: string, status: string][] = []
    const leaving = new AbortController()
    const watching = (async () => {
      for await (const { id, status } of two.watch(undefined, leaving.signal)) {
        seen.push([id, status])
        if (status === 'ended') break
      }
    })()
    const { id } = await one.start(request([node, '-e', 'setTimeout(() => {}, 800)']))
    await watching
    leaving.abort()
    expect(new Set(seen.map(([of]) => of))).toEqual(new Set([id]))
    const states = seen.map(([, status]) => status)
    expect(states).toContain('running')
    expect(states.at(-1)).toBe('ended')
  })

  it('does not start what another engine has taken out of the queue', async () => {
    const [one, two] = [processesOf(), processesOf()]
    const long = [node, fixture('epochs.ts'), '60000', '0']
    const first = await one.start(request(long))
    const second = await one.start(request(long))
    await two.stop(second.id)
    await two.stop(first.id)
    expect((await ended(one, second.id)).reason?.text).toBe('Taken out of the queue.')
    expect(await readdir(join(root, 'runs', second.id))).not.toContain('process.json')
  })

  it('tells what an ended process left behind, and ends that too', async () => {
    const processes = processesOf()
    const { id, stdoutPath } = await processes.start(request([node, fixture('stubborn.ts'), 'forker']))
    const [, pid] = /pid (\d+)/.exec(await waitForText(stdoutPath, /pid \d+/))!
    const child = identify(Number(pid))!
    const left = await until(processes, id, ({ leftBehind }) => leftBehind > 0)
    expect(left).toMatchObject({ status: 'ended', reason: { kind: 'finished' }, leftBehind: 1 })
    expect(await processes.stop(id)).toMatchObject({ reason: { kind: 'finished' }, leftBehind: 0 })
    expect(isRunning(child)).toBe(false)
  })

  it('hides secrets in what it shows of an output, wherever a piece ends', async () => {
    const processes = processesOf()
    const secret = 'wandb0secret0value'
    const script =
      "const k = process.env.WANDB_API_KEY; process.stdout.write('key ' + k.slice(0, 5)); setTimeout(() => console.log(k.slice(5) + ' and ' + k), 300)"
    const { id } = await processes.start(request([node, '-e', script], { WANDB_API_KEY: secret }))
    let text = ''
    for await (const piece of processes.tail(
      id,
      { stream: 'stdout', follow: true },
      AbortSignal.timeout(30_000),
    ))
      text += piece.text
    expect(text).toBe('key •••••• and ••••••\n')
  })

  it('starts a queued process that a closed engine left, unless its secrets are gone', async () => {
    const first = startProcesses({ database: join(root, 'db.sqlite'), folder: join(root, 'runs') })
    const busy = await first.processes.start(
      request([node, fixture('epochs.ts'), '60000', '0'], { CUDA_VISIBLE_DEVICES: '0' }),
    )
    const plain = await first.processes.start(
      request([node, fixture('epochs.ts'), '10', '0'], { CUDA_VISIBLE_DEVICES: '0' }),
    )
    const secret = await first.processes.start(
      request([node, fixture('epochs.ts'), '10', '0'], {
        CUDA_VISIBLE_DEVICES: '0',
        WANDB_API_KEY: 'k'.repeat(40),
      }),
    )
    first.close()
    for (const { id } of [plain, secret]) {
      const record = readRecord<{ owner: string }>(join(root, 'runs', id), 'queue.json')!
      expect(JSON.stringify(record)).not.toContain('kkkk')
      writeRecord(join(root, 'runs', id), 'queue.json', { ...record, owner: 'engine:999999:1' })
    }
    const processes = processesOf({ environment: { ...process.env, WANDB_API_KEY: undefined } })
    expect((await processes.stop(busy.id)).reason?.kind).toBe('stopped')
    expect((await ended(processes, plain.id)).reason?.kind).toBe('finished')
    expect((await ended(processes, secret.id)).reason).toMatchObject({
      kind: 'not-started',
      text: expect.stringContaining('WANDB_API_KEY') as string,
    })
  })

  it('takes a waiting process out of the queue and removes ended ones', async () => {
    const processes = processesOf()
    const first = await processes.start(request([node, fixture('epochs.ts'), '60000', '0']))
    const second = await processes.start(request([node, fixture('epochs.ts'), '60000', '0']))
    expect((await processes.stop(second.id)).reason).toMatchObject({
      kind: 'stopped',
      text: 'Taken out of the queue.',
    })
    expect(() => processes.forget(first.id)).toThrow(/still runs/)
    await processes.stop(first.id)
    expect(processes.forget(first.id)).toBe(true)
    expect(processes.list().map(({ id }) => id)).toEqual([second.id])
  })

  describe('refuses what cannot work before anything is started', () => {
    it('no Python', async () => {
      const processes = processesOf({ environment: { PATH: join(root, 'nowhere') } })
      await expect(processes.start(request(['python', 'train_csgo.py']))).rejects.toMatchObject({
        code: 'missing-program',
        message: 'The program python was not found.',
      })
      expect(processes.list()).toEqual([])
      expect(await readdir(root)).not.toContain('runs')
    })

    it('a script that is missing or may not be read', async () => {
      const python = join(root, 'python3')
      await writeFile(python, '', { mode: 0o755 })
      await expect(
        processesOf().start(request([python, '-u', 'train_csgo.py', '--x', 'y.py'])),
      ).rejects.toMatchObject({
        code: 'not-found',
        message: `The script ${join(root, 'train_csgo.py')} does not exist.`,
      })
    })

    it('a program without permission', async () => {
      const program = join(root, 'tool')
      await writeFile(program, '', { mode: 0o644 })
      await expect(processesOf().start(request([program]))).rejects.toMatchObject({ code: 'permission' })
    })

    it('a folder that does not exist', async () => {
      await expect(
        processesOf().start({ ...request([node]), cwd: join(root, 'gone') }),
      ).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  it('says why when the system refuses to start a program', async () => {
    const program = join(root, 'broken')
    await mkdir(join(root, 'runs'), { recursive: true })
    await writeFile(program, '#!/nowhere/interpreter\n', { mode: 0o755 })
    const processes = processesOf()
    const { id } = await processes.start(request([program]))
    expect((await ended(processes, id)).reason).toMatchObject({ kind: 'not-started', exitCode: null })
  })

  it('runs a script with the chosen Python of a virtual environment', async () => {
    const folder = join(root, 'env', 'bin')
    await mkdir(folder, { recursive: true })
    await writeFile(join(root, 'env', 'pyvenv.cfg'), '')
    const python = join(folder, 'python')
    await writeFile(
      python,
      `#!${node}\nconsole.log(JSON.stringify([process.env.VIRTUAL_ENV, process.env.PATH.split(':')[0], process.env.PYTHONUNBUFFERED, process.argv.slice(2)]))\n`,
      { mode: 0o755 },
    )
    await writeFile(join(root, 'train.py'), '')
    const processes = processesOf()
    const { id } = await processes.start({ ...request(['python', 'train.py', '--lr', '1e-4']), python })
    const over = await ended(processes, id)
    expect(JSON.parse(await contentOf(over.stdoutPath))).toEqual([
      join(root, 'env'),
      folder,
      '1',
      ['train.py', '--lr', '1e-4'],
    ])
  })
})
