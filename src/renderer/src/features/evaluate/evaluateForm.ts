/** What the page Evaluate asks for, as data. */
import { create } from 'zustand'
import type { EvaluationTask } from '../../../../shared/contract/evaluation.ts'
import type { WorkspaceReport } from '../../../../shared/contract/workspaces.ts'
import type { Input } from '../../api/client.ts'

export type EvaluateForm = {
  /** Name of the experiment whose checkpoints are shown; the first with checkpoints when undefined. */
  experiment: string | undefined
  /** Folders of the chosen checkpoints, of any experiment. */
  checkpoints: readonly string[]
  tasks: readonly EvaluationTask[]
  /** Undefined: the maps of the config. */
  maps: readonly string[] | undefined
  /** CUDA_VISIBLE_DEVICES; commands with the same wait for each other. */
  gpus: string
  /** Config to copy; undefined when it is found by name. */
  base: string | undefined
  python: string | undefined
}

/** Kept while the window is open. */
export const useEvaluateForm = create<EvaluateForm>(() => ({
  experiment: undefined,
  checkpoints: [],
  tasks: ['gen'],
  maps: undefined,
  gpus: '0',
  base: undefined,
  python: undefined,
}))

/** An output folder that holds checkpoints. */
export type CheckpointSource = { experiment: string; folder: string; steps: readonly number[] }

/** Folders with checkpoints, sorted as people count; steps ascending. */
export function checkpointSources(report: Pick<WorkspaceReport, 'trainingRuns'>): CheckpointSource[] {
  return report.trainingRuns
    .flatMap(({ experiment, outputDir, checkpoints }) =>
      outputDir === undefined || checkpoints.length === 0
        ? []
        : [{ experiment, folder: outputDir, steps: [...checkpoints].sort((a, b) => a - b) }],
    )
    .sort((a, b) => a.experiment.localeCompare(b.experiment, undefined, { numeric: true }))
}

export const checkpointPath = ({ folder }: CheckpointSource, step: number): string =>
  `${folder.replace(/[\\/]+$/, '')}/checkpoint-${step}`

/** The step in a checkpoint's path; NaN when it has none. */
const stepOf = (path: string): number => Number(/checkpoint-(\d+)[\\/]*$/.exec(path)?.[1])

/** A list with one entry added or taken away. */
export const toggled = <Value>(list: readonly Value[], value: Value): Value[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value]

/** The request of a form: checkpoints by step, tasks in their order; undefined while something is missing. */
export function requestOf(
  form: EvaluateForm,
  workspace: string | undefined,
): Input<'evaluation.plan'> | undefined {
  const { checkpoints, tasks, maps, gpus, base } = form
  if (workspace === undefined || checkpoints.length === 0 || tasks.length === 0 || maps?.length === 0)
    return undefined
  const order: readonly EvaluationTask[] = ['gen', 'gen-conti', 'loc']
  return {
    workspace,
    checkpoints: [...checkpoints].sort((a, b) => stepOf(a) - stepOf(b)),
    tasks: order.filter((task) => tasks.includes(task)),
    ...(maps === undefined ? {} : { maps: [...maps] }),
    ...(gpus.trim() === '' ? {} : { gpus: gpus.replaceAll(/\s+/g, '') }),
    ...(base === undefined ? {} : { base }),
  }
}
