import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSampleWorkspace } from '../../../../src/main/core/sample/createSampleWorkspace.ts'

const hasPython = pythonIsUsable()
const reason = hasPython ? '' : ' (skipped: no python3 of version 3.8 or newer on the PATH)'

describe.skipIf(!hasPython)(`the sample trainer${reason}`, () => {
  let folder: string
  let pristine: string
  let root: string
  let copies = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parallax-trainer-'))
    pristine = join(folder, 'pristine')
    await createSampleWorkspace(pristine, { framesPerMap: 12, seed: 2 })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const fresh = async () => {
    root = join(folder, String(++copies))
    await cp(pristine, root, { recursive: true })
  }

  /** The arguments of the first training command in the lab book, with these in place of its own. */
  const argumentsOf = async (changes: Record<string, string> = {}) => {
    const record = await readFile(join(root, 'record.md'), 'utf8')
    const command = /python (train_csgo\.py .*? --action_dit_layer 3)/.exec(record)![1]!
    const words = command.split(' ').map((word) => word.replaceAll('"', ''))
    for (const [name, value] of Object.entries(changes)) {
      const at = words.indexOf(name)
      if (at >= 0) words[at + 1] = value
      else words.push(name, value)
    }
    return words
  }
  const start = (args: string[], env: Record<string, string> = {}) => {
    const child = spawn('python3', args, { cwd: root, env: { ...process.env, ...env } })
    let [out, err] = ['', '']
    child.stdout.on('data', (data: Buffer) => (out += data.toString()))
    child.stderr.on('data', (data: Buffer) => (err += data.toString()))
    const done = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
    return { child, done, stderr: () => err }
  }
  const logsOf = async (experiment: string) => {
    const base = join(root, 'logs/csgo_1b', experiment)
    const times = (await readdir(base)).sort()
    return Promise.all(times.map((time) => readFile(join(base, time, 'train.log'), 'utf8')))
  }
  const lossesIn = (log: string) =>
    [...log.matchAll(/\[ Step (\d+) \] Loss: (\S+) \| LR: (\S+) \|/g)].map((m) => ({
      step: Number(m[1]),
      loss: Number(m[2]),
    }))

  it('runs the recorded command: the loss falls, checkpoints are kept by number, logs have the usual lines', async () => {
    await fresh()
    const { code, out, err } = await start(
      await argumentsOf({ '--num_train_epochs': '20', '--save_steps': '5' }),
    ).done
    expect([code, err.includes('Traceback')]).toEqual([0, false])
    const [log] = await logsOf('exp0')
    const losses = lossesIn(log!)
    expect(losses.map(({ step }) => step)).toEqual(losses.map((_, i) => i + 1))
    expect(losses.length).toBe(20)
    expect(losses.at(-1)!.loss).toBeLessThan(losses[0]!.loss * 0.6)
    expect(log).toMatch(
      / - INFO - training_args: TrainingArguments\(\n[\s\S]*?\n\) - \(\d+:train_csgo\.py:\d+\)\n/,
    )
    expect(log).toMatch(/Other Info: \{'loc_indices': \d+, .*\} \| Timing\(total=\d+\.\d{4}s, batch=/)
    expect(out).toMatch(/^\{'loss': [\d.]+, 'grad_norm': /m)
    expect(out).toMatch(/\{'train_runtime': [\d.]+, /)
    expect(err).toContain('\r100%|██████████| 20/20 [')
    const output = await readdir(join(root, 'outputs/csgo_1b/exp0'))
    expect(output.filter((name) => name.startsWith('checkpoint')).sort()).toEqual([
      'checkpoint-15',
      'checkpoint-20',
    ])
    const state = JSON.parse(
      await readFile(join(root, 'outputs/csgo_1b/exp0/checkpoint-20/trainer_state.json'), 'utf8'),
    )
    expect([state.global_step, state.log_history.length]).toEqual([20, 20])

    const evaluated = await start(['eval_csgo.py', '--csgo_config', 'csgo_configs/test/exp0_gen_conti.yaml'])
      .done
    expect(evaluated.code).toBe(0)
    const [time] = await readdir(join(root, 'outputs_eval/exp0_gen_conti'))
    const generated = join(root, 'outputs_eval/exp0_gen_conti', time!, 'gen_imgs/de_dust2')
    const [first] = await readdir(generated)
    expect(existsSync(join(root, 'data/preprocessed_data/de_dust2/imgs', first!))).toBe(true)
    expect(await sharp(join(generated, first!)).metadata()).toMatchObject({
      width: 448,
      height: 448,
      format: 'jpeg',
    })

    const located = await start(['eval_csgo_loc.py', '--csgo_config', 'csgo_configs/test/exp0_loc.yaml']).done
    expect(located.code).toBe(0)
    expect(located.out).toMatch(/^Norm_L2_XY: 0\.\d+$/m)
  })

  it('goes on from the latest checkpoint', async () => {
    await fresh()
    const first = await start(
      await argumentsOf({
        '--num_train_epochs': '6',
        '--save_steps': '2',
        '--lr_scheduler_type': 'constant',
      }),
    ).done
    expect(first.code).toBe(0)
    const second = await start(
      await argumentsOf({
        '--num_train_epochs': '9',
        '--save_steps': '2',
        '--lr_scheduler_type': 'constant',
      }),
    ).done
    expect(second.err).toContain('Resuming from outputs/csgo_1b/exp0/checkpoint-6')
    const steps = (await logsOf('exp0')).flatMap(lossesIn).map(({ step }) => step)
    expect(steps.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    // The same as never having stopped.
    const whole = {
      '--output_dir': 'outputs/csgo_1b/whole',
      '--num_train_epochs': '9',
      '--lr_scheduler_type': 'constant',
    }
    await start(await argumentsOf(whole)).done
    const lossOf = async (name: string) =>
      lossesIn((await logsOf(name)).join('')).find(({ step }) => step === 9)!.loss
    expect(await lossOf('exp0')).toBeCloseTo(await lossOf('whole'), 3)
  })

  it('stops cleanly on SIGINT and keeps a checkpoint', async () => {
    await fresh()
    const { child, done, stderr } = start(await argumentsOf({ '--num_train_epochs': '5000' }))
    while (!stderr().includes('[ Step 2 ]'))
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 20))])
    child.kill('SIGINT')
    const { code, err } = await done
    expect([code, err.includes('Traceback')]).toEqual([130, false])
    const kept = (await readdir(join(root, 'outputs/csgo_1b/exp0'))).filter((name) =>
      name.startsWith('checkpoint-'),
    )
    expect(kept.length).toBeGreaterThan(0)
  })

  it('writes files only from rank 0; other ranks log warnings only', async () => {
    await fresh()
    const env = { RANK: '1', LOCAL_RANK: '1', WORLD_SIZE: '2' }
    const { code, out } = await start(await argumentsOf({ '--num_train_epochs': '1' }), env).done
    expect([code, out]).toEqual([0, ''])
    expect(existsSync(join(root, 'outputs/csgo_1b/exp0'))).toBe(false)
    expect((await logsOf('exp0')).join('')).not.toContain(' - INFO - ')
  })

  it('fails with a reason on bad arguments, a missing config and a broken one', async () => {
    await fresh()
    const bad = await start(await argumentsOf({ '--num_train_epochs': 'many' })).done
    expect([bad.code, bad.err.includes("invalid float value: 'many'")]).toEqual([2, true])
    const missing = await start(await argumentsOf({ '--csgo_config': 'csgo_configs/exp99.yaml' })).done
    expect([missing.code, missing.err.includes('Traceback')]).toEqual([1, true])
    expect(missing.err).toContain('exp99.yaml')
    const zero = await start(await argumentsOf({ '--per_device_train_batch_size': '0' })).done
    expect(zero.err).toContain('ValueError: --per_device_train_batch_size must be at least 1')
    await writeFile(join(root, 'csgo_configs/broken.yaml'), 'debug: False\nnot a mapping\n')
    const broken = await start(await argumentsOf({ '--csgo_config': 'csgo_configs/broken.yaml' })).done
    expect(broken.err).toContain("broken.yaml, line 2: expected 'key: value', found 'not a mapping'")
  })

  it('names arguments it does not know, without their values, which may be secrets', async () => {
    await fresh()
    const { code, err } = await start(await argumentsOf({ '--num_train_epochs': '1', '--my_flag': 'x y' }))
      .done
    expect(code).toBe(0)
    expect(err).toMatch(/Arguments without a use here: --my_flag -/)
    expect(err).not.toContain('x y')
  })

  it('writes JPEG files that decode to the picture it meant', async () => {
    await fresh()
    const script = [
      'from jpeg_writer import write_jpeg',
      'pixels = [v for y in range(12) for x in range(16) for v in (x / 15 - 0.5, y / 11 - 0.5, 0.25)]',
      'write_jpeg("ramp.jpg", pixels, 16, 12)',
    ].join('\n')
    execFileSync('python3', ['-c', script], { cwd: root })
    const rgb = await sharp(join(root, 'ramp.jpg')).raw().toBuffer()
    for (const [x, y] of [
      [30, 60],
      [100, 300],
      [224, 224],
      [400, 120],
    ] as const) {
      const expected = [
        (Math.min(15, Math.max(0, ((x + 0.5) / 448) * 16 - 0.5)) / 15) * 255,
        (Math.min(11, Math.max(0, ((y + 0.5) / 448) * 12 - 0.5)) / 11) * 255,
        0.75 * 255,
      ]
      const found = [...rgb.subarray((y * 448 + x) * 3, (y * 448 + x) * 3 + 3)]
      for (const c of [0, 1, 2]) expect(Math.abs(found[c]! - expected[c]!)).toBeLessThan(5)
    }
  })
})

function pythonIsUsable(): boolean {
  try {
    execFileSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
