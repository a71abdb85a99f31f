import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLabBook } from '../../../../src/main/core/experiments/labBook/parseLabBook.ts'
import { trainingSize } from '../../../../src/shared/domain/launch/arithmetic.ts'
import { findArgument, fitsArgument } from '../../../../src/shared/domain/launch/argumentSpec.ts'
import { catalogueOf, catalogues, kindOfScript } from '../../../../src/shared/domain/launch/catalogue.ts'
import { withDevices, withLauncher, withPort } from '../../../../src/shared/domain/launch/changeLauncher.ts'
import { debugCopy } from '../../../../src/shared/domain/launch/debugCopy.ts'
import { diffForms } from '../../../../src/shared/domain/launch/launchDiff.ts'
import {
  commandFromForm,
  findItem,
  formFromCommand,
  valueOf,
  withFlag,
  withItemValues,
  withoutItem,
} from '../../../../src/shared/domain/launch/launchForm.ts'
import { slurmScript } from '../../../../src/shared/domain/launch/slurmScript.ts'
import { masterPort, worldSize } from '../../../../src/shared/domain/launch/worldSize.ts'
import { parseShell } from '../../../../src/shared/domain/shellWords.ts'

const read = (line: string) => {
  const { env, argv } = parseShell(line).commands[0]
  return { env, argv }
}
const form = (line: string) => formFromCommand(read(line))
const line = (changed: ReturnType<typeof form>) => {
  const { env, argv } = commandFromForm(changed)
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv].join(' ')
}
const train =
  'CUDA_VISIBLE_DEVICES=0 MASTER_ADDR=127.0.0.1 MASTER_PORT=29504 RANK=0 LOCAL_RANK=0 WORLD_SIZE=1 python train_csgo.py --csgo_config csgo_configs/exp4.yaml --output_dir outputs/csgo_1b/exp4 --num_train_epochs 100 --per_device_train_batch_size 64 --per_device_eval_batch_size 64 --gradient_accumulation_steps 1 --save_steps 2000 --learning_rate 1e-4 --weight_decay 0. --bf16 True --mystery_flag a b --mystery_flag c'

const commands = [
  train,
  'torchrun --standalone --nproc_per_node=2 --master_port 29504 train_csgo.py --csgo_config=a.yaml --learning_rate=1e-4 --bf16 --tf32=True -- x --y',
  'python -u -m torch.distributed.run --nproc-per-node 2 train_csgo.py --csgo_config a.yaml',
  'deepspeed --include localhost:0,1 --master_port 29501 train_csgo.py --csgo_config a.yaml --deepspeed z.json',
  'accelerate launch --multi_gpu --num_processes 4 train_csgo.py --csgo_config a.yaml',
  'srun -p gpu -n 2 --gres=gpu:2 --new-option 3 python3.11 -X dev train_csgo.py --csgo_config a.yaml',
  'nohup conda run -n unilip --no-capture-output python eval_csgo.py --csgo_config a.yaml',
  'env A=1 -u B timeout -k 5 60 python eval_csgo_loc.py --csgo_config a.yaml',
  'python benchmark_csgo.py --gt a --pred b --all --batch_size 8 -1 -.5 --temperature -2',
  './my_script.py --flag',
  'python -c pass',
]

describe('a form made from a command', () => {
  it.each(commands)('comes back as the same command: %s', (text) => {
    expect(commandFromForm(form(text))).toEqual(read(text))
  })

  it('comes back as the same command for any words', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'python',
        'torchrun',
        'srun',
        '--a',
        '--a=b',
        '--',
        '-x',
        '-1',
        '',
        'a.py',
        '-m',
        'launch',
        'accelerate',
        '--csgo_config',
        'env',
        'A=1',
        'torch.distributed.run',
      ),
      fc.string({ maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 10 }), (argv) => {
        expect(commandFromForm(formFromCommand({ env: {}, argv })).argv).toEqual(argv)
      }),
      { numRuns: 2000 },
    )
  })

  it('finds the script behind every launcher', () => {
    expect(commands.map((text) => form(text).script)).toEqual([
      'train_csgo.py',
      'train_csgo.py',
      'train_csgo.py',
      'train_csgo.py',
      'train_csgo.py',
      'train_csgo.py',
      'eval_csgo.py',
      'eval_csgo_loc.py',
      'benchmark_csgo.py',
      './my_script.py',
      null,
    ])
  })

  it('keeps unknown flags with their values, repeated flags and values as written', () => {
    const made = form(train)
    expect(made.items.filter(({ flag }) => flag === '--mystery_flag').map(({ values }) => values)).toEqual([
      ['a', 'b'],
      ['c'],
    ])
    expect(valueOf(made, '--learning_rate')).toBe('1e-4')
    expect(valueOf(made, '--learning-rate')).toBe('1e-4')
    expect(valueOf(made, '--weight_decay')).toBe('0.')
  })

  it('takes no value for a switch and one for a described flag', () => {
    const made = form('python benchmark_csgo.py --all extra --gt a b')
    expect(made.items.map(({ flag, values }) => [flag, values])).toEqual([
      ['--all', []],
      [null, ['extra']],
      ['--gt', ['a']],
      [null, ['b']],
    ])
  })
})

describe('an edited form', () => {
  it('differs from the command in exactly the edited item', () => {
    for (const text of commands) {
      const made = form(text)
      const before = read(text).argv
      for (const item of [...made.stages.flatMap(({ items }) => items), ...made.items]) {
        if (item.values.length === 0) continue
        const edited = withItemValues(made, item.id, ['EDITED', ...item.values.slice(1)])
        const { argv, env } = commandFromForm(edited)
        expect(env).toEqual(read(text).env)
        expect(argv.filter((word, index) => word !== before[index])).toHaveLength(1)
        expect(argv).toHaveLength(before.length)
        expect(diffForms(made, edited)).toHaveLength(1)
      }
    }
  })

  it('keeps the way a value was attached, and adds and removes flags', () => {
    const made = form('python train_csgo.py --a=1 --b 2')
    expect(line(withFlag(withFlag(made, '--a', '3'), '--c', 'x y'))).toBe(
      'python train_csgo.py --a=3 --b 2 --c x y',
    )
    expect(line(withoutItem(made, findItem(made, '--a')?.id ?? 0))).toBe('python train_csgo.py --b 2')
  })

  it('changes the launcher without touching the arguments of the script', () => {
    const made = form(train)
    const distributed = withDevices(withLauncher(made, 'torchrun', { processes: 2 }), ['0', '1'])
    expect(line(distributed)).toMatch(
      /^CUDA_VISIBLE_DEVICES=0,1 torchrun --nproc_per_node=2 --master_port=29504 train_csgo.py --csgo_config/,
    )
    expect(distributed.items).toEqual(made.items)
    expect(worldSize(distributed)).toBe(2)
    const back = withLauncher(distributed, 'python', { processes: 1 })
    expect(diffForms(made, withDevices(back, ['0']))).toEqual([])
    expect(line(withLauncher(made, 'deepspeed', { processes: 2 }))).toContain(
      'deepspeed --num_gpus=2 --master_port=29504 train_csgo.py',
    )
    expect(line(withLauncher(made, 'accelerate', { processes: 2 }))).toContain(
      'accelerate launch --num_processes=2 --main_process_port=29504 train_csgo.py',
    )
  })

  it('writes another port where the command has it', () => {
    expect(line(withPort(form('torchrun --nproc_per_node=2 --master_port=1 a.py'), 29600))).toBe(
      'torchrun --nproc_per_node=2 --master_port=29600 a.py',
    )
    expect(line(withPort(form('MASTER_PORT=1 python a.py'), 29600))).toBe('MASTER_PORT=29600 python a.py')
    expect(line(withPort(form('torchrun --nproc_per_node=2 a.py'), 29600))).toBe(
      'torchrun --nproc_per_node=2 --master_port=29600 a.py',
    )
  })
})

describe('what a command starts', () => {
  it.each([
    ['python train_csgo.py', 1, undefined],
    ['WORLD_SIZE=2 MASTER_PORT=5 python train_csgo.py', 2, 5],
    ['torchrun --nproc_per_node=4 --nnodes 2 --rdzv_endpoint h:7 a.py', 8, 7],
    ['CUDA_VISIBLE_DEVICES=0,3 torchrun --nproc_per_node gpu a.py', 2, undefined],
    ['torchrun --nproc_per_node gpu a.py', undefined, undefined],
    ['deepspeed --include localhost:0,1,5 --master_port 9 a.py', 3, 9],
    ['python -m torch.distributed.launch --nproc_per_node=3 --master_port=8 a.py', 3, 8],
    ['srun -n 4 python a.py', 4, undefined],
  ])('%s: %s processes, port %s', (text, processes, port) => {
    expect(worldSize(form(text))).toBe(processes)
    expect(masterPort(form(text))).toBe(port)
  })

  it.each([
    ['train_csgo_test_dataloader_time.py', 'train'],
    ['eval_csgo.py', 'eval-gen'],
    ['eval_csgo_loc.py', 'eval-loc'],
    ['a/benchmark_csgo_v1_conti.py', 'benchmark'],
    ['frames_to_video.py', 'frames-to-video'],
    ['visualize_csgo_three_column_video.py', 'frames-to-video'],
    ['pkg.train', 'train'],
    ['setup.py', undefined],
  ])('%s is %s', (script, kind) => expect(kindOfScript(script)).toBe(kind))
})

describe('the catalogues', () => {
  it('describe every argument once, with help and a default or a must', () => {
    for (const { args, script } of catalogues) {
      expect(new Set(args.map(({ flag }) => flag)).size, script).toBe(args.length)
      for (const spec of args)
        expect(spec.help !== '' && (spec.isRequired === true || spec.default !== undefined), spec.flag).toBe(
          true,
        )
    }
  })

  it('accept values as Python does', () => {
    const specs = catalogueOf('x/train_csgo.py')?.args ?? []
    const fits = (flag: string, value: string) => {
      const spec = findArgument(specs, flag)
      return spec && fitsArgument(spec, value)
    }
    for (const [flag, value] of [
      ['--weight_decay', '0.'],
      ['--learning_rate', '1e-4'],
      ['--num_train_epochs', '100'],
      ['--bf16', 'False'],
      ['--n_query', '-1'],
    ])
      expect(fits(flag, value)).toBe(true)
    for (const [flag, value] of [
      ['--n_query', '1.5'],
      ['--learning_rate', 'fast'],
      ['--bf16', 'maybe'],
      ['--save_strategy', 'never'],
    ])
      expect(fits(flag, value)).toBe(false)
  })
})

describe('sizes of a training', () => {
  // Steps that the lab book and the logs show for 20000 and 60000 entries.
  it.each([
    [64, 1, 1, 50, 20_000, 15_600],
    [32, 1, 1, 50, 20_000, 31_250],
    [64, 1, 1, 20, 60_000, 18_740],
    [64, 1, 1, 100, 5000, 7800],
    [8, 16, 1, 100, 20_000, 15_700],
  ])(
    'batch %i x %i on %i GPU, %i epochs of %i entries: %i steps',
    (batch, accumulation, gpus, epochs, entries, steps) => {
      const made = form(
        `torchrun --nproc_per_node=${gpus} train_csgo.py --per_device_train_batch_size ${batch} --gradient_accumulation_steps ${accumulation} --num_train_epochs ${epochs}`,
      )
      expect(trainingSize(made, { entries })).toMatchObject({
        totalSteps: steps,
        entriesPerStep: batch * accumulation * gpus,
        unknown: [],
      })
    },
  )

  it('counts two samples per entry in a balanced data set, over all GPUs', () => {
    const made = form(
      'torchrun --nproc_per_node=4 train_csgo.py --per_device_train_batch_size 112 --num_train_epochs 100',
    )
    expect(trainingSize(made, { entries: 60_000, isBalanced: true })).toMatchObject({
      entriesPerStep: 448,
      samplesPerStep: 896,
      stepsPerEpoch: 133,
      totalSteps: 13_300,
    })
  })

  it('says what it does not know', () => {
    expect(
      trainingSize(form('torchrun --nproc_per_node gpu train_csgo.py'), { entries: 10 }).unknown,
    ).toHaveLength(1)
    expect(trainingSize(form('python train_csgo.py --max_steps 10')).totalSteps).toBe(10)
    expect(
      trainingSize(form('python train_csgo.py --per_device_train_batch_size many')).unknown[0].message,
    ).toContain('no number')
  })
})

describe('other ways out of a form', () => {
  it('makes the debug copy as the lab book does', () => {
    expect(
      diffForms(form(train), debugCopy(form(train))).map(({ name, after }) => `${name} ${after}`),
    ).toEqual([
      '--output_dir outputs/csgo_1b/exp4_debug',
      '--num_train_epochs 1',
      '--per_device_train_batch_size 2',
      '--per_device_eval_batch_size 4',
      '--save_steps 20',
    ])
    expect(debugCopy(debugCopy(form(train)))).toEqual(debugCopy(form(train)))
    const evaluation = form('python eval_csgo.py --csgo_config csgo_configs/test/exp4.yaml')
    expect(debugCopy(evaluation)).toEqual(evaluation)
  })

  it('writes a Slurm script that passes the same words', () => {
    const made = withFlag(
      form('CUDA_VISIBLE_DEVICES=0,1 torchrun --nproc_per_node=2 train_csgo.py --csgo_config a.yaml'),
      '--run_name',
      "it's $HOME",
    )
    const script = slurmScript(made, {
      jobName: 'exp 9',
      partition: 'gpu',
      workingFolder: '/data/my repo',
      condaEnvironment: 'unilip',
    })
    expect(script).toContain('#SBATCH --job-name="exp 9"\n')
    expect(script).toContain('#SBATCH --gres=gpu:2\n')
    expect(script).toContain("cd '/data/my repo'\n")
    expect(script).not.toContain('CUDA_VISIBLE_DEVICES')
    expect(parseShell(script.trimEnd().split('\n').at(-1) ?? '').commands[0].argv).toEqual(
      commandFromForm(made).argv,
    )
  })

  it('refuses a Slurm setting with a line break', () => {
    expect(() => slurmScript(form(train), { jobName: 'a\nrm -rf x' })).toThrow(/line break/)
  })
})

const record =
  process.env.PARALLAX_REFERENCE_DATA === undefined
    ? ''
    : join(process.env.PARALLAX_REFERENCE_DATA, 'data/record.md')

describe.skipIf(!existsSync(record))(
  'the 118 real commands (skipped without PARALLAX_REFERENCE_DATA)',
  () => {
    const all = existsSync(record)
      ? parseLabBook(readFileSync(record, 'utf8')).sections.flatMap((section) => section.commands)
      : []

    it('all come back as they were, and after one edit exactly one item differs', () => {
      expect(all).toHaveLength(118)
      for (const { env, argv } of all) {
        const made = formFromCommand({ env, argv })
        expect(commandFromForm(made)).toEqual({ env, argv })
        expect(catalogueOf(made.script ?? undefined), made.script ?? '').toBeDefined()
        for (const item of made.items) {
          expect(item.flag).not.toBeNull()
          if (item.values.length === 0) continue
          const edited = withItemValues(made, item.id, ['EDITED'])
          expect(commandFromForm(edited).argv.filter((word, index) => word !== argv[index])).toEqual([
            'EDITED',
          ])
          expect(diffForms(made, edited)).toHaveLength(1)
        }
      }
    })

    it('use only described flags with fitting values', () => {
      for (const { argv, env } of all) {
        const made = formFromCommand({ env, argv })
        const specs = catalogueOf(made.script ?? undefined)?.args ?? []
        for (const { flag, values } of made.items) {
          const spec = findArgument(specs, flag ?? '')
          expect(spec, flag ?? '').toBeDefined()
          if (spec && values.length > 0) expect(fitsArgument(spec, values[0])).toBe(true)
        }
      }
    })
  },
)
