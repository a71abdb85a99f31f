/** The command line as people and scripts use it: real processes, their exit codes, and what survives their end. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Score } from '../../../../src/shared/domain/score.ts'
import { commandHelp } from '../../../../src/main/hosts/cli/command.ts'
import { commands } from '../../../../src/main/hosts/cli/commands/index.ts'
import { runCli, type CliResult } from '../../../support/cli.ts'
import { temporaryFolder, writePairs, type FramePair } from '../../../support/frames.ts'
import { cliEntry } from '../../../support/studio.ts'

const pairs = 100
const isRoot = process.getuid?.() === 0
let root: string
let frames: FramePair
/** No weights of this machine are found, so that what is skipped is the same everywhere. */
const bare = temporaryFolder('bare')
const env = { PARALLAX_MODEL_PATH: '', TORCH_HOME: bare, HF_HOME: bare, XDG_CACHE_HOME: bare }

beforeAll(async () => {
  root = temporaryFolder('workspace')
  frames = await writePairs(root, pairs)
  await writePairs(root, 3, { map: 'de_other' })
})

type Options = Partial<Parameters<typeof runCli>[1]>
const parallax = (args: readonly string[], options: Options = {}) =>
  runCli(args, {
    home: options.home ?? temporaryFolder('home'),
    cwd: root,
    ...options,
    env: { ...env, ...options.env },
  })
const benchmark = (more: readonly string[], options: Options = {}) =>
  parallax(['benchmark', '--gt', frames.reference, '--pred', frames.prediction, '--json', ...more], options)

type Result = { type: string; runId: string; pairs: number; metrics: Record<string, Score>; recipe: string }
const last = ({ json }: CliResult) => json.at(-1) as Result
const lines = ({ json }: CliResult, type: string) =>
  (json as { type: string; done?: number; earlier?: { finishedFrames: number } }[]).filter(
    (one) => one.type === type,
  )
const three = ['--psnr_ssim', '--ms_ssim', '--boundary']

describe('help', () => {
  it('names every flag of every command, in lines that fit their place', () => {
    for (const command of commands) {
      const text = commandHelp(command)
      expect(text.startsWith(`parallax ${command.name}`)).toBe(true)
      for (const { name, help } of command.flags) {
        expect(text, command.name).toContain(`--${name}`)
        expect(help.trim(), `${command.name} --${name}`).not.toBe('')
      }
      expect(text).toContain('--json')
    }
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length)
  })

  it('is printed on request with status 0, and for a wrong command on stderr with status 2', async () => {
    const [overview, one, group, wrong, version] = await Promise.all([
      parallax(['--help']),
      parallax(['benchmark', '--help']),
      parallax(['runs']),
      parallax(['benchmrak']),
      parallax(['--version']),
    ])
    expect([overview.status, overview.stderr]).toEqual([0, ''])
    for (const { name } of commands) expect(overview.stdout).toContain(`parallax ${name}`)
    expect([one.status, one.stdout.includes('--lpips_net')]).toEqual([0, true])
    expect([group.status, group.stdout, group.stderr.includes('runs compare')]).toEqual([2, '', true])
    expect([wrong.status, wrong.stdout]).toEqual([2, ''])
    expect(wrong.stderr).toContain('There is no command "benchmrak".')
    expect(version.stdout).toMatch(/^parallax \d+\.\d+\.\d+\n$/)
  })
})

describe.concurrent('wrong usage', () => {
  it.each([
    [['benchmark', '--gt', 'a', '--pred', 'b', '--lpisp'], 'Did you mean --lpips?'],
    [['benchmark', '--gt', 'a', '--pred', 'b', '--batch_size', 'many'], '--batch_size needs a number'],
    [['benchmark', '--gt'], '--gt needs a value'],
    [['benchmark', 'gt', 'pred'], 'Folders are given with --gt and --pred.'],
    [['benchmark', '--gt', 'none', '--pred', 'none'], 'none'],
    [['benchmark', '--psnr_ssim=no', '--gt', 'a', '--pred', 'b'], 'is a switch'],
    [['inspect'], 'Give one picture file.'],
    [['inspect', 'x.png', '--resize', 'big'], '--resize needs WIDTHxHEIGHT'],
    [['runs', 'compare', 'one'], 'Name 2 runs.'],
    [['serve', '--port', '70000'], '70000 is no port'],
  ])('%j ends with status 2 and says what to do', async (args, sentence) => {
    const { status, stderr, stdout } = await parallax(args)
    expect(stderr).toContain(sentence)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('is a JSON line, too, where JSON was asked for', async () => {
    const { status, json } = await parallax(['benchmark', '--json', '--gt', 'a', '--pred', 'b', '--lpisp'])
    expect(status).toBe(2)
    expect(json).toEqual([
      {
        type: 'error',
        error: { code: 'usage', message: 'Unknown flag --lpisp.', hint: 'Did you mean --lpips?' },
      },
    ])
  })

  it('of two folders that share no frame ends with status 2 before anything starts', async () => {
    const other = temporaryFolder('other')
    writeFileSync(join(other, 'unrelated.jpg'), readFileSync(join(frames.prediction, frames.names[0])))
    const home = temporaryFolder('home')
    const { status, json } = await parallax(
      ['benchmark', '--gt', frames.reference, '--pred', other, '--json'],
      { home },
    )
    expect([status, (json.at(-1) as { error: { code: string } }).error.code]).toEqual([2, 'no-pairs'])
    expect((await parallax(['runs', 'list', '--json'], { home })).json).toEqual([
      { type: 'result', count: 0 },
    ])
  })
})

describe('a benchmark', () => {
  it('ends its JSON lines with the result, and takes the flags of the script in either spelling', async () => {
    const home = temporaryFolder('home')
    const done = await benchmark(['--psnr-ssim', '--batch-size=8'], { home })
    expect(done.status).toBe(0)
    const types = new Set((done.json as { type: string }[]).map(({ type }) => type))
    expect([...types].sort()).toEqual(['preflight', 'progress', 'result'])
    expect(last(done)).toMatchObject({
      type: 'result',
      map: 'de_test',
      protocol: 'benchmark_csgo',
      provider: 'cpu',
      pairs,
      failedFrames: [],
      coverage: { Common_Count: pairs },
      metrics: {
        PSNR: { status: 'ok', n: pairs },
        SSIM: { status: 'ok', n: pairs },
        Coverage_GT: { status: 'ok' },
        Common_Count: { status: 'ok', value: pairs },
      },
    })
    const [listed, shown, jobs] = await Promise.all([
      parallax(['runs', 'list', '--json'], { home }),
      parallax(['runs', 'show', last(done).runId, '--json'], { home }),
      parallax(['jobs', 'list', '--json'], { home }),
    ])
    expect(listed.json).toEqual([
      expect.objectContaining({ type: 'run', id: last(done).runId, status: 'done' }),
      { type: 'result', count: 1 },
    ])
    expect(last(shown)).toMatchObject({ type: 'result', id: last(done).runId, command: expect.any(Array) })
    expect(jobs.json).toEqual([
      expect.objectContaining({ type: 'job', kind: 'benchmark', status: 'done' }),
      { type: 'result', count: 1 },
    ])
  })

  it('ends with status 4 when a metric asked for by name has no weights, and 0 with --all', async () => {
    const home = temporaryFolder('home')
    const few = [
      '--gt',
      'data/preprocessed_data/de_other/imgs',
      '--pred',
      'outputs_eval/exp1/test_20260101_000000/gen_imgs/de_other',
      '--json',
    ]
    const named = await parallax(['benchmark', ...few, '--clip'], { home })
    expect([named.status, last(named).metrics.CLIP?.status]).toEqual([4, 'skipped'])
    const all = await parallax(['benchmark', ...few, '--all'], { home })
    expect([all.status, last(all).metrics.PSNR?.status, last(all).metrics.CLIP?.status]).toEqual([
      0,
      'ok',
      'skipped',
    ])
    const strict = await parallax(['benchmark', ...few, '--all', '--strict'], { home })
    expect(strict.status).toBe(4)
  })

  it('is named by its run, and that command ends well and finds the same run again', async () => {
    const home = temporaryFolder('home')
    const done = await benchmark(['--all'], { home })
    const { runId } = last(done)
    const shown = (await parallax(['runs', 'show', runId, '--json'], { home })).json as {
      command?: string[]
    }[]
    const [program, ...args] = shown.find(({ command }) => command)?.command ?? []
    expect(program).toBe('parallax')
    const again = await parallax([...args, '--json'], { home })
    expect([again.status, last(again).runId]).toEqual([0, runId])
  })

  it('measures every map that {map} stands for, and their mean', async () => {
    const done = await parallax([
      ...['benchmark', '--json', '--pixel'],
      ...['--gt', 'data/preprocessed_data/{map}/imgs'],
      ...['--pred', 'outputs_eval/exp1/test_20260101_000000/gen_imgs/{map}'],
    ])
    expect(done.status).toBe(0)
    const { maps, metrics } = last(done) as unknown as {
      maps: Record<string, Result>
      metrics: Record<string, { value: number }>
    }
    expect(Object.keys(maps)).toEqual(['de_other', 'de_test'])
    const [a, b] = Object.values(maps).map((one) => (one.metrics.Pixel_MAE_255 as { value: number }).value)
    expect(metrics.Pixel_MAE_255.value).toBeCloseTo((a + b) / 2, 12)
  })

  it("ends with the script's own block with --classic", async () => {
    const { stdout, status } = await parallax([
      ...['benchmark', '--classic', '--psnr_ssim'],
      ...['--gt', 'data/preprocessed_data/de_other/imgs'],
      ...['--pred', 'outputs_eval/exp1/test_20260101_000000/gen_imgs/de_other'],
    ])
    expect(status).toBe(0)
    expect(stdout).toMatch(/\n={30}\n📊 Final Results\n={30}\nPSNR: \d+\.\d{4}\nSSIM: \d\.\d{4}\n={30}\n$/)
  })
})

describe('what ends early', () => {
  let whole: Result
  beforeAll(async () => {
    whole = last(await benchmark([...three, '--fresh']))
  })

  /** The numbers of a run, which must not depend on how often it was interrupted. */
  const numbers = ({ metrics }: Result) => metrics

  it('by Ctrl-C keeps the finished frames, and the same command goes on to the same numbers', async () => {
    const home = temporaryFolder('home')
    const stopped = await benchmark(three, {
      home,
      once: { when: /"done":([2-9]\d|\d{3})/, act: (kill) => kill('SIGINT') },
    })
    expect(stopped.status).toBe(130)
    expect(stopped.json.at(-1)).toMatchObject({ type: 'error', error: { code: 'cancelled' } })
    const [run] = (await parallax(['runs', 'list', '--json'], { home })).json
    expect(run).toMatchObject({ type: 'run', status: 'cancelled' })

    const finished = await benchmark(three, { home })
    expect(finished.status).toBe(0)
    expect(lines(finished, 'preflight')[0].earlier!.finishedFrames).toBeGreaterThanOrEqual(20)
    expect(numbers(last(finished))).toEqual(numbers(whole))
  })

  it('by kill -9 loses nothing either, and is marked as interrupted meanwhile', async () => {
    const home = temporaryFolder('home')
    const killed = await benchmark(three, {
      home,
      once: { when: /"done":([4-9]\d|\d{3})/, act: (kill) => kill('SIGKILL') },
    })
    expect(killed.status).toBeNull()
    const jobs = await parallax(['jobs', 'list', '--json'], { home })
    expect(jobs.json[0]).toMatchObject({ type: 'job', status: 'interrupted' })
    const finished = await benchmark(three, { home })
    expect(finished.status).toBe(0)
    expect(lines(finished, 'preflight')[0].earlier!.finishedFrames).toBeGreaterThan(0)
    expect(numbers(last(finished))).toEqual(numbers(whole))
  })

  it('of the reader (| head) is no error', async () => {
    const child = spawn(process.execPath, [cliEntry, 'benchmark', '--help'], {
      env: { ...process.env, PARALLAX_HOME: temporaryFolder('home') },
    })
    let stderr = ''
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    child.stdout.destroy()
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('two processes on one database', () => {
  it('benchmark at once, each with its own numbers, and either sees both', async () => {
    const home = temporaryFolder('home')
    const [first, second] = await Promise.all([
      benchmark(['--psnr_ssim', '--batch_size', '8'], { home }),
      benchmark(['--boundary'], { home }),
    ])
    expect([first.status, second.status], first.stderr + second.stderr).toEqual([0, 0])
    const alone = await benchmark(['--psnr_ssim', '--batch_size', '8'])
    expect(last(first).metrics.PSNR).toEqual(last(alone).metrics.PSNR)
    const { json } = await parallax(['runs', 'list', '--json'], { home })
    expect(json.at(-1)).toEqual({ type: 'result', count: 2 })
  })
})

describe('the other commands', () => {
  it('inspect gives size, mode and hash of what a metric sees', async () => {
    const { json } = await parallax([
      'inspect',
      join(frames.reference, frames.names[0]),
      '--json',
      '--resize',
      '16x8',
    ])
    expect(json).toEqual([
      expect.objectContaining({
        type: 'result',
        width: 16,
        height: 8,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ])
  })

  it('models list and doctor end with one result line', async () => {
    const home = temporaryFolder('home')
    const [models, doctor] = await Promise.all([
      parallax(['models', 'list', '--json'], { home }),
      parallax(['doctor', '--json'], { home }),
    ])
    expect(models.json.at(-1)).toMatchObject({
      type: 'result',
      folder: join(home, 'models'),
      models: expect.any(Array),
    })
    expect(doctor.json.at(-1)).toMatchObject({ type: 'result', ok: expect.any(Boolean) })
    expect((doctor.json as { type: string; area?: string }[]).map(({ area }) => area)).toContain('database')
  })

  it('say in words when a file cannot be written', async () => {
    const home = temporaryFolder('home')
    const { runId } = last(await benchmark(['--pixel'], { home }))
    const nowhere = await parallax(['runs', 'export', runId, '--output', join(root, 'none/x.csv')], { home })
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining('does not exist')])
    if (!existsSync('/dev/full')) return
    const full = await parallax(['runs', 'export', runId, '--output', '/dev/full'], { home })
    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('the disk is full')])
    const output = spawnSync(
      'sh',
      ['-c', '"$0" "$1" runs export "$2" > /dev/full', process.execPath, cliEntry, runId],
      {
        env: { ...process.env, PARALLAX_HOME: home },
        encoding: 'utf8',
      },
    )
    expect([output.status, output.stderr]).toEqual([1, expect.stringContaining('the disk is full')])
  })

  it('say in words when the data folder is of no use', async () => {
    const file = join(temporaryFolder('home'), 'file')
    writeFileSync(file, '')
    const { status, stderr } = await parallax(['runs', 'list'], { home: file })
    expect(status).not.toBe(0)
    expect(stderr).toContain(file)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it.skipIf(isRoot)('say whose permission is missing (skipped: root may do everything)', async () => {
    const home = join(temporaryFolder('home'), 'closed')
    mkdirSync(home)
    chmodSync(home, 0o500)
    const { status, stderr } = await parallax(['runs', 'list'], { home })
    expect([status, stderr]).toEqual([1, expect.stringContaining('may not be')])
  })
})

/** A small disk of our own, where the system lets us have one. `$0` is where it is mounted. */
const smallDisk = (script: string) => ['-rm', 'sh', '-c', `mount -t tmpfs -o size=6m tmpfs "$0" && ${script}`]
const hasSmallDisk = spawnSync('unshare', [...smallDisk('true'), temporaryFolder('disk')]).status === 0

describe('a disk that fills up', () => {
  it.skipIf(!hasSmallDisk)(
    'in the middle of a benchmark is said in words, and the command goes on when there is room (skipped where no small disk can be made)',
    () => {
      const home = temporaryFolder('disk')
      const script = [
        '"$1" "$2" runs list > /dev/null',
        'dd if=/dev/zero of="$0/filler" bs=4k 2> /dev/null',
        'truncate -s -64K "$0/filler"',
        '"$@"; echo "full: $?" >&2',
        'rm "$0/filler"',
        '"$@"; echo "free: $?" >&2',
      ].join('; ')
      const { stdout, stderr } = spawnSync(
        'unshare',
        [
          ...smallDisk(script),
          home,
          ...[process.execPath, cliEntry, 'benchmark', '--all', '--json'],
          ...['--gt', frames.reference, '--pred', frames.prediction],
        ],
        { env: { ...process.env, ...env, PARALLAX_HOME: home }, encoding: 'utf8' },
      )
      expect(stderr).toContain('disk is full')
      expect(stderr).toMatch(/full: 1\n[\s\S]*free: 0\n/)
      expect(stderr).not.toMatch(/\n\s+at /)
      expect(stdout).toContain('"code":"disk-full"')
    },
  )
})
