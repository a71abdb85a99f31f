/** Why a process ended, from its exit record and the last things it wrote. */
import type { ExitReason } from '../../../../shared/contract/training.ts'
import type { ExitRecord } from './runFolder.ts'

/** What is known when a process is over. `output`: the end of stderr, then of stdout. */
export type EndFacts = { exit: ExitRecord | null; wasAskedToStop: boolean; output: string[] }

const memoryError =
  /\b(?:MemoryError|OutOfMemoryError|CUDA out of memory|out of memory|Cannot allocate memory|not enough memory|std::bad_alloc|CUBLAS_STATUS_ALLOC_FAILED|oom[-_ ]?kill|OUT_OF_MEMORY)\b/i
/** Launchers report that a child failed; the child's own traceback says why. */
const secondHand = /ChildFailedError|SignalException|ProcessExitedException|CalledProcessError/
const rankPrefix = /^(?:\[(?:rank|default)?\d+\]:\s?)/
const tracebackHead = 'Traceback (most recent call last):'
const maximumLines = 80
const lastLines = 40

/** One sentence and the facts behind it. */
export function exitReason({ exit, wasAskedToStop, output }: EndFacts): ExitReason {
  if (!exit) {
    const text =
      'Lost: the process is gone and nobody saw how it ended. The machine was restarted, or the process and its supervisor were killed.'
    return { kind: 'lost', text, exitCode: null, signal: null, traceback: lastTraceback(output) }
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
  const traceback = lastTraceback(output)
  const exception = traceback === null ? null : exceptionOf(traceback)
  if (wasAskedToStop) return { kind: 'stopped', text: 'Stopped on request.', ...facts, traceback: null }
  const how = exit.signal === null ? `exit code ${exit.exitCode}` : `signal ${exit.signal}`
  const memoryLine =
    exception !== null && memoryError.test(exception)
      ? exception
      : traceback === null
        ? memoryLineOf(output)
        : null
  if (memoryLine !== null)
    return { kind: 'out-of-memory', text: `Out of memory (${how}): ${memoryLine}`, ...facts, traceback }
  if ((exit.oomKills ?? 0) > 0)
    return {
      kind: 'out-of-memory',
      text: `Out of memory: the system ended it for using too much (${how}).`,
      ...facts,
      traceback,
    }
  const isKilled =
    exit.signal === 'SIGKILL' ||
    exit.exitCode === 137 ||
    output.some((text) => /Signal 9 \(SIGKILL\) received by PID/.test(text))
  if (isKilled) {
    const doubt =
      exit.oomKills === null
        ? 'possibly out of memory; this system does not say'
        : 'not by the memory limit of its control group'
    return { kind: 'killed', text: `Killed (${how}), ${doubt}.`, ...facts, traceback }
  }
  if (exit.signal !== null)
    return { kind: 'killed', text: `Ended by ${how}${signalHint[exit.signal] ?? ''}.`, ...facts, traceback }
  return {
    kind: 'failed',
    text: exception === null ? `Failed with ${how}.` : `Failed with ${how}: ${exception}`,
    ...facts,
    traceback,
  }
}

const signalHint: Record<string, string> = {
  SIGSEGV: ', a crash in native code',
  SIGABRT: ', native code gave up; the last lines say why',
  SIGBUS: ', often a full /dev/shm: give the data loader fewer workers or the container more shared memory',
  SIGHUP: ', its terminal was closed',
}

/** The last Python traceback in the texts (first text first), chained causes left out; a launcher's own only when there is no other. */
export function lastTraceback(output: readonly string[]): string | null {
  const found = output.map(tracebacksOf)
  const own = found.flatMap((list) =>
    list.filter((text) => !secondHand.test(exceptionOf(text) ?? '')).slice(-1),
  )
  return own[0] ?? found.flatMap((list) => list.slice(-1))[0] ?? null
}

function tracebacksOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  const found: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const prefix = rankPrefix.exec(lines[index]!)?.[0] ?? ''
    if (!lines[index]!.slice(prefix.length).trimStart().startsWith(tracebackHead)) continue
    const strip = (line: string) =>
      prefix !== '' && line.startsWith(prefix.trimEnd())
        ? line.slice(Math.min(prefix.length, line.length))
        : line
    const block = [tracebackHead]
    let isInFrames = true
    for (let next = index + 1; next < lines.length && block.length < maximumLines; next++) {
      const line = strip(lines[next]!)
      if (line.trim() === '' || line.includes(tracebackHead)) break
      if (prefix !== '' && !lines[next]!.startsWith(prefix.trimEnd())) break
      const isFrame = /^\s/.test(line)
      if (isInFrames && !isFrame) isInFrames = false
      else if (!isInFrames && /^\d{4}-\d\d-\d\d |%\|/.test(line)) break
      block.push(line)
    }
    found.push(block.join('\n'))
  }
  return found
}

/** The exception's line: the first after the frames. */
function exceptionOf(traceback: string): string | null {
  return (
    traceback
      .split('\n')
      .slice(1)
      .find((line) => /^\S/.test(line)) ?? null
  )
}

function memoryLineOf(output: readonly string[]): string | null {
  for (const text of output) {
    const line = text
      .trimEnd()
      .split(/\r\n|\n|\r/)
      .slice(-lastLines)
      .findLast((candidate) => memoryError.test(candidate))
    if (line !== undefined) return line.trim()
  }
  return null
}

function startErrorText({ code, message }: { code: string; message: string }): string {
  if (code === 'ENOENT') return 'the program or the working folder does not exist.'
  if (code === 'EACCES') return 'this user may not run the program. Check its permissions (chmod +x).'
  if (code === 'E2BIG') return 'the arguments and environment are too long.'
  return message
}
