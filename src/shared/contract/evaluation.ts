/** Evaluation: checkpoints become commands with configs of their own, which are started one after the other. */
import { z } from 'zod'
import { command, query, type ContractPart } from './operation.ts'
import { trainingProcess } from './training.ts'

/** `gen`: frames of the test split; `gen-conti`: frames of unseen continuous clips; `loc`: poses. */
export const evaluationTasks = ['gen', 'gen-conti', 'loc'] as const
const task = z.enum(evaluationTasks)
export type EvaluationTask = z.infer<typeof task>

const request = z.object({
  workspace: z.string(),
  /** Checkpoint folders inside the workspace, such as `outputs/csgo_1b/exp5/checkpoint-65000`. */
  checkpoints: z.array(z.string().min(1)).min(1).max(200),
  tasks: z.array(task).min(1),
  /** Which maps; those of the config that is copied when left out. */
  maps: z.array(z.string().regex(/^[\w-]+$/)).optional(),
  /** CUDA_VISIBLE_DEVICES of every command, so that they wait for each other; not set when left out. */
  gpus: z
    .string()
    .regex(/^[\w,-]*$/)
    .optional(),
  /** Config to copy in place of the one that is found by the experiment's name. */
  base: z.string().optional(),
})
export type EvaluationRequest = z.infer<typeof request>

/** One evaluation of one checkpoint. */
const plannedEvaluation = z.object({
  task,
  experiment: z.string(),
  step: z.number().int().nullable(),
  checkpoint: z.string(),
  /** The config that is copied; null when the experiment has none. */
  base: z.string().nullable(),
  /** The config of the command. */
  config: z.string(),
  /** `exists`: it says all of this already and is used as it is. `new`: it is written at the start. */
  configState: z.enum(['exists', 'new']),
  /** What the copy says differently. */
  edits: z.array(z.object({ key: z.string(), before: z.string().nullable(), after: z.string() })),
  maps: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  argv: z.array(z.string()),
  /** Folder below which the script makes `test_<time>`. */
  resultFolder: z.string(),
  /** Why it cannot be started. */
  problem: z.string().nullable(),
})
export type PlannedEvaluation = z.infer<typeof plannedEvaluation>

export const evaluation = {
  /** The commands for checkpoints, with the configs they need; writes and starts nothing. */
  'evaluation.plan': query({ input: request, output: z.array(plannedEvaluation) }),
  /** Writes the configs that are missing and starts the commands, each after the one before on the same GPUs. */
  'evaluation.start': command({
    input: request.extend({ python: z.string().optional() }),
    output: z.object({ configs: z.array(z.string()), processes: z.array(trainingProcess) }),
  }),
} satisfies ContractPart
