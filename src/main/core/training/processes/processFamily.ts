/**
 * Everything a supervised process started: its process group, and children that moved to groups of their own, as
 * torchrun's workers do. All of them inherit one variable that names the run.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isRunning, type ProcessIdentity } from './processIdentity.ts'

/** Set in the environment of every supervised process; its value is the run's id. */
export const runVariable = 'PARALLAX_TRAINING_ID'

/** Processes (pids) of a run that are alive, the leader included. Where /proc is missing: those of the leader's group. */
export function familyOf(leader: ProcessIdentity, runId: string): number[] {
  if (process.platform === 'linux') return markedProcesses(runId)
  if (process.platform === 'win32') return isRunning(leader) ? [leader.pid] : []
  return isRunning(leader) ? groupMembers(leader.pid) : []
}

/**
 * Signals a run. SIGINT goes to the leader's group, as Ctrl-C would: launchers pass it on themselves. Other signals go
 * to every process of the run.
 */
export function signalFamily(
  leader: ProcessIdentity,
  runId: string,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
): void {
  if (process.platform === 'win32') return endWindowsTree(leader, signal)
  const isLeaderAlive = isRunning(leader)
  // A group id is only believed while the process that owns it is known to live.
  if (isLeaderAlive) send(-leader.pid, signal)
  if (signal === 'SIGINT' && isLeaderAlive) return
  for (const pid of familyOf(leader, runId)) send(pid, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (caught) {
    const { code } = caught as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw caught
  }
}

function markedProcesses(runId: string): number[] {
  const mark = `${runVariable}=${runId}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // Processes of other users cannot be read and are not ours. A zombie's environment is empty.
        return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark)
      } catch {
        return false
      }
    })
    .map(Number)
}

function groupMembers(group: number): number[] {
  const listed = execFileSync('ps', ['-axo', 'pid=,pgid=,stat='], { encoding: 'utf8' })
  return listed.split('\n').flatMap((line) => {
    const [pid, pgid, stat] = line.trim().split(/\s+/)
    return Number(pgid) === group && !stat?.startsWith('Z') ? [Number(pid)] : []
  })
}

function endWindowsTree(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(leader)) return
  const force = signal === 'SIGKILL' ? ['/F'] : []
  try {
    execFileSync('taskkill', ['/PID', String(leader.pid), '/T', ...force], { stdio: 'ignore' })
  } catch {
    // taskkill fails for programs without a window unless it is forced; the next, firmer signal follows.
  }
}
