/**
 * Two prepared training logs in the record syntax of the user's trainer, with `trainer_state.json` for the finished one:
 * a clean run, and one that stalls for an hour and then diverges to NaN.
 */
import { createRandom, normal } from './random.ts'

/** What a prepared run is like. */
export type LoggedRun = {
  experiment: string
  /** Local time of the first record, ms since 1970 taken as UTC. */
  startedAtMs: number
  pid: number
  steps: number
  stepsPerEpoch: number
  learningRate: number
  batchSize: number
  /** Loss goes up without end from this step, then NaN; the log stops soon after. */
  divergesAtStep?: number
  /** Nothing is written for an hour before this step. */
  stallsAtStep?: number
  seed: number
}

type StepRecord = {
  step: number
  epoch: number
  loss: number
  learningRate: number
  gradNorm: number
  info: Record<string, number>
  timing: Record<string, number>
  atMs: number
}

/** Text of `train.log` and of `trainer_state.json`. */
export function writeLoggedRun(run: LoggedRun): { log: string; trainerState: string } {
  const steps = simulate(run)
  const lines = [...header(run), ...steps.map((step) => stepLine(run, step))]
  const last = steps.at(-1)!
  if (run.divergesAtStep === undefined) {
    lines.push(
      record(
        run,
        last.atMs + 4000,
        `[ Step ${last.step} ] Epoch: ${last.epoch.toFixed(2)}`,
        'train_csgo.py:1969',
      ),
    )
  }
  return { log: lines.join('\n') + '\n', trainerState: trainerState(run, steps) }
}

const float32 = (value: number) => Math.fround(value)

function simulate(run: LoggedRun): StepRecord[] {
  const random = createRandom(run.seed)
  const out: StepRecord[] = []
  let atMs = run.startedAtMs + 94_000
  for (let step = 1; step <= run.steps; step++) {
    if (step === run.stallsAtStep) atMs += 62 * 60_000
    const over = run.divergesAtStep === undefined ? 0 : Math.max(0, step - run.divergesAtStep)
    const blowUp = over === 0 ? 1 : over > 9 ? NaN : Math.exp(over * 0.62)
    const wobble = () => 1 + 0.05 * normal(random)
    const loc = (0.0065 + 1.18 * Math.exp(-step / 42) + 0.06 * Math.exp(-step / 260)) * wobble() * blowUp
    const gen = (0.52 + 0.62 * Math.exp(-step / 70) + 0.16 * Math.exp(-step / 380)) * wobble() * blowUp
    const aux = (0.012 + 0.3 * Math.exp(-step / 120)) * wobble() * blowUp
    const total = float32(gen + 2 * loc + 0.1 * aux)
    const isFirst = step === 1
    const timing = {
      total: (isFirst ? 46.9 : 5.1) * (1 + 0.04 * random()),
      batch: isFirst ? 8.61 : 0.004 + 0.002 * random(),
      prepare: isFirst ? 0.58 : 0.061 + 0.01 * random(),
      forward: isFirst ? 20.9 : 1.92 + 0.1 * random(),
      backward: isFirst ? 16.7 : 3.02 + 0.1 * random(),
      other: 0.09 + 0.02 * random(),
    }
    atMs += timing.total * 1000
    out.push({
      step,
      epoch: step / run.stepsPerEpoch,
      loss: Math.round(total * 1e4) / 1e4,
      learningRate: learningRateAt(run, step),
      gradNorm: (0.4 + 2.4 * Math.exp(-step / 60)) * wobble() * blowUp,
      info: {
        loc_indices: run.batchSize,
        gen_indices: run.batchSize,
        total_loss: total,
        loc_loss: float32(loc),
        alpha_loc: 2,
        gen_loss: float32(gen),
        loc_aux_loss: float32(aux),
        alpha_loc_aux: float32(0.1),
      },
      timing,
      atMs,
    })
    if (over > 14) break
  }
  return out
}

/** Warm-up over 0.3 % of the steps, then a cosine down to 1e-5. The first step has 0, as the trainer logs it. */
function learningRateAt(run: LoggedRun, step: number): number {
  const warmUp = Math.ceil(run.steps * 0.003)
  const done = step - 1
  if (done < warmUp) return (run.learningRate * done) / warmUp
  const progress = (done - warmUp) / Math.max(1, run.steps - warmUp)
  return 1e-5 + (run.learningRate - 1e-5) * 0.5 * (1 + Math.cos(Math.PI * progress))
}

function record(
  run: LoggedRun,
  atMs: number,
  message: string,
  origin = 'train_csgo.py:1586',
  level = 'INFO',
): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')
  return `${time} - ${level} - ${message} - (${run.pid}:${origin})`
}

function header(run: LoggedRun): string[] {
  const output = `outputs/csgo_1b/${run.experiment}`
  const at = (seconds: number) => run.startedAtMs + seconds * 1000
  const settings = {
    bf16: 'True',
    deepspeed: 'deepspeed_scripts/zero0.json',
    gradient_accumulation_steps: '1',
    learning_rate: String(run.learningRate),
    logging_steps: '1.0',
    lr_scheduler_kwargs: "{'min_lr': 1e-05}",
    lr_scheduler_type: 'SchedulerType.COSINE_WITH_MIN_LR',
    num_train_epochs: `${Math.round(run.steps / run.stepsPerEpoch)}.0`,
    output_dir: output,
    per_device_train_batch_size: String(run.batchSize),
    save_steps: '200',
    save_total_limit: '1',
    seed: '42',
    warmup_ratio: '0.003',
    weight_decay: '0.0',
  }
  return [
    record(
      run,
      at(0),
      `model_args: ModelArguments(model_name_or_path='UniLIP-1B', version='internvl', unilip_factor=10.6, n_query=256, n_und_query=0, fix_dit=False, fix_connect=False, fix_llm=True, action_dit_layer=3)`,
    ),
    record(
      run,
      at(0),
      `data_args: DataArguments(csgo_config='csgo_configs/${run.experiment}.yaml', data_path=None, lazy_preprocess=True, is_multimodal=False, csgo_image_folder='data/preprocessed_data', data_type='mix')`,
    ),
    `${record(run, at(0), '\u0000').split('\u0000')[0]!}training_args: TrainingArguments(`,
    ...Object.entries(settings).map(([key, value]) => `${key}=${value},`),
    `) - (${run.pid}:train_csgo.py:1599)`,
    record(
      run,
      at(1),
      `csgo_config: {'debug': False, 'is_multi_task': True, 'is_multi_task_balanced': True, 'alpha_loc_loss': 2, 'is_loc_aux_loss': True, 'alpha_loc_aux_loss': 0.1, 'data_dir': 'data/preprocessed_data', 'train_maps': ['de_dust2', 'de_nuke']}`,
    ),
    record(run, at(22), '🚀 After LoRA: Total parameters: 1870890216', 'train_csgo.py:1755'),
    record(run, at(22), '🚀 After LoRA: Trainable parameters: 25768581', 'train_csgo.py:1756'),
    record(run, at(22), '🚀 After LoRA: Trainable percent: 1.38 %', 'train_csgo.py:1757'),
    record(run, at(23), '🔄 Loading Multi-Task CS2 Dataset...', 'unified_task_dataset.py:963'),
    ...['de_dust2', 'de_nuke'].map((map) =>
      record(
        run,
        at(23),
        `Loading CS2 Data Split data/preprocessed_data/${map}/splits_20000_5000/train_split.json...`,
        'unified_task_dataset.py:971',
      ),
    ),
    record(
      run,
      at(24),
      `✅ Total entries: ${run.stepsPerEpoch * run.batchSize}`,
      'unified_task_dataset.py:1019',
    ),
    record(
      run,
      at(47),
      "Gradient accumulation steps mismatch: GradientAccumulationPlugin has 1, DeepSpeed config has 4. Using DeepSpeed's value.",
      'accelerator.py:1837',
      'WARNING',
    ),
  ]
}

function stepLine(
  run: LoggedRun,
  { step, epoch, loss, learningRate, info, timing, atMs }: StepRecord,
): string {
  const dict = Object.entries(info).map(
    ([key, value]) => `'${key}': ${pythonNumber(value, key.endsWith('_indices'))}`,
  )
  const times = Object.entries(timing).map(([key, value]) => `${key}=${value.toFixed(4)}s`)
  return record(
    run,
    atMs,
    `[ Step ${step} ] Loss: ${Number.isNaN(loss) ? 'nan' : loss.toFixed(6)} | LR: ${pythonExponent(learningRate)} | Epoch: ${epoch.toFixed(2)} | Other Info: {${dict.join(', ')}} | Timing(${times.join(', ')})`,
    'train_csgo.py:1969',
  )
}

/** Python's `repr`: floats always show that they are floats. */
function pythonNumber(value: number, isInteger: boolean): string {
  if (Number.isNaN(value)) return 'nan'
  return isInteger || !Number.isInteger(value) ? String(value) : `${value}.0`
}

/** Python's `%.4e`: the exponent has at least two digits. */
function pythonExponent(value: number): string {
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2')
}

function trainerState(run: LoggedRun, steps: StepRecord[]): string {
  const last = steps.at(-1)!
  const state = {
    best_global_step: null,
    best_metric: null,
    best_model_checkpoint: null,
    epoch: last.epoch,
    eval_steps: 500,
    global_step: last.step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: steps.map(({ step, epoch, loss, learningRate, gradNorm, info }) => ({
      loss,
      grad_norm: gradNorm,
      learning_rate: learningRate,
      epoch,
      step,
      other_info: info,
    })),
    logging_steps: 1,
    max_steps: run.steps,
    num_input_tokens_seen: 0,
    num_train_epochs: Math.round(run.steps / run.stepsPerEpoch),
    save_steps: 200,
    stateful_callbacks: {},
    total_flos: 0,
    train_batch_size: run.batchSize,
    trial_name: null,
    trial_params: null,
  }
  return JSON.stringify(state, null, 2) + '\n'
}
