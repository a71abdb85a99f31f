/**
 * The only place that starts programs: an argument array, never a shell; ended politely, then firmly; the last lines
 * of its messages are kept, because they are the best explanation of a failure there is.
 */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { createLineSplitter } from './lineSplitter.ts'

export type Command = {
  /** Program: a path or a name on the PATH. */
  file: string
  args: readonly string[]
  cwd?: string
  /** Variables added to those of this process. */
  env?: Record<string, string>
}

export type ProcessOptions = {
  /** Ends the program when aborted. */
  signal?: AbortSignal
  /** Called for every line of output; lines end at `\n` or `\r`. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** Takes stdout as bytes instead of lines. */
  onBytes?: (bytes: Buffer) => void
  /** How long a program asked to end may take before it is killed. */
  graceMs?: number
}

export type ProcessOutcome = {
  /** `null` when a signal ended it. */
  exitCode: number | null
  signalName: NodeJS.Signals | null
  /** The last lines it wrote to stderr, oldest first. */
  lastLines: string[]
}

export type RunningProcess = {
  pid: number | undefined
  stdin: Writable
  /** Resolves when the program has ended and its output is read to the end, also after `signal`; rejects when it could not be started. */
  ended: Promise<ProcessOutcome>
}

const keptLines = 20
const defaultGraceMs = 3000

/** Starts a program and gives it back while it runs. Its stdin is open: end it when there is nothing to send. */
export function startProcess(command: Command, options: ProcessOptions = {}): RunningProcess {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env ? { ...process.env, ...command.env } : process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const lastLines: string[] = []
  const stdout = createLineSplitter((line) => options.onLine?.(line, 'stdout'))
  const stderr = createLineSplitter((line) => {
    if (line.trim() !== '') lastLines.push(line)
    if (lastLines.length > keptLines) lastLines.shift()
    options.onLine?.(line, 'stderr')
  })
  if (options.onBytes) child.stdout.on('data', options.onBytes)
  else child.stdout.setEncoding('utf8').on('data', stdout.push)
  child.stderr.setEncoding('utf8').on('data', stderr.push)
  // A program that ends early closes its stdin; how it ended says more than EPIPE.
  child.stdin.on('error', () => {})

  let killer: NodeJS.Timeout | undefined
  const stop = () => {
    child.kill('SIGTERM')
    killer ??= setTimeout(() => child.kill('SIGKILL'), options.graceMs ?? defaultGraceMs)
  }
  if (options.signal?.aborted) stop()
  else options.signal?.addEventListener('abort', stop, { once: true })

  const ended = new Promise<ProcessOutcome>((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(command, error)))
    child.on('close', (exitCode, signalName) => {
      stdout.end()
      stderr.end()
      resolve({ exitCode, signalName, lastLines })
    })
  }).finally(() => {
    clearTimeout(killer)
    options.signal?.removeEventListener('abort', stop)
  })
  ended.catch(() => {})
  return { pid: child.pid, stdin: child.stdin, ended }
}

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws AppError `process-failed` when it ends with anything but 0, `missing-program` when it does not exist,
 *   `cancelled` when `signal` was aborted.
 */
export async function runProcess(
  command: Command,
  options: ProcessOptions = {},
): Promise<{ stdout: string; lastLines: string[] }> {
  const printed: string[] = []
  const running = startProcess(command, {
    ...options,
    onLine: (line, stream) => {
      if (stream === 'stdout') printed.push(line)
      options.onLine?.(line, stream)
    },
  })
  running.stdin.end()
  const outcome = await running.ended
  if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.')
  if (outcome.exitCode !== 0) throw processFailure(command, outcome)
  return { stdout: printed.join('\n'), lastLines: outcome.lastLines }
}

/** Why a program that ended badly did so: reason, command, then its own last lines. */
export function processFailure(command: Command, outcome: ProcessOutcome, subject?: string): AppError {
  const how =
    outcome.exitCode === null
      ? `was ended by ${outcome.signalName}`
      : `failed with exit code ${outcome.exitCode}`
  const said = outcome.lastLines.length > 0 ? `:\n${outcome.lastLines.join('\n')}` : '.'
  return new AppError(
    'process-failed',
    `${subject === undefined ? '' : `${subject}: `}${command.file} ${how}${said}`,
    {
      details: {
        commandLine: [command.file, ...command.args],
        exitCode: outcome.exitCode,
        lastLines: outcome.lastLines,
      },
    },
  )
}

function startFailure(command: Command, error: NodeJS.ErrnoException): AppError {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return toAppError(error, command.file)
  const reason = error.code === 'ENOENT' ? 'was not found' : 'may not be executed'
  return new AppError('missing-program', `The program ${command.file} ${reason}.`, { cause: error })
}
