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
      ? linuxStart(pid)
      : process.platform === 'win32'
        ? windowsStart(pid)
        : psStart(pid)
  return start === null ? null : { pid, start }
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.start === identity.start
}

/** Boot and start time in clock ticks since it (field 22 of /proc/<pid>/stat; the name before it may hold anything). */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    bootId ??= readBootId()
    return `${bootId}/${fields[19]}`
  } catch {
    return null
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
