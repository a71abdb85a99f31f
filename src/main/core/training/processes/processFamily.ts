/**
 * Everything a supervised process started: its process group and session, children that moved to sessions of their
 * own, as torchrun's workers do, and their children.
 *
 * On Linux a process belongs to a run when it carries the run's variable in its environment, or is in the leader's
 * session, or descends from one that does. One of the three is not enough: programs may clear their environment or write over it
 * (setproctitle does), call setsid, or lose their parent. What does all three at once, a daemon with an empty
 * environment, is not found.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { identify, isRunning, readStat, type ProcessIdentity } from './processIdentity.ts'

/** Set in the environment of every supervised process; its value is the run's id. */
export const runVariable = 'PARALLAX_TRAINING_ID'

/** A run as its processes are found by. `seen` are members that were found before, whatever became of their parents. */
export type FamilyName = {
  leader: ProcessIdentity
  runId: string
  seen?: readonly ProcessIdentity[]
}

/** Processes of a run that are alive, the leader included. On Windows: the leader; elsewhere without /proc: those of the leader's group. */
export function familyOf({ leader, runId, seen = [] }: FamilyName): ProcessIdentity[] {
  if (process.platform === 'linux') return linuxFamily(leader, runId, seen)
  if (!isRunning(leader)) return []
  return process.platform === 'win32' ? [leader] : groupMembers(leader.pid)
}

/**
 * Signals a run. SIGINT goes to the leader's group, as Ctrl-C would: launchers pass it on themselves. Other signals go
 * to every process of the run.
 */
export function signalFamily(
  { leader }: FamilyName,
  members: readonly ProcessIdentity[],
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
): void {
  if (process.platform === 'win32') return endWindowsTree(leader, signal)
  const isLeaderAlive = isRunning(leader)
  // A group id is only believed while the process that owns it is known to live.
  if (isLeaderAlive) send(-leader.pid, signal)
  if (signal === 'SIGINT' && isLeaderAlive) return
  for (const member of members) if (isRunning(member)) send(member.pid, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (caught) {
    const { code } = caught as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw caught
  }
}

function linuxFamily(
  leader: ProcessIdentity,
  runId: string,
  seen: readonly ProcessIdentity[],
): ProcessIdentity[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
  const mark = `${runVariable}=${runId}`
  const holder = all.find(({ pid }) => pid === leader.pid)
  // The kernel gives nobody a number that still names a session; only one that is free again may name another.
  const isSessionOurs = holder === undefined || holder.start === leader.start
  const known = new Set(seen.map(({ pid, start }) => `${pid} ${start}`))
  const members = new Set<number>()
  for (const { pid, start, session } of all) {
    const isInSession = isSessionOurs && session === leader.pid
    if (isInSession || known.has(`${pid} ${start}`) || isMarked(pid, mark)) members.add(pid)
  }
  // Children of members, and theirs.
  for (let before = -1; before !== members.size;) {
    before = members.size
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid)
  }
  return all.filter(({ pid }) => members.has(pid)).map(({ pid, start }) => ({ pid, start }))
}

/** Processes of other users cannot be read and are not ours. */
function isMarked(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
  } catch {
    return false
  }
}

function groupMembers(group: number): ProcessIdentity[] {
  const listed = execFileSync('ps', ['-axo', 'pid=,pgid=,stat='], { encoding: 'utf8' })
  return listed.split('\n').flatMap((line) => {
    const [pid, pgid, stat] = line.trim().split(/\s+/)
    return Number(pgid) === group && !stat?.startsWith('Z') ? (identify(Number(pid)) ?? []) : []
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
