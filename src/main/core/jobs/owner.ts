/** Which process runs a job: enough to tell, later and from another process, whether that one is still alive. */
import { readFileSync } from 'node:fs'

/** Text of the form `<door>:<pid>:<start>`; `start` tells a process from a later one that got the same pid. */
export function ownerOfThisProcess(door: 'engine' | 'terminal'): string {
  return `${door}:${process.pid}:${processStart(process.pid)}`
}

/** Whether the process behind an owner text still runs. */
export function isOwnerAlive(owner: string): boolean {
  const [, pid, start] = owner.split(':')
  return isProcessAlive(Number(pid), start)
}

/**
 * Whether a process still runs.
 *
 * @param start what `processStart` said of it then; empty where that was not known.
 */
export function isProcessAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startNow = processStart(pid)
  return startNow === '' || start === '' || startNow === start
}

/** Start time in clock ticks since boot (field 22 of /proc/<pid>/stat); empty where there is no /proc. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
