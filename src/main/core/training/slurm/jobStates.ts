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

/** What squeue is asked for; the name comes last because it may hold a bar. */
export const squeueFormat = '%i|%T|%M|%N|%r|%A|%j'
/** What sacct is asked for. */
export const sacctFormat = 'JobID,State,ExitCode,Elapsed,NodeList,JobIDRaw,JobName,Reason'

/** Reads `squeue --noheader` in the format above. */
export function parseSqueue(text: string): SlurmJob[] {
  return text.split(/\r?\n/).flatMap((line): SlurmJob[] => {
    const [jobId, state, elapsed, node, reason, ownId, ...name] = line.trim().split('|')
    if (ownId === undefined || !/^\d/.test(jobId!)) return []
    return [
      {
        jobId: jobId!,
        ownId,
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
 * Reads `sacct --noheader --parsable2` in the format above. Steps of a job (`12.batch`, `12.0`) are left out, except that
 * one that ran out of memory names the job's state.
 */
export function parseSacct(text: string): SlurmJob[] {
  const jobs: SlurmJob[] = []
  for (const line of text.split(/\r?\n/)) {
    const [id, stateText, exit, elapsed, node, ownId, ...rest] = line.trim().split('|')
    if (ownId === undefined || !/^\d/.test(id!)) continue
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
      ownId,
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
