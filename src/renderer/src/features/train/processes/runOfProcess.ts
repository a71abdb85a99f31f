/** Finds the log run that belongs to a started process, and how far it is. */
import type { TrainingProcess, TrainingRun } from '../../../../../shared/contract/training.ts'
import { formFromCommand, valueOf } from '../../../../../shared/domain/launch/launchForm.ts'

/** Both clocks are of the same machine; a log begins a moment after the process, never long before. */
const toleranceMs = 5000

/** Path without a leading `./` and trailing slashes. */
const plain = (path: string) => path.replace(/^(\.\/)+/, '').replace(/\/+$/, '')

/**
 * The run whose output folder the command names. A run of the same name counts as well, because a log that has no
 * settings in it names no folder. Undefined while the process has not begun to log.
 */
export function runOfProcess(
  runs: readonly TrainingRun[],
  process: TrainingProcess,
): TrainingRun | undefined {
  const written = valueOf(formFromCommand(process), '--output_dir')
  if (written === undefined) return undefined
  const outputDir = plain(written)
  const name = outputDir.slice(outputDir.lastIndexOf('/') + 1)
  const isSame = (folder: string) => {
    const other = plain(folder)
    return other === outputDir || other === `${plain(process.cwd)}/${outputDir}`
  }
  return (
    runs.find(({ outputDirs }) => outputDirs.some(isSame)) ??
    runs.find(({ experiment, outputDirs }) => outputDirs.length === 0 && experiment === name)
  )
}

/** Step, speed and time left of the launch that belongs to a process. */
export function progressOfRun(
  run: TrainingRun,
  process: TrainingProcess,
  totalSteps: number | undefined,
): { step: number | null; total?: number; stepsPerSecond?: number; secondsLeft?: number } {
  const beganAt = process.startedAt ?? process.createdAt
  // The log's clock names no zone: only the newest launch of the time of this process can be meant.
  const launch = run.launches.findLast(({ siblingOf }) => siblingOf === null)
  const step = launch?.lastStep ?? run.lastStep
  // A total below what was reached was wrong, as for scripts that count their steps in another way.
  const isTotal = totalSteps !== undefined && totalSteps > 0 && totalSteps >= (step ?? 0)
  const total = isTotal ? { total: totalSteps } : {}
  if (!launch || step === null || launch.firstStep === null) return { step, ...total }
  const endedAt = process.endedAt ?? Date.now()
  const seconds =
    launch.startedAt !== null && launch.endedAt !== null
      ? launch.endedAt - launch.startedAt
      : (endedAt - beganAt + toleranceMs) / 1000
  const steps = step - launch.firstStep
  if (steps <= 0 || seconds <= 0) return { step, ...total }
  const stepsPerSecond = steps / seconds
  return {
    step,
    ...total,
    stepsPerSecond,
    ...(isTotal ? { secondsLeft: (totalSteps - step) / stepsPerSecond } : {}),
  }
}
