import { setTimeout as sleep } from 'node:timers/promises'
import { familyOf, signalFamily, type FamilyName } from './processFamily.ts'
import { isRunning, type ProcessIdentity } from './processIdentity.ts'

/** How long a process may take to end after each signal. */
export type StopDelays = { interruptMs: number; terminateMs: number; killMs: number }

/**
 * Ends a process and all it started: SIGINT, SIGTERM, SIGKILL, each after the one before had its time. Returns when
 * nothing of it runs any more, or when even the last signal did not help in time.
 *
 * @param isHurried goes straight to SIGKILL.
 */
export async function endFamily(
  { leader, runId }: FamilyName,
  delays: StopDelays,
  isHurried: boolean,
): Promise<void> {
  // Who was seen once stays known: a child may lose its parent between two signals.
  let seen: ProcessIdentity[] = []
  const look = () => (seen = familyOf({ leader, runId, seen }))
  const polite = [
    { signal: 'SIGINT' as const, waitMs: delays.interruptMs },
    { signal: 'SIGTERM' as const, waitMs: delays.terminateMs },
  ]
  for (const { signal, waitMs } of [
    ...(isHurried ? [] : polite),
    { signal: 'SIGKILL' as const, waitMs: delays.killMs },
  ]) {
    signalFamily({ leader, runId }, look(), signal)
    for (const until = Date.now() + waitMs; Date.now() < until; await sleep(50)) {
      const hasLeader = isRunning(leader)
      const members = look()
      if (!hasLeader && members.length === 0) return
      // The leader has obeyed; what it left behind need not wait for the rest of the polite time.
      if (!hasLeader && signal === 'SIGINT') break
      // A process that forks faster than it is listed is met again.
      if (signal === 'SIGKILL') signalFamily({ leader, runId }, members, signal)
    }
  }
}
