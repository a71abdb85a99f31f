/** Where a command writes: results to stdout, messages and progress to stderr, JSON lines when asked for. */
import type { Progress } from '../../../shared/contract/jobs.ts'
import { formatDuration } from '../../../shared/domain/format.ts'
import type { AppError } from '../../../shared/errors.ts'

export type Output = ReturnType<typeof createOutput>

const barWidth = 24

/** @param isJson write JSON lines instead of text on stdout. */
export function createOutput(isJson: boolean) {
  const isTerminal = process.stderr.isTTY === true
  let hasProgressLine = false

  const clearProgress = () => {
    if (hasProgressLine) process.stderr.write('\r\x1b[2K')
    hasProgressLine = false
  }
  return {
    isJson,
    /** Text for people; nothing in JSON mode. */
    print(text: string): void {
      clearProgress()
      if (!isJson) process.stdout.write(`${text}\n`)
    },
    /** One JSON line; nothing in text mode. */
    json(value: unknown): void {
      clearProgress()
      if (isJson) process.stdout.write(`${JSON.stringify(value)}\n`)
    },
    /** A remark that is not a result. */
    note(text: string): void {
      clearProgress()
      process.stderr.write(`${text}\n`)
    },
    error(error: AppError): void {
      clearProgress()
      if (isJson) process.stdout.write(`${JSON.stringify({ type: 'error', error: error.toData() })}\n`)
      process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`)
    },
    /** Progress: a bar that is redrawn on a terminal, JSON lines in JSON mode, nothing in a plain pipe. */
    progress(progress: Progress): void {
      if (isJson) process.stdout.write(`${JSON.stringify({ type: 'progress', ...progress })}\n`)
      if (!isTerminal) return
      process.stderr.write(`\r\x1b[2K${progressLine(progress, process.stderr.columns ?? 80)}`)
      hasProgressLine = true
    },
    clearProgress,
  }
}

function progressLine(
  { stage, done, total, unit, ratePerSecond, secondsLeft }: Progress,
  columns: number,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 0
  const filled = Math.round(share * barWidth)
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
  const rate =
    ratePerSecond === undefined ? '' : `  ${ratePerSecond.toFixed(ratePerSecond < 10 ? 1 : 0)} ${unit}/s`
  const left = secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`
  return `${stage}  ${bar}  ${done} / ${total}${rate}${left}`.slice(0, Math.max(20, columns - 1))
}
