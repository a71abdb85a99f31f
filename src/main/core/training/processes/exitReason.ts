/** Why a process ended, from its exit record and the last things it wrote. */
import type { ExitHint, ExitReason } from '../../../../shared/contract/training.ts'
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
  const found = lastTraceback(output)
  const traceback = found === null ? null : mask(found.text)
  if (!exit)
    return {
      kind: 'lost',
      text: 'Lost: the process is gone and nobody saw how it ended. The machine was restarted, or the process and its supervisor were killed.',
      detail: null,
      hints: [],
      exitCode: null,
      signal: null,
      traceback,
    }
  const facts = { exitCode: exit.exitCode, signal: exit.signal }
  const plain = (kind: ExitReason['kind'], text: string, detail: string | null = null): ExitReason => ({
    kind,
    text,
    detail,
    hints: [],
    ...facts,
    traceback: null,
  })
  if (exit.startError) {
    const why = startErrorText(exit.startError)
    return plain('not-started', `Could not be started: ${why}`, why)
  }
  if (exit.exitCode === 0)
    return plain('finished', wasAskedToStop ? 'Finished after it was asked to stop.' : 'Finished.')
  if (wasAskedToStop) return plain('stopped', 'Stopped on request.')
  const { kind, text, detail = null, hints = [] } = badEnd(exit, found, output)
  const isFull = exit.freeBytes !== undefined && exit.freeBytes < fullDiskBytes
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`
  return {
    kind,
    text: mask(isFull ? sentence + fullDiskNote : text),
    detail: detail === null ? null : mask(detail),
    hints: isFull ? [...hints, 'disk-full'] : hints,
    ...facts,
    traceback,
  }
}

type BadEnd = Pick<ExitReason, 'kind' | 'text'> & { detail?: string; hints?: ExitHint[] }

function badEnd(exit: ExitRecord, traceback: Traceback | null, output: readonly string[]): BadEnd {
  const how = exit.signal === null ? `exit code ${exit.exitCode}` : `signal ${exit.signal}`
  const exception = traceback?.exception ?? null
  // Without an exception the last lines speak; with one, an earlier mention of memory is not why it ended.
  const memoryLine = traceback === null ? memoryLineOf(output) : exception
  if (memoryLine !== null && memoryError.test(memoryLine))
    return { kind: 'out-of-memory', text: `Out of memory (${how}): ${memoryLine}`, detail: memoryLine }
  const isKilled =
    exit.signal === 'SIGKILL' ||
    exit.exitCode === 137 ||
    output.some((text) => launcherSawKill.test(text)) ||
    (exception !== null && killedWorker.test(exception))
  if (isKilled && (exit.oomKills ?? 0) > 0)
    return {
      kind: 'out-of-memory',
      text: `Out of memory: the system ended it for using too much (${how}).`,
      hints: ['memory-limit'],
    }
  if (isKilled)
    return exit.oomKills === null
      ? {
          kind: 'killed',
          text: `Killed (${how}), possibly out of memory; this system does not say.`,
          hints: ['maybe-memory'],
        }
      : {
          kind: 'killed',
          text: `Killed (${how}), not by the memory limit of its control group.`,
          hints: ['not-memory'],
        }
  if (exit.signal !== null) {
    const known = signalHints[exit.signal]
    return {
      kind: 'killed',
      text: `Ended by ${how}${known?.text ?? ''}.`,
      ...(known ? { hints: [known.hint] } : {}),
    }
  }
  if (exception !== null)
    return { kind: 'failed', text: `Failed with ${how}: ${exception}`, detail: exception }
  const words = lastWords(output)
  return words === null
    ? { kind: 'failed', text: `Failed with ${how}.` }
    : {
        kind: 'failed',
        text: `Failed with ${how}. It last wrote: ${words}`,
        detail: words,
        hints: ['last-words'],
      }
}

const signalHints: Record<string, { text: string; hint: ExitHint }> = {
  SIGSEGV: { text: ', a crash in native code', hint: 'native-crash' },
  SIGABRT: { text: ', native code gave up; the last lines say why', hint: 'native-abort' },
  SIGBUS: {
    text: ', often a full /dev/shm: give the data loader fewer workers or the container more shared memory',
    hint: 'shared-memory',
  },
  SIGHUP: { text: ', its terminal was closed', hint: 'terminal-closed' },
}

/** A full disk takes the last lines with it, the traceback first of all. */
const fullDiskNote = ' The disk that keeps its output is full: the last lines are missing.'

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
