/** Why a process ended, from its exit record and the last things it wrote. */
import type { ExitReason } from '../../../../shared/contract/training.ts'
import { maskText } from '../../../../shared/domain/secrets.ts'
import { findProgressBar } from '../logs/tqdm.ts'
import type { ExitRecord } from './runFolder.ts'
import { lastTraceback, type Traceback } from './tracebacks.ts'

/** What is known when a process is over. `output`: the end of stderr, then of stdout. `mask` hides secrets in what is quoted. */
export type EndFacts = {
  exit: ExitRecord | null
  wasAskedToStop: boolean
  output: string[]
  mask?: (text: string) => string
}

const memoryError =
  /\b(?:MemoryError|OutOfMemoryError|CUDA out of memory|out of memory|Cannot allocate memory|not enough memory|std::bad_alloc|CUBLAS_STATUS_ALLOC_FAILED|oom[-_ ]?kill|OUT_OF_MEMORY)\b/i
/** What the survivors of a killed worker say. */
const killedWorker =
  /DataLoader worker \(pid.*\) (?:is killed|exited unexpectedly)|process.* terminated abruptly/
const launcherSawKill = /Signal 9 \(SIGKILL\) received by PID/
const lastLines = 40
const quotedCharacters = 300
const fullDiskBytes = 1_000_000

/** One sentence and the facts behind it. */
export function exitReason({ exit, wasAskedToStop, output, mask = maskText }: EndFacts): ExitReason {
  const traceback = lastTraceback(output)
  const shown = traceback === null ? null : mask(traceback.text)
  if (!exit) {
    const text =
      'Lost: the process is gone and nobody saw how it ended. The machine was restarted, or the process and its supervisor were killed.'
    return { kind: 'lost', text, exitCode: null, signal: null, traceback: shown }
  }
  const facts = { exitCode: exit.exitCode, signal: exit.signal }
  if (exit.startError)
    return {
      kind: 'not-started',
      text: `Could not be started: ${startErrorText(exit.startError)}`,
      ...facts,
      traceback: null,
    }
  if (exit.exitCode === 0)
    return {
      kind: 'finished',
      text: wasAskedToStop ? 'Finished after it was asked to stop.' : 'Finished.',
      ...facts,
      traceback: null,
    }
  if (wasAskedToStop) return { kind: 'stopped', text: 'Stopped on request.', ...facts, traceback: null }
  const { kind, text } = badEnd(exit, traceback, output)
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`
  return { kind, text: mask(isDiskFull(exit) ? sentence + fullDiskNote : text), ...facts, traceback: shown }
}

function badEnd(
  exit: ExitRecord,
  traceback: Traceback | null,
  output: readonly string[],
): Pick<ExitReason, 'kind' | 'text'> {
  const how = exit.signal === null ? `exit code ${exit.exitCode}` : `signal ${exit.signal}`
  const exception = traceback?.exception ?? null
  // Without an exception the last lines speak; with one, an earlier mention of memory is not why it ended.
  const memoryLine = traceback === null ? memoryLineOf(output) : exception
  if (memoryLine !== null && memoryError.test(memoryLine))
    return { kind: 'out-of-memory', text: `Out of memory (${how}): ${memoryLine}` }
  const isKilled =
    exit.signal === 'SIGKILL' ||
    exit.exitCode === 137 ||
    output.some((text) => launcherSawKill.test(text)) ||
    (exception !== null && killedWorker.test(exception))
  if (isKilled && (exit.oomKills ?? 0) > 0)
    return { kind: 'out-of-memory', text: `Out of memory: the system ended it for using too much (${how}).` }
  if (isKilled) {
    const doubt =
      exit.oomKills === null
        ? 'possibly out of memory; this system does not say'
        : 'not by the memory limit of its control group'
    return { kind: 'killed', text: `Killed (${how}), ${doubt}.` }
  }
  if (exit.signal !== null)
    return { kind: 'killed', text: `Ended by ${how}${signalHint[exit.signal] ?? ''}.` }
  if (exception !== null) return { kind: 'failed', text: `Failed with ${how}: ${exception}` }
  const words = lastWords(output)
  return {
    kind: 'failed',
    text: words === null ? `Failed with ${how}.` : `Failed with ${how}. It last wrote: ${words}`,
  }
}

const signalHint: Record<string, string> = {
  SIGSEGV: ', a crash in native code',
  SIGABRT: ', native code gave up; the last lines say why',
  SIGBUS: ', often a full /dev/shm: give the data loader fewer workers or the container more shared memory',
  SIGHUP: ', its terminal was closed',
}

/** A full disk takes the last lines with it, the traceback first of all. */
const fullDiskNote = ' The disk that keeps its output is full: the last lines are missing.'
const isDiskFull = ({ freeBytes }: ExitRecord) => freeBytes !== undefined && freeBytes < fullDiskBytes

function memoryLineOf(output: readonly string[]): string | null {
  for (const text of output) {
    const line = linesOf(text)
      .slice(-lastLines)
      .findLast((candidate) => memoryError.test(candidate))
    if (line !== undefined) return line.trim()
  }
  return null
}

/** The last line of stderr, or else of stdout, that is no progress bar: what `argparse` and shells say before they give up. */
function lastWords(output: readonly string[]): string | null {
  for (const text of output) {
    const line = linesOf(text)
      .slice(-lastLines)
      .findLast((candidate) => candidate.trim() !== '' && !findProgressBar(candidate))
    if (line !== undefined) return line.trim().slice(0, quotedCharacters)
  }
  return null
}

const linesOf = (text: string) => text.trimEnd().split(/\r\n|\n|\r/)

function startErrorText({ code, message }: { code: string; message: string }): string {
  if (code === 'ENOENT') return 'the program or the working folder does not exist.'
  if (code === 'EACCES') return 'this user may not run the program. Check its permissions (chmod +x).'
  if (code === 'E2BIG') return 'the arguments and environment are too long.'
  return message
}
