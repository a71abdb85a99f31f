/** How far a process is, from what it logs, the bar it draws and the size its command has. */
import type { ProcessMonitor } from '../../../../../shared/contract/training.ts'

export type Progress = {
  step: number | null
  total?: number
  stepsPerSecond?: number
  secondsLeft?: number
}

/**
 * @param totalSteps what the command's arguments and data amount to, if that is known.
 */
export function progressOf({ run, launch, bar }: ProcessMonitor, totalSteps: number | undefined): Progress {
  const step = launch?.lastStep ?? run?.lastStep ?? bar?.done ?? null
  const reached = step ?? 0
  // A total below what was reached was wrong, as for scripts that count their steps in another way; the bar is the program's own.
  const total = [bar?.total, totalSteps].find(
    (candidate) => candidate !== undefined && candidate !== null && candidate > 0 && candidate >= reached,
  )
  const stepsPerSecond = launch?.stepsPerSecond ?? bar?.stepsPerSecond ?? undefined
  const secondsLeft =
    total !== undefined &&
    total !== null &&
    step !== null &&
    stepsPerSecond !== undefined &&
    stepsPerSecond > 0
      ? (total - step) / stepsPerSecond
      : (bar?.remainingSeconds ?? undefined)
  return {
    step,
    ...(total === undefined || total === null ? {} : { total }),
    ...(stepsPerSecond === undefined ? {} : { stepsPerSecond }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
  }
}
