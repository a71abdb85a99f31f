/** Slurm's states as the studio's looks. Its own words stay as they are: people search for them. */
import type { SlurmJob, SlurmSubmission } from '../../../../../shared/contract/training.ts'
import type { StatusLook } from '../../../ui/Status.tsx'

const failures = new Set(['FAILED', 'OUT_OF_MEMORY', 'NODE_FAIL', 'BOOT_FAIL', 'TIMEOUT', 'DEADLINE'])

/** The look of one task. */
export function lookOfTask({ state, isOver }: Pick<SlurmJob, 'state' | 'isOver'>): StatusLook {
  if (failures.has(state)) return 'failed'
  if (state === 'COMPLETED') return 'ok'
  if (isOver) return 'off'
  return state === 'RUNNING' || state === 'COMPLETING' ? 'running' : 'waiting'
}

/** The state of a whole submission: what runs, else what failed, else what waits, else how it ended. */
export function stateOfSubmission({ tasks, isForgotten }: SlurmSubmission): {
  state: string
  look: StatusLook
} {
  if (tasks.length === 0)
    return { state: isForgotten ? '' : 'SUBMITTED', look: isForgotten ? 'off' : 'waiting' }
  const order: StatusLook[] = ['running', 'failed', 'waiting', 'off', 'ok']
  const looks = tasks.map((task) => ({ state: task.state, look: lookOfTask(task) }))
  return looks.sort((a, b) => order.indexOf(a.look) - order.indexOf(b.look))[0]
}
