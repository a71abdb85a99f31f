/** What evaluations have made: processes and the folders they wrote, as one list. */
import type { TrainingProcess } from '../../../../shared/contract/training.ts'
import { kindOfScript, type CommandKind } from '../../../../shared/domain/launch/catalogue.ts'
import { formFromCommand, valueOf } from '../../../../shared/domain/launch/launchForm.ts'
import { momentOfName, type EvaluationRun } from '../workspace/runState.ts'

/** The clocks of the process and of its folder's name are the same; a name has whole seconds. */
const toleranceMs = 2000

/** What an evaluation process evaluates; undefined for trainings, benchmarks and videos. */
export function evaluationOf(
  process: Pick<TrainingProcess, 'argv' | 'env'>,
): { kind: CommandKind; stem: string } | undefined {
  const form = formFromCommand(process)
  const kind = kindOfScript(form.script ?? '')
  const config = valueOf(form, '--csgo_config')
  if ((kind !== 'eval-gen' && kind !== 'eval-loc') || config === undefined) return undefined
  const name = config.split(/[\\/]/).at(-1) ?? ''
  return { kind, stem: name.replace(/\.ya?ml$/, '') }
}

/** The folder of frames a process wrote: of its config's name, made while it ran; the first when there are several. */
export function framesOf(
  process: TrainingProcess,
  runs: readonly EvaluationRun[],
): EvaluationRun | undefined {
  const what = evaluationOf(process)
  if (what?.kind !== 'eval-gen' || process.startedAt === null) return undefined
  const from = process.startedAt - toleranceMs
  const to = (process.endedAt ?? Infinity) + toleranceMs
  return runs
    .filter(({ experiment, timestamp }) => {
      const at = momentOfName(timestamp)
      return experiment === what.stem && at !== undefined && at >= from && at <= to
    })
    .sort((a, b) => a.timestamp.localeCompare(b.timestamp))[0]
}

/** A row of the list: a process with the frames it made, or frames that were made elsewhere. */
export type Outcome = {
  key: string
  stem: string
  /** ms since 1970. */
  at: number
  process: TrainingProcess | undefined
  run: EvaluationRun | undefined
}

/** Evaluations of a workspace, newest first; `isShown` chooses folders without a process by the name of their config. */
export function outcomes(
  processes: readonly TrainingProcess[],
  runs: readonly EvaluationRun[],
  isShown: (stem: string) => boolean,
): Outcome[] {
  const ofProcesses = processes.flatMap((process): Outcome[] => {
    const what = evaluationOf(process)
    if (!what) return []
    const run = framesOf(process, runs)
    return [{ key: process.id, stem: what.stem, at: process.startedAt ?? process.createdAt, process, run }]
  })
  const claimed = new Set(ofProcesses.map(({ run }) => run?.path))
  const others = runs
    .filter(({ path, experiment }) => !claimed.has(path) && isShown(experiment))
    .map((run): Outcome => ({
      key: run.path,
      stem: run.experiment,
      at: momentOfName(run.timestamp) ?? 0,
      process: undefined,
      run,
    }))
  return [...ofProcesses, ...others].sort((a, b) => b.at - a.at)
}

/** Whether a config's name is one of an experiment's evaluations: `exp5_gen_65000` of `exp5`, not `exp5_1_gen`. */
export function isEvaluationOf(stem: string, experiment: string): boolean {
  if (!stem.startsWith(experiment)) return false
  return /^(_(gen|loc|conti|test|eval|debug)(?![a-z]).*)?$/.test(stem.slice(experiment.length))
}
