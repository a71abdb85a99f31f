/**
 * The folder of a supervised process: what it writes, and small JSON files that say how it is. They are replaced
 * whole, so that a reader never sees half of one, and they are enough to find the process again without the engine.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from './processIdentity.ts'

/** Written by the supervisor when the child runs. */
export type StartRecord = { supervisor: ProcessIdentity; child: ProcessIdentity; startedAt: number }

/** Written by the supervisor when the child has ended or could not be started. `oomKills`: how many processes of the control group the kernel killed for memory meanwhile; null when it does not say. */
export type ExitRecord = {
  exitCode: number | null
  signal: string | null
  endedAt: number
  oomKills: number | null
  /** Space that was left on the disk of the folder. */
  freeBytes?: number
  startError?: { code: string; message: string }
}

/** Written by whoever asks for the end. */
export type StopRecord = { at: number }

export const files = {
  start: 'process.json',
  exit: 'exit.json',
  stop: 'stop.json',
  stdout: 'stdout.log',
  stderr: 'stderr.log',
  supervisor: 'supervisor.log',
  gpus: 'gpus.csv',
  /** Space for the exit record, should the disk be full by then. */
  reserve: 'reserve',
} as const

/** A JSON file of the folder; `null` when it is not there yet. */
export function readRecord<Record>(folder: string, name: string): Record | null {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record
  } catch {
    return null
  }
}

/** Writes a JSON file of the folder in one step. */
export function writeRecord(folder: string, name: string, record: unknown): void {
  const path = join(folder, name)
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(record), { flush: true })
  renameSync(draft, path)
}
