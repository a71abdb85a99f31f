import { setTimeout as sleep } from 'node:timers/promises'
import { familyOf, signalFamily } from './processFamily.ts'
import { isRunning, type ProcessIdentity } from './processIdentity.ts'
import { files, readRecord, type StartRecord } from './runFolder.ts'

/** How long a process may take to end after each signal. */
export type StopDelays = { interruptMs: number; terminateMs: number; killMs: number }

/**
 * Ends a process and all it started: SIGINT, SIGTERM, SIGKILL, each after the one before had its time. Returns when
 * nothing of it runs any more, or when even the last signal did not help in time.
 *
 * @param isHurried goes straight to SIGKILL.
 */
export async function endFamily(
  leader: ProcessIdentity,
  runId: string,
  delays: StopDelays,
  isHurried: boolean,
): Promise<void> {
  const polite = [
    { signal: 'SIGINT' as const, waitMs: delays.interruptMs },
    { signal: 'SIGTERM' as const, waitMs: delays.terminateMs },
  ]
  for (const { signal, waitMs } of [
    ...(isHurried ? [] : polite),
    { signal: 'SIGKILL' as const, waitMs: delays.killMs },
  ]) {
    signalFamily(leader, runId, signal)
    for (const until = Date.now() + waitMs; Date.now() < until; await sleep(50)) {
      const hasLeader = isRunning(leader)
      if (!hasLeader && familyOf(leader, runId).length === 0) return
      // The leader has obeyed; what it left behind need not wait for the rest of the polite time.
      if (!hasLeader && signal === 'SIGINT') break
    }
  }
}

/** Waits until the supervisor has said which process it started; `null` when it could not start one, or says nothing for so long. */
export async function waitForStart(folder: string, limitMs: number): Promise<StartRecord | null> {
  for (const until = Date.now() + limitMs; Date.now() < until; await sleep(20)) {
    const start = readRecord<StartRecord>(folder, files.start)
    if (start) return start
    if (readRecord(folder, files.exit)) return null
  }
  return null
}
