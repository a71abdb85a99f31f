import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import { hasValues } from '../metricTable.ts'
import type { ParsedLog } from '../readLog.ts'

/** Facts about a log as a file: what kind of lines it has, where it begins and ends, what is damaged. */
export function structure(log: ParsedLog, bytes: number): LogAnomaly[] {
  return [...contents(log, bytes), ...damage(log)]
}

function contents({ state, tables }: ParsedLog, bytes: number): LogAnomaly[] {
  const { step, loss } = tables
  const notes: LogAnomaly[] = []
  const note = (
    code: LogAnomaly['code'],
    message: string,
    values: LogAnomaly['values'] = {},
    at: Pick<LogAnomaly, 'line' | 'step'> = {},
  ) => notes.push({ code, severity: 'note', message, values, ...at })
  if (bytes === 0) note('empty-file', 'empty file (0 bytes)')
  else if (step.rows + loss.rows + tables.console.rows + tables.state.rows === 0)
    note('no-metrics', 'no metric lines')
  if (state.pids.length > 1) {
    const count = state.pids.length
    note('several-processes', `${count} process ids in one file`, { count })
  }
  if (step.rows > 0 && step.steps[0]! > 1) {
    const first = step.steps[0]!
    const at = { step: first, line: step.lines[0]! }
    note('resumed', `first step is ${first}, not 1`, { first }, at)
  }
  if (state.endLines.length > 0) {
    const lines = state.endLines.join(', ')
    note(
      'end-of-training',
      `step line(s) without Loss and LR (end-of-training summary): line ${lines}`,
      { lines },
      { line: state.endLines[0]! },
    )
  } else if (step.rows + loss.rows > 0) {
    const line = Math.max(step.lines[step.rows - 1] ?? 0, loss.lines[loss.rows - 1] ?? 0)
    note(
      'ends-without-summary',
      'no end-of-training line: the run was stopped, crashed, or still goes on',
      {},
      { line },
    )
  }
  if (step.rows > 0) {
    // A line that was cut off leaves columns without a value.
    const info = step.columns.filter((column) => column.section === 'info' && hasValues(step, column))
    if (info.length === 0) note('no-other-info', 'step lines have no Other Info (only Loss, LR, Epoch)')
    else if (!info.some(({ name }) => name === 'total_loss'))
      note('no-total-loss', 'Other Info has no total_loss')
  }
  if (step.rows > 0 && loss.rows > 0) {
    const values = { steps: step.rows, losses: loss.rows }
    note(
      'two-kinds',
      `both step lines and loss lines in one file: ${values.steps} and ${values.losses}`,
      values,
    )
  }
  return notes
}

function damage({ state }: ParsedLog): LogAnomaly[] {
  const found: LogAnomaly[] = []
  if (state.clock) {
    const { backwards: count, line, seconds } = state.clock
    const values = { count, seconds: Math.round(seconds) }
    const often = count === 1 ? 'once' : `${count} times`
    const message = `the clock goes back ${often}, first by ${values.seconds} s`
    found.push({ code: 'clock-backwards', severity: 'warning', message, values, line })
  }
  if (state.binaryLines) {
    const { count, line } = state.binaryLines
    const message = `${count === 1 ? '1 line' : `${count} lines`} with NUL bytes: the file was damaged or not fully written`
    found.push({ code: 'binary', severity: 'warning', message, values: { count }, line })
  }
  if (state.tracebacks) {
    const { count, line } = state.tracebacks
    const message = count === 1 ? 'a Python traceback' : `${count} Python tracebacks`
    found.push({ code: 'traceback', severity: 'error', message, values: { count }, line })
  }
  if (state.hasCutLine)
    found.push({
      code: 'cut-line',
      severity: 'note',
      message: 'the last line is cut off',
      values: {},
      line: state.lines + 1,
    })
  return found
}
