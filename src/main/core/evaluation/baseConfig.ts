/** Finds the config that an evaluation of an experiment is made from. */
import type { EvaluationTask } from '../../../shared/contract/evaluation.ts'

/** How the configs of a task end, best first. A config of discrete frames becomes one of clips by one switch. */
const suffixes: Record<EvaluationTask, readonly string[]> = {
  gen: ['_gen', ''],
  'gen-conti': ['_gen_conti', '_conti', '_gen', ''],
  loc: ['_loc'],
}

/**
 * The config to copy: of the experiment's tests the one of the task, else the training's own, which has every
 * setting of the model. Output folders may bear more than the name (`exp5_resume_from_checkpoint-46800`), so shorter
 * names are tried as well, down to the first number.
 *
 * @param configs all configs of the workspace, as `csgo_configs/test/exp5_gen.yaml`.
 */
export function baseConfigOf(
  configs: readonly string[],
  experiment: string,
  task: EvaluationTask,
): string | undefined {
  const known = new Set(configs)
  for (const name of namesOf(experiment)) {
    const tests = suffixes[task].map((suffix) => `csgo_configs/test/${name}${suffix}.yaml`)
    const found = [...tests, `csgo_configs/${name}.yaml`].find((path) => known.has(path))
    if (found !== undefined) return found
  }
  return undefined
}

/** `exp5_1_debug`, `exp5_1`, but not `exp5`: a number belongs to the name. */
function namesOf(experiment: string): string[] {
  const names = [experiment]
  for (let name = experiment; ;) {
    const shorter = name.replace(/[_-](checkpoint-\d+|[^_-]*)$/, '')
    if (shorter === name || /(?<!checkpoint)[_-]\d+$/.test(name)) return names
    names.push((name = shorter))
  }
}

/** The name of a copied config, without its number: `exp5_gen_65000`. */
export const copyName = (experiment: string, task: EvaluationTask, step: number | null): string =>
  [experiment, task.replace('-', '_'), ...(step === null ? [] : [step])].join('_')
