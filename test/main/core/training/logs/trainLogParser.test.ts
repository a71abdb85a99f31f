import { describe, expect, it } from 'vitest'
import { summarizeLog } from '../../../../../src/main/core/training/logs/inspect.ts'
import { TrainLogParser } from '../../../../../src/main/core/training/logs/trainLogParser.ts'
import { parse, record, rowsOf, stepRecord } from './samples.ts'

const inspect = (text: string) => summarizeLog(parse(text), Buffer.byteLength(text))

describe('TrainLogParser', () => {
  it('reads every shape of metric line', () => {
    const text = [
      record(0, 'total_loss: 12.347886085510254, masked_loc_loss: 11.69, masked_gen_loss: 0.65'),
      record(1, 'loc_indices: 4, gen_indices: 8'),
      record(
        2,
        'total_loss: 1.000000, masked_loc_loss: 0.500000, alpha_loc_loss: 2.000000, masked_gen_loss: nan',
      ),
      record(3, '[ Step 1 ] Loss: 3.700300 | LR: 0.0000e+00 | Epoch: 0.00'),
      record(
        4,
        `[ Step 2 ] Loss: 3.6 | LR: 1.5000e-06 | Epoch: 0.01 | Other Info: {'loc_loss': 1.25, 'flag': True, 'none': None, 'bad': nan, 'worse': -inf}`,
      ),
      record(
        5,
        `[ Step 3 ] Loss: 3.5 | LR: 1e-4 | Epoch: 0.02 | Other Info: {'loc_loss': 1.0} | Timing(total=48.0866s, batch=8.8453s, other=0.0959s)`,
      ),
      record(6, '[ Step 3 ] Epoch: 59.83'),
    ].join('')
    const { tables, state } = parse(text)
    expect(rowsOf(tables.loss)).toEqual([
      { total_loss: 12.347886085510254, masked_loc_loss: 11.69, masked_gen_loss: 0.65 },
      { total_loss: 1, masked_loc_loss: 0.5, masked_gen_loss: NaN, alpha_loc_loss: 2 },
    ])
    expect(rowsOf(tables.indices)).toEqual([{ loc_indices: 4, gen_indices: 8 }])
    expect(rowsOf(tables.step)).toEqual([
      { Loss: 3.7003, LR: 0, Epoch: 0 },
      { Loss: 3.6, LR: 1.5e-6, Epoch: 0.01, loc_loss: 1.25, flag: 1, bad: NaN, worse: -Infinity },
      { Loss: 3.5, LR: 1e-4, Epoch: 0.02, loc_loss: 1, total: 48.0866, batch: 8.8453, other: 0.0959 },
      { Epoch: 59.83 },
    ])
    expect([...tables.step.steps.subarray(0, 4)]).toEqual([1, 2, 3, 3])
    expect(state.endLines).toEqual([7])
    expect(inspect(text)).toMatchObject({
      metricLines: 6,
      stepLines: 4,
      lossLines: 2,
      indicesLines: 1,
      spanSeconds: 6,
    })
  })

  it('does not count the keys of indices lines as metric keys', () => {
    expect(inspect(record(0, 'loc_indices: 1, gen_indices: 2') + record(1, 'total_loss: 1.0')).keys).toEqual([
      'total_loss',
    ])
  })

  it('reads dicts that are more than numbers: strings with braces and quotes, nested dicts, numpy values', () => {
    const { tables } = parse(
      record(
        0,
        `[ Step 1 ] Loss: 1.0 | LR: 0.1 | Epoch: 0.1 | Other Info: {'a': 1.5, 'note': "it's | {odd}", 'b': '0.25', 'in': {'c': np.float64(2.0)}, 'd': [1, 2]} | Timing(total=1.0s)`,
      ),
    )
    expect(rowsOf(tables.step)).toEqual([{ Loss: 1, LR: 0.1, Epoch: 0.1, a: 1.5, b: 0.25, c: 2, total: 1 }])
  })

  it('gives the same result however the bytes are cut', () => {
    const text =
      record(0, 'model_args: ModelArguments(a=1)') +
      record(
        0,
        'training_args: TrainingArguments(\ngradient_accumulation_steps=4,\noutput_dir=outputs/中文,\n)',
      ) +
      Array.from({ length: 30 }, (_, index) => stepRecord(index + 1, 1 / (index + 1))).join('') +
      '训练 ✅ 100%\r\n' +
      `{'loss': 0.5, 'epoch': 1.0}\r  1%|▏  | 3/300 [00:03<05:00,  1.00s/it]\n`
    const whole = JSON.stringify(parse(text))
    for (const bytes of [1, 2, 7, 64, 1000]) expect(JSON.stringify(parse(text, bytes))).toBe(whole)
  })

  it('reads HF dicts and bars glued to each other, with the step of the bar that follows', () => {
    const text =
      `{'loss': 63.9204, 'grad_norm': 12.3, 'learning_rate': 0.0, 'epoch': 0.01, 'other_info': {'loc_indices': 8, 'loss': 7.0}, 'step_total_time': '52.05'}\n` +
      `  0%|          | 1/15700 [00:52<228:16:12, 52.35s/it]\r  0%|          | 2/15700 [01:52<228:16:12, 52.35s/it]` +
      `{'loss': 60.5, 'epoch': 0.02}  0%|          | 2/15700 [01:52<228:16:12, 52.35s/it]\r` +
      ` 50%|█████     | 1/2 [00:01<00:01, 1.00s/it]\n` +
      `  0%|          | 3/15700 [02:52<228:16:12, 52.35s/it]2026-02-10 01:45:00 - INFO - [ Step 3 ] Loss: 1.0 | LR: 0.1 | Epoch: 0.1 - (7:a.py:1)\n` +
      `{'train_runtime': 123.4, 'train_loss': 0.5, 'epoch': 100.0}\n` +
      `{'debug': False, 'num_epochs': 3}\n`
    const { tables, state } = parse(text)
    expect(rowsOf(tables.console)).toEqual([
      {
        loss: 63.9204,
        grad_norm: 12.3,
        learning_rate: 0,
        epoch: 0.01,
        loc_indices: 8,
        'info.loss': 7,
        step_total_time: 52.05,
      },
      { loss: 60.5, epoch: 0.02 },
      { train_runtime: 123.4, train_loss: 0.5, epoch: 100 },
    ])
    expect([...tables.console.steps.subarray(0, 3)]).toEqual([1, 2, 3])
    expect(tables.step.rows).toBe(1)
    expect(state.progress).toMatchObject({ done: 3, total: 15700 })
  })

  it('reads the arguments, sizes and settings a log tells', () => {
    const { facts } = inspect(
      record(0, `data_args: DataArguments(csgo_config='csgo_configs/exp4.yaml', data_path=None, lazy=True)`) +
        record(
          0,
          "training_args: TrainingArguments(\n_n_gpu=1,\ngradient_accumulation_steps=2,\nhub_token=hf_abcdefghijklmnopqrstuvwxyz,\noutput_dir=outputs/csgo_1b/exp4,\nreport_to=['wandb'],\nsave_steps=1000,\n)",
        ) +
        record(1, `csgo_config: {'debug': False, 'train_maps': ['de_dust2'], 'api_key': 'secret'}`) +
        record(2, '🚀 After LoRA: Total parameters: 1870890216') +
        record(2, '🚀 After LoRA: Trainable parameters: 25768581') +
        record(2, '🚀 After LoRA: Trainable percent: 1.38 %') +
        record(3, '✅ Total entries: 60000') +
        record(3, 'Loading CS2 Data Split data/a/train_split.json...') +
        record(
          3,
          'Resume batch override: per_device_train_batch_size 128 -> 64, gradient_accumulation_steps 2 -> 4.',
        ) +
        record(4, 'Updated output_dir for selective init experiment: outputs/csgo_1b/exp4_initbase_x') +
        record(5, 'NonMixTrainer.Callbacks: DefaultFlowCallback\nWandbCallback\nProgressCallback'),
    )
    expect(facts).toMatchObject({
      dataArgs: { csgo_config: 'csgo_configs/exp4.yaml', data_path: null, lazy: true },
      trainingArgs: { save_steps: '1000', report_to: "['wandb']", hub_token: '••••••' },
      config: { debug: false, train_maps: ['de_dust2'], api_key: '••••••' },
      totalParameters: 1870890216,
      trainableParameters: 25768581,
      trainablePercent: 1.38,
      totalEntries: 60000,
      splits: ['data/a/train_split.json'],
      gradientAccumulationSteps: 4,
      outputDir: 'outputs/csgo_1b/exp4_initbase_x',
      callbacks: ['DefaultFlowCallback', 'WandbCallback', 'ProgressCallback'],
    })
  })

  it('survives binary junk, CRLF, endless lines and invalid UTF-8', () => {
    const junk = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256))
    const text = Buffer.concat([
      Buffer.from(stepRecord(1, 1).replaceAll('\n', '\r\n')),
      junk,
      Buffer.from('\n'),
      Buffer.alloc(3000),
      Buffer.from(stepRecord(2, 2)),
      Buffer.alloc(9 * 1024 * 1024, 0x61),
      Buffer.from('\n'),
      Buffer.from(stepRecord(3, 3)),
      Buffer.from([0xff, 0xfe, 0x0a]),
    ])
    const { tables, state } = parse(text, 1 << 20)
    expect(rowsOf(tables.step).map(({ Loss }) => Loss)).toEqual([1, 2, 3])
    expect(state.offset).toBe(text.length)
    expect(summarizeLog(parse(text), text.length).anomalies.map(({ code }) => code)).toContain('binary')
  })

  it('believes only the complete values of a line that was cut off', () => {
    const cut = stepRecord(2, 5).slice(0, 50)
    expect(cut).toMatch(/Loss: 5\.00$/)
    const { tables, state } = parse(stepRecord(1, 1) + cut)
    expect(rowsOf(tables.step)).toEqual([
      { Loss: 1, LR: 1e-4, Epoch: 0.01, total_loss: 1, gen_indices: 8 },
      {},
    ])
    expect(state.hasCutLine).toBe(true)
    expect(state.offset).toBe(Buffer.byteLength(stepRecord(1, 1)))
  })

  it('goes on from a stored state as if it had never stopped', () => {
    const text =
      record(0, 'training_args: TrainingArguments(\nsave_steps=10,\n') +
      'seed=42,\n) - (100:a.py:1)\n' +
      Array.from({ length: 50 }, (_, i) => stepRecord(i, i)).join('')
    const bytes = Buffer.from(text)
    for (const cut of [10, 70, 100, 130, 500, 3000]) {
      const first = new TrainLogParser()
      first.push(bytes.subarray(0, cut))
      const state = JSON.parse(JSON.stringify(first.state)) as typeof first.state
      const second = new TrainLogParser({ state, tables: first.tables })
      second.push(bytes.subarray(state.offset))
      second.finish()
      expect(summarizeLog({ state: second.state, tables: second.tables }, bytes.length)).toEqual(
        summarizeLog(parse(text), bytes.length),
      )
    }
  })

  it('counts warnings by text and masks secrets in them', () => {
    const warnings = inspect(
      record(0, 'socket.send() raised exception.', { level: 'WARNING' }).repeat(3) +
        record(1, 'login failed: token=hf_abcdefghijklmnopqrstuvwxyz', { level: 'ERROR' }),
    ).warnings
    expect(warnings).toEqual([
      { level: 'WARNING', text: 'socket.send() raised exception.', count: 3, line: 1 },
      { level: 'ERROR', text: 'login failed: token=••••••', count: 1, line: 4 },
    ])
  })

  it.each([
    ['colours', (text: string) => text.replace(/^(.*)$/gm, '\x1b[32m$1\x1b[0m')],
    ['a colour in the head', (text: string) => text.replace(/^(.{19})/gm, '\x1b[1;34m$1\x1b[0m')],
    ["torch's rank label", (text: string) => text.replace(/^(?=.)/gm, '[rank0]:')],
    ["torchrun's label", (text: string) => text.replace(/^(?=.)/gm, '[default0]: ')],
    ["srun's label", (text: string) => text.replace(/^(?=.)/gm, '0: ')],
    ["mpirun's label", (text: string) => text.replace(/^(?=.)/gm, '[1,0]<stderr>:')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['trailing spaces', (text: string) => text.replace(/$/gm, ' ')],
    [
      'a bar before every record',
      (text: string) => text.replace(/^(?=\d{4}-)/gm, '  5%|▏| 5/100 [00:01<00:19,  5.00it/s]'),
    ],
  ])('reads records with %s like plain ones', (_, disguise) => {
    const plain = [
      stepRecord(1, 1),
      record(2, 'total_loss: 1.5, masked_gen_loss: 0.5'),
      record(3, 'training_args: TrainingArguments(\ngradient_accumulation_steps=4,\n)'),
      stepRecord(2, 2),
    ].join('')
    const wanted = inspect(plain)
    const found = inspect(disguise(plain))
    const { metricLines, firstLast, spanSeconds, processIds } = wanted
    expect(found).toMatchObject({ metricLines, firstLast, spanSeconds, processIds })
    expect(found.facts.trainingArgs).toEqual(wanted.facts.trainingArgs)
  })

  it('takes apart records that two writers or a crash glued together', () => {
    const cut = stepRecord(1, 1.25).slice(0, 60)
    const { tables } = parse(cut + stepRecord(2, 2) + cut + '\0'.repeat(40) + stepRecord(3, 3))
    expect([...tables.step.steps.subarray(0, tables.step.rows)]).toEqual([1, 2, 1, 3])
    // What a cut-off line still shows is believed up to its last complete value.
    expect(rowsOf(tables.step).map(({ Loss, LR }) => [Loss, LR])).toEqual([
      [1.25, undefined],
      [2, 1e-4],
      [1.25, undefined],
      [3, 1e-4],
    ])
  })

  it('gives milliseconds without the noise of large numbers', () => {
    const stamped = record(0, 'a').replace(' - ', ',107 - ') + record(9, 'b').replace(' - ', ',1 - ')
    expect(inspect(stamped).spanSeconds).toBe(8.993)
  })
})
