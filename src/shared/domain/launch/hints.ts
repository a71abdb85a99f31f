/**
 * What deserves a look before a command is started. A pure function of the form and of facts gathered beforehand:
 * a fact that is not known is left out and gives no hint.
 */
import { baseName, catalogueOf, kindOfScript } from './catalogue.ts'
import { findArgument, valueProblem } from './argumentSpec.ts'
import { envValue, findItem, valueOf, type LaunchForm } from './launchForm.ts'
import { launcherKind, masterPort, visibleDevices, worldSize } from './worldSize.ts'

export type HintId =
  | 'port-in-use'
  | 'gpu-busy'
  | 'gpu-missing'
  | 'gpu-count'
  | 'checkpoints-exist'
  | 'names-differ'
  | 'world-size-without-launcher'
  | 'ranks-without-launcher'
  | 'mix-ratio-ignored'
  | 'missing-file'
  | 'outside-workspace'
  | 'overridden'
  | 'bad-value'
  | 'missing-argument'
  | 'repeated-flag'
  | 'config-problem'

/** One thing to look at. `error` would fail, `warning` probably does not do what is meant, `info` is good to know. */
export type LaunchHint = {
  id: HintId
  severity: 'error' | 'warning' | 'info'
  message: string
  /** What to try. */
  hint?: string
  /** The flag or variable it is about. */
  about?: string
}

export type GpuFact = {
  index: number
  uuid?: string
  memoryUsedMiB: number
  memoryTotalMiB: number
  utilisationPercent?: number
}

/** Facts about the machine, the workspace and the config. */
export type HintFacts = {
  /** Name of the experiment the command belongs to. */
  experiment?: string
  /** Whether `masterPort(form)` can be bound. */
  isPortFree?: boolean
  /** All GPUs; an empty list when the machine has none. */
  gpus?: readonly GpuFact[]
  /** Checkpoint steps already in the output folder. */
  checkpointSteps?: readonly number[]
  /** Values of the YAML config by key, as parsed. */
  config?: Readonly<Record<string, unknown>>
  /** Why the YAML config could not be read. */
  configProblem?: string
  /** Paths of the command that do not exist, with the flag that names them. */
  missingFiles?: readonly { flag: string; path: string }[]
  /** Paths of the command that lie outside the workspace. */
  outsideFiles?: readonly { flag: string; path: string }[]
}

/** A GPU counts as busy when a tenth of its memory or a tenth of its time is taken. */
const busyShare = 0.1

/** All hints for a form, worst first. */
export function launchHints(form: LaunchForm, facts: HintFacts = {}): LaunchHint[] {
  const hints = [
    ...processHints(form),
    ...machineHints(form, facts),
    ...fileHints(form, facts),
    ...nameHints(form, facts),
    ...settingHints(form, facts),
    ...valueHints(form),
  ]
  const rank = { error: 0, warning: 1, info: 2 }
  return hints.sort((a, b) => rank[a.severity] - rank[b.severity])
}

function processHints(form: LaunchForm): LaunchHint[] {
  if (launcherKind(form) !== 'python') return []
  const size = envValue(form, 'WORLD_SIZE')
  const devices = visibleDevices(form)
  const hints: LaunchHint[] = []
  if (size !== undefined && Number(size) > 1)
    hints.push({
      id: 'world-size-without-launcher',
      severity: 'error',
      about: 'WORLD_SIZE',
      message: `WORLD_SIZE is ${size}, but plain python starts one process: it waits for the others until it times out.`,
      hint: `Start it with torchrun --nproc_per_node=${size}, or set WORLD_SIZE=1.`,
    })
  if (kindOfScript(form.script ?? '') === 'train' && devices !== undefined && devices.length > 1)
    hints.push({
      id: 'ranks-without-launcher',
      severity: 'warning',
      about: 'CUDA_VISIBLE_DEVICES',
      message: `${devices.length} GPUs are chosen, but plain python starts one process, which uses only the first.`,
      hint: `Start it with torchrun --nproc_per_node=${devices.length}, or choose one GPU.`,
    })
  return hints
}

function machineHints(form: LaunchForm, facts: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  const port = masterPort(form)
  if (port !== undefined && facts.isPortFree === false)
    hints.push({
      id: 'port-in-use',
      severity: 'error',
      about: 'MASTER_PORT',
      message: `Port ${port} is taken, probably by another training.`,
      hint: 'Let the studio find a free port.',
    })
  const devices = visibleDevices(form)
  const processes = worldSize(form)
  if (
    launcherKind(form) !== 'python' &&
    devices !== undefined &&
    processes !== undefined &&
    processes > devices.length &&
    devices.length > 0
  )
    hints.push({
      id: 'gpu-count',
      severity: 'error',
      about: 'CUDA_VISIBLE_DEVICES',
      message: `${processes} processes are started on ${devices.length} visible GPU${devices.length === 1 ? '' : 's'}.`,
      hint: 'Choose as many GPUs as processes.',
    })
  if (facts.gpus === undefined) return hints
  for (const device of devices ?? []) {
    const gpu = facts.gpus.find(({ index, uuid }) => String(index) === device || uuid === device)
    if (!gpu) {
      hints.push({
        id: 'gpu-missing',
        severity: 'warning',
        about: 'CUDA_VISIBLE_DEVICES',
        message: `GPU ${device} does not exist on this machine (${facts.gpus.length} found).`,
        hint: 'Choose another GPU, or start it on the machine it was written for.',
      })
    } else if (
      gpu.memoryUsedMiB > busyShare * gpu.memoryTotalMiB ||
      (gpu.utilisationPercent ?? 0) > busyShare * 100
    )
      hints.push({
        id: 'gpu-busy',
        severity: 'warning',
        about: 'CUDA_VISIBLE_DEVICES',
        message: `GPU ${device} is busy: ${Math.round(gpu.memoryUsedMiB)} of ${Math.round(gpu.memoryTotalMiB)} MiB used${gpu.utilisationPercent === undefined ? '' : `, ${gpu.utilisationPercent} % load`}.`,
        hint: 'Choose another GPU, or wait.',
      })
  }
  return hints
}

function fileHints(form: LaunchForm, facts: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  const steps = facts.checkpointSteps ?? []
  if (steps.length > 0 && kindOfScript(form.script ?? '') === 'train')
    hints.push({
      id: 'checkpoints-exist',
      severity: 'warning',
      about: '--output_dir',
      message: `${valueOf(form, '--output_dir') ?? 'The output folder'} already holds ${steps.length} checkpoint${steps.length === 1 ? '' : 's'}; training will go on from step ${Math.max(...steps)}.`,
      hint: 'Start to resume, or choose another folder for a new run.',
    })
  for (const { flag, path } of facts.missingFiles ?? [])
    hints.push({
      id: 'missing-file',
      severity: 'error',
      about: flag,
      message: `${path} does not exist.`,
      hint: `Correct ${flag}, or create it.`,
    })
  for (const { flag, path } of facts.outsideFiles ?? [])
    hints.push({
      id: 'outside-workspace',
      severity: 'warning',
      about: flag,
      message: `${path} lies outside the workspace, so it was not looked at.`,
    })
  if (facts.configProblem !== undefined)
    hints.push({
      id: 'config-problem',
      severity: 'error',
      about: '--csgo_config',
      message: facts.configProblem,
    })
  return hints
}

/** Name of an experiment in a config or output path: `csgo_configs/test/exp5_loc.yaml` is `exp5_loc`. */
const stem = (path: string) =>
  baseName(`${path.replace(/\/+$/, '').replace(/\.ya?ml$/, '')}.py`).replace(/\.py$/, '')

function nameHints(form: LaunchForm, facts: HintFacts): LaunchHint[] {
  const config = valueOf(form, '--csgo_config')
  const folder = valueOf(form, '--output_dir')
  const hints: LaunchHint[] = []
  const isTraining = kindOfScript(form.script ?? '') === 'train'
  const differ = (about: string, message: string) =>
    hints.push({ id: 'names-differ', severity: 'warning', about, message, hint: 'Check that this is meant.' })
  if (isTraining && config !== undefined && folder !== undefined && !belongsTo(stem(folder), stem(config)))
    differ('--output_dir', `The config is ${stem(config)}, but the output folder is ${stem(folder)}.`)
  if (
    facts.experiment !== undefined &&
    config !== undefined &&
    !experimentCovers(facts.experiment, stem(config), isTraining)
  )
    differ('--csgo_config', `The experiment is ${facts.experiment}, but the config is ${stem(config)}.`)
  if (
    isTraining &&
    facts.experiment !== undefined &&
    folder !== undefined &&
    config === undefined &&
    !experimentCovers(facts.experiment, stem(folder), isTraining)
  )
    differ('--output_dir', `The experiment is ${facts.experiment}, but the output folder is ${stem(folder)}.`)
  return hints
}

/** What follows an experiment's name without making it another experiment: `_debug`, `_loc_65_1e-4`, `_2cuda`. */
const harmlessSuffix =
  /^(_(debug|gen|loc|conti|test|eval)(_(fst|sicc|\d\d))?(_\d+e-\d+)?|_(resume|init)\w*|_\d+(cuda|gpus?)|_lr[\w.-]*|_de_\w+|_dust2|_nuke|_ancient|_3maps)+$/

/** `exp4_5_2_2cuda` belongs to `exp4_5_2`; `exp4_6` does not belong to `exp4_7`, nor `exp5_1` to `exp5`. */
function belongsTo(name: string, base: string): boolean {
  return name === base || (name.startsWith(base) && harmlessSuffix.test(name.slice(base.length)))
}

/**
 * Whether a config belongs to an experiment. The name may be a range: `exp4_3~6` covers exp4_3 to exp4_6 with their
 * children. A test may use a child's config, such as `exp2_1` in exp2; a training may not.
 */
function experimentCovers(experiment: string, name: string, isTraining: boolean): boolean {
  const range = /^(.*?)(\d+)~(\d+)$/.exec(experiment)
  const bases: string[] = range ? [] : [experiment]
  if (range)
    for (let n = Number(range[2]); n <= Math.min(Number(range[3]), Number(range[2]) + 99); n++)
      bases.push(`${range[1]}${n}`)
  const isFamily = (base: string) => name.startsWith(`${base}_`) && /^\d/.test(name.slice(base.length + 1))
  return bases.some((base) => belongsTo(name, base) || ((!isTraining || range !== null) && isFamily(base)))
}

const yamlWins = [
  'learning_rate',
  'weight_decay',
  'warmup_ratio',
  'lr_scheduler_type',
  'lora_r',
  'lora_alpha',
  'lora_dropout',
  'fix_dit',
  'fix_connect',
  'fix_vit',
  'fix_llm',
  'loc_token_lr',
]

function settingHints(form: LaunchForm, facts: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  const { config } = facts
  if (config && isTrue(config.is_multi_task_balanced) && config.task_mix_ratio !== undefined)
    hints.push({
      id: 'mix-ratio-ignored',
      severity: 'warning',
      about: 'task_mix_ratio',
      message: `task_mix_ratio ${String(config.task_mix_ratio)} has no effect: is_multi_task_balanced gives every entry one sample of each task.`,
      hint: 'Switch is_multi_task_balanced off to train one task only, or take task_mix_ratio away.',
    })
  if (baseName(form.script ?? '') !== 'train_csgo.py') return hints
  const deepspeed = valueOf(form, '--deepspeed')
  if (deepspeed !== undefined && deepspeed !== 'deepspeed_scripts/zero0.json')
    hints.push({
      id: 'overridden',
      severity: 'warning',
      about: '--deepspeed',
      message: `--deepspeed ${deepspeed} is ignored: the program always uses deepspeed_scripts/zero0.json.`,
    })
  if (findItem(form, '--lr_scheduler_kwargs'))
    hints.push({
      id: 'overridden',
      severity: 'warning',
      about: '--lr_scheduler_kwargs',
      message:
        '--lr_scheduler_kwargs is ignored: the program uses {min_lr: 1e-5} or the value of the YAML config.',
    })
  for (const key of yamlWins) {
    const written = valueOf(form, `--${key}`)
    const value = config?.[key]
    if (written === undefined || value === undefined || value === null || sameValue(written, value)) continue
    hints.push({
      id: 'overridden',
      severity: 'warning',
      about: `--${key}`,
      message: `--${key} ${written} is ignored: the YAML config says ${String(value)}.`,
      hint: 'Change the YAML config.',
    })
  }
  if (valueOf(form, '--dataloader_num_workers') === '0')
    hints.push({
      id: 'overridden',
      severity: 'info',
      about: '--dataloader_num_workers',
      message: '--dataloader_num_workers 0 becomes half the CPUs, at least 4 and at most 16.',
    })
  return hints
}

function valueHints(form: LaunchForm): LaunchHint[] {
  const specs = catalogueOf(form.script ?? undefined)?.args
  if (!specs) return []
  const hints: LaunchHint[] = []
  for (const spec of specs) {
    const items = form.items.filter(({ flag }) => flag !== null && findArgument([spec], flag) !== undefined)
    if (items.length === 0 && spec.isRequired)
      hints.push({
        id: 'missing-argument',
        severity: 'error',
        about: spec.flag,
        message: `${spec.flag} is missing; the program needs it.`,
      })
    if (items.length > 1)
      hints.push({
        id: 'repeated-flag',
        severity: 'warning',
        about: spec.flag,
        message: `${spec.flag} is given ${items.length} times; the last one counts.`,
      })
    for (const { values } of items) {
      const problem =
        values.length === 0
          ? spec.type === 'switch' || spec.type === 'bool'
            ? undefined
            : `${spec.flag} has no value.`
          : valueProblem(spec, values[0])
      if (problem) hints.push({ id: 'bad-value', severity: 'error', about: spec.flag, message: problem })
    }
  }
  return hints
}

const isTrue = (value: unknown) => value === true || (typeof value === 'string' && /^true$/i.test(value))

/** Whether a written value and a YAML value mean the same: `1e-4` and 0.0001, `False` and false. */
export function sameValue(written: string, value: unknown): boolean {
  if (typeof value === 'boolean') return written.toLowerCase() === String(value)
  if (typeof value === 'number') return written.trim() !== '' && Number(written) === value
  const text = String(value)
  return written === text || (text.trim() !== '' && written.trim() !== '' && Number(written) === Number(text))
}
