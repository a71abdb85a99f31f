/** Hints about files and folders: checkpoints, what is missing or outside, and names that do not belong together. */
import { baseName, kindOfScript } from '../catalogue.ts'
import { valueOf, type LaunchForm } from '../launchForm.ts'
import { hintOf, type HintFacts, type LaunchHint } from './hint.ts'

export function fileHints(form: LaunchForm, facts: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  const steps = facts.checkpointSteps ?? []
  if (steps.length > 0 && kindOfScript(form.script ?? '') === 'train')
    hints.push(
      hintOf(
        'checkpoints-exist',
        'warning',
        'checkpointsExist',
        {
          folder: valueOf(form, '--output_dir') ?? '',
          count: steps.length,
          step: Math.max(...steps),
        },
        '--output_dir',
      ),
    )
  for (const { flag, path } of facts.missingFiles ?? [])
    hints.push(hintOf('missing-file', 'error', 'missingFile', { flag, path }, flag))
  for (const { flag, path } of facts.outsideFiles ?? [])
    hints.push(hintOf('outside-workspace', 'warning', 'outsideWorkspace', { path }, flag))
  if (facts.configProblem !== undefined)
    hints.push(
      hintOf('config-problem', 'error', 'configProblem', { problem: facts.configProblem }, '--csgo_config'),
    )
  return hints
}

/** Whether config, output folder and experiment bear names that belong together. */
export function nameHints(form: LaunchForm, { experiment }: HintFacts): LaunchHint[] {
  const config = stemOf(valueOf(form, '--csgo_config'))
  const folder = stemOf(valueOf(form, '--output_dir'))
  const isTraining = kindOfScript(form.script ?? '') === 'train'
  const hints: LaunchHint[] = []
  if (isTraining && config !== undefined && folder !== undefined && !belongsTo(folder, config))
    hints.push(hintOf('names-differ', 'warning', 'folderNotOfConfig', { config, folder }, '--output_dir'))
  if (experiment === undefined) return hints
  const isForeign = (name: string) => !experimentCovers(experiment, name, isTraining)
  if (config !== undefined && isForeign(config))
    hints.push(
      hintOf('names-differ', 'warning', 'configNotOfExperiment', { experiment, config }, '--csgo_config'),
    )
  if (isTraining && config === undefined && folder !== undefined && isForeign(folder))
    hints.push(
      hintOf('names-differ', 'warning', 'folderNotOfExperiment', { experiment, folder }, '--output_dir'),
    )
  return hints
}

/** Name of an experiment in a config or output path: `csgo_configs/test/exp5_loc.yaml` is `exp5_loc`. */
const stemOf = (path: string | undefined) =>
  path === undefined
    ? undefined
    : baseName(`${path.replace(/\/+$/, '').replace(/\.ya?ml$/, '')}.py`).replace(/\.py$/, '')

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
