/** Makes evaluation commands of checkpoints. A script takes one config, and the config names one checkpoint. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, posix, relative, sep } from 'node:path'
import type {
  EvaluationRequest,
  EvaluationTask,
  PlannedEvaluation,
} from '../../../shared/contract/evaluation.ts'
import { AppError } from '../../../shared/errors.ts'
import { confine } from '../experiments/confine.ts'
import { listConfigs } from '../experiments/facts.ts'
import { readTextFile } from '../experiments/textFile.ts'
import { editConfig, readConfig, type Config, type ConfigEdit } from '../experiments/yamlConfig.ts'
import { baseConfigOf, copyName } from './baseConfig.ts'

const scripts: Record<EvaluationTask, string> = {
  gen: 'eval_csgo.py',
  'gen-conti': 'eval_csgo.py',
  loc: 'eval_csgo_loc.py',
}

/** A planned evaluation with the edits that make its config. */
export type Plan = PlannedEvaluation & { configEdits: ConfigEdit[] }

/**
 * Plans every task for every checkpoint, in the order they are started: all tasks of one checkpoint, then the next.
 *
 * @throws AppError `permission` for a path that leaves the workspace, `not-found` for a folder that is not there.
 */
export async function planEvaluations(root: string, request: EvaluationRequest): Promise<Plan[]> {
  const configs = await listConfigs(root)
  const taken = new Set<string>()
  const plans: Plan[] = []
  for (const checkpoint of request.checkpoints)
    for (const task of request.tasks) {
      const plan = await planOne(root, request, { checkpoint, task, configs, taken })
      taken.add(plan.config)
      plans.push(plan)
    }
  return plans
}

async function planOne(
  root: string,
  request: EvaluationRequest,
  {
    checkpoint,
    task,
    configs,
    taken,
  }: { checkpoint: string; task: EvaluationTask; configs: readonly string[]; taken: ReadonlySet<string> },
): Promise<Plan> {
  const absolute = await confine(root, checkpoint)
  const folder = relative(root, absolute).replaceAll(sep, '/')
  const files = await readdir(absolute).catch(() => {
    throw new AppError('not-found', `The checkpoint ${folder} does not exist.`, {
      hint: 'save_total_limit removes older checkpoints. Choose one that is still there.',
    })
  })
  const number = /^checkpoint-(\d+)$/.exec(basename(folder))?.[1]
  const step = number === undefined ? null : Number(number)
  const experiment = number === undefined ? basename(folder) : basename(dirname(folder))
  const base = request.base ?? baseConfigOf(configs, experiment, task) ?? null
  const env: Record<string, string> = request.gpus === undefined ? {} : { CUDA_VISIBLE_DEVICES: request.gpus }
  const shared = { task, experiment, step, checkpoint: folder, base, env }
  const command = (config: string) => ({
    config,
    argv: ['python', scripts[task], '--csgo_config', config],
    resultFolder: `${task === 'loc' ? 'outputs_loc' : 'outputs_eval'}/${stemOf(config)}`,
  })
  const refused = (problem: string): Plan => ({
    ...shared,
    ...command(`csgo_configs/test/${copyName(experiment, task, step)}.yaml`),
    configState: 'new',
    edits: [],
    configEdits: [],
    maps: request.maps ?? [],
    problem,
  })
  if (base === null)
    return refused(`There is no config for ${experiment} in csgo_configs. Choose one to copy.`)
  const { text } = await readTextFile(await confine(root, base))
  const config = readConfig(text, base)
  const weights = weightsOf(files, config)
  if (weights === undefined) return refused(`${folder} holds no weights (model.safetensors).`)

  const wanted = wantedValues(task, { ckptPath: posix.join(folder, weights), maps: request.maps, config })
  const edits = wanted.filter(({ key, value }) => !isSame(config.values[key], value))
  const mapsKey = task === 'loc' ? 'test_maps' : 'val_maps'
  const maps = request.maps ?? listOf(config.values[mapsKey])
  const found = await configFor(root, { base, text, edits, configs, taken }, copyName(experiment, task, step))
  return {
    ...shared,
    ...command(found.path),
    configState: found.state,
    edits: edits.map(({ key, raw }) => ({ key, before: rawOf(config, key), after: raw })),
    configEdits: edits.map(({ key, raw }) => ({ key, raw })),
    maps,
    problem: maps.length === 0 ? `${base} names no maps (${mapsKey}).` : null,
  }
}

type Wanted = { key: string; value: unknown; raw: string }

/** What the config of a task has to say. */
function wantedValues(
  task: EvaluationTask,
  { ckptPath, maps, config }: { ckptPath: string; maps: readonly string[] | undefined; config: Config },
): Wanted[] {
  const text = (key: string, value: string): Wanted => ({ key, value, raw: JSON.stringify(value) })
  const list = (key: string): Wanted[] =>
    maps === undefined ? [] : [{ key, value: maps, raw: `[${maps.map((map) => `'${map}'`).join(', ')}]` }]
  const isConti = task === 'gen-conti'
  return [
    text('ckpt_path', ckptPath),
    ...list(task === 'loc' ? 'test_maps' : 'val_maps'),
    // A localization config keeps its own choice of split.
    ...(task === 'loc' || (!isConti && config.values['is_conti_gen'] === undefined)
      ? []
      : [{ key: 'is_conti_gen', value: isConti, raw: isConti ? 'True' : 'False' }]),
    ...(config.values['debug'] === true ? [{ key: 'debug', value: false, raw: 'False' }] : []),
  ]
}

/** The first name that is free, or whose file says exactly what is wanted; the base itself when nothing changes. */
async function configFor(
  root: string,
  from: {
    base: string
    text: string
    edits: readonly Wanted[]
    configs: readonly string[]
    taken: ReadonlySet<string>
  },
  name: string,
): Promise<{ path: string; state: 'exists' | 'new' }> {
  const { base, text, edits, configs, taken } = from
  if (edits.length === 0) return { path: base, state: 'exists' }
  const values = readConfig(editConfig(text, edits, base), base).values
  for (let count = 1; ; count++) {
    const path = `csgo_configs/test/${name}${count === 1 ? '' : `_${count}`}.yaml`
    if (taken.has(path)) continue
    if (!configs.includes(path)) return { path, state: 'new' }
    const present = await readTextFile(await confine(root, path))
    try {
      if (isSame(readConfig(present.text, path).values, values)) return { path, state: 'exists' }
    } catch {
      // A broken file of this name stays as it is; the next name is tried.
    }
  }
}

/** The file of weights: of the name the config uses, else the usual ones. */
function weightsOf(files: readonly string[], config: Config): string | undefined {
  const written = config.values['ckpt_path']
  const usual = ['model.safetensors', 'pytorch_model.bin', 'model.pth']
  const names = typeof written === 'string' && written !== '' ? [basename(written), ...usual] : usual
  return names.find((name) => files.includes(name))
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const rawOf = ({ entries }: Config, key: string) =>
  entries.findLast((entry) => entry.key === key)?.raw ?? null
const stemOf = (path: string) => basename(path).replace(/\.ya?ml$/, '')
