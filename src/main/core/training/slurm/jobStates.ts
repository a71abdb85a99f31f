import type { SlurmJob } from '../../../../shared/contract/training.ts'

const overStates = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
])

/** Reads `squeue --noheader --format=%i|%T|%M|%N|%r|%j`. */
export function parseSqueue(text: string): SlurmJob[] {
  return text.split(/\r?\n/).flatMap((line): SlurmJob[] => {
    const [jobId, state, elapsed, node, reason, ...name] = line.trim().split('|')
    if (reason === undefined || !/^\d/.test(jobId!)) return []
    return [
      {
        jobId: jobId!,
        state: state!,
        isOver: overStates.has(state!),
        elapsed: elapsed!,
        node: node!,
        reason: reason === 'None' ? '' : reason,
        name: name.join('|'),
        exitCode: null,
        signal: null,
      },
    ]
  })
}

/**
 * Reads `sacct --noheader --parsable2 --format=JobID,State,ExitCode,Elapsed,NodeList,JobName,Reason`. Steps of a job
 * (`12.batch`, `12.0`) are left out, except that one that ran out of memory names the job's state.
 */
export function parseSacct(text: string): SlurmJob[] {
  const jobs: SlurmJob[] = []
  for (const line of text.split(/\r?\n/)) {
    const [id, stateText, exit, elapsed, node, ...rest] = line.trim().split('|')
    if (node === undefined || !/^\d/.test(id!)) continue
    // "CANCELLED by 1000", and "CANCELLED+" where the field was cut.
    const state = /^[A-Z_]+/.exec(stateText!)?.[0] ?? stateText!
    const step = /^([^.]+)\./.exec(id!)
    if (step) {
      const owner = jobs.find(({ jobId }) => jobId === step[1])
      if (owner && state === 'OUT_OF_MEMORY') owner.state = state
      continue
    }
    const [exitCode, signal] = (exit ?? '').split(':').map(Number)
    const reason = rest.length > 1 ? rest.at(-1)! : ''
    jobs.push({
      jobId: id!,
      state,
      isOver: overStates.has(state),
      elapsed: elapsed!,
      node: node === 'None assigned' ? '' : node,
      reason: reason === 'None' ? '' : reason,
      name: rest.slice(0, Math.max(1, rest.length - 1)).join('|'),
      exitCode: overStates.has(state) && Number.isInteger(exitCode) ? exitCode! : null,
      signal: overStates.has(state) && Number.isInteger(signal) ? signal! : null,
    })
  }
  return jobs
}
