/** What a hint is, and what must be known for it. */
import { fillText, hintTexts, type HintText, type HintTextId, type HintValues } from './texts.ts'

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
  /** Which text it is, and what is filled in, so that a page can say it in another language. */
  text: HintTextId
  values: HintValues
}

export type GpuFact = {
  index: number
  uuid?: string
  memoryUsedMiB: number
  memoryTotalMiB: number
  utilisationPercent?: number
}

/** Facts about the machine, the workspace and the config. A fact that is not known is left out and gives no hint. */
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

/** Makes a hint of its text and what is filled in. */
export function hintOf(
  id: HintId,
  severity: LaunchHint['severity'],
  text: HintTextId,
  values: HintValues,
  about?: string,
): LaunchHint {
  const { message, hint }: HintText = hintTexts[text]
  return {
    id,
    severity,
    message: fillText(message, values),
    ...(hint === undefined ? {} : { hint: fillText(hint, values) }),
    ...(about === undefined ? {} : { about }),
    text,
    values,
  }
}
