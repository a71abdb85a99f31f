/**
 * Tells a process from a later one that was given the same pid: by the moment it started, and on Linux by the boot as
 * well. Windows is best effort: it asks PowerShell, and where that gives nothing a pid alone is never believed.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process for good: its pid and an opaque text that a later process with this pid does not have. */
export type ProcessIdentity = { pid: number; start: string }

let bootId: string | undefined

/** The identity of a running process; `null` when there is none with this pid, or it is a zombie. */
export function identify(pid: number): ProcessIdentity | null {
  const start =
    process.platform === 'linux'
      ? (readStat(pid)?.start ?? null)
      : process.platform === 'win32'
        ? windowsStart(pid)
        : psStart(pid)
  return start === null ? null : { pid, start }
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.start === identity.start
}

/** A line of the process table of Linux. Zombies are none. */
export type ProcessStat = ProcessIdentity & { parent: number; session: number }

/** What /proc/<pid>/stat says; `null` when there is no such process, or it is a zombie. Its name (field 2) may hold anything, so fields are counted from the end of it. */
export function readStat(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    bootId ??= readBootId()
    // Fields 4, 6 and 22 of proc(5): parent, session, and the start in clock ticks since the boot.
    return { pid, start: `${bootId}/${fields[19]}`, parent: Number(fields[1]), session: Number(fields[3]) }
  } catch {
    return null
  }
}

/** The variables a process was started with; none where there is no /proc, or it is another user's. */
export function environmentOf(pid: number): Record<string, string> {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return Object.fromEntries(
      entries.map((entry) => /^([^=]*)=?([^]*)$/.exec(entry)!.slice(1, 3)) as [string, string][],
    )
  } catch {
    return {}
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return 'boot'
  }
}

function psStart(pid: number): string | null {
  const line = commandOutput('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
  const parts = /^\s*(\S+)\s+(.+?)\s*$/.exec(line)
  return parts && !parts[1]!.startsWith('Z') ? parts[2]! : null
}

function windowsStart(pid: number): string | null {
  const text = commandOutput('powershell.exe', [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    `(Get-Process -Id ${Math.trunc(pid)}).StartTime.ToFileTimeUtc()`,
  ]).trim()
  return /^\d+$/.test(text) ? text : null
}

function commandOutput(file: string, args: string[]): string {
  try {
    return execFileSync(file, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    })
  } catch {
    return ''
  }
}
