/**
 * A program of its own that starts one training process, waits for it, and writes down how it ended. It outlives the
 * engine and the window, so that an exit code is known even when nobody was there.
 *
 * Arguments: folder, working directory, run id, program, its arguments. The environment is the child's; variables
 * named in PARALLAX_SUPERVISOR_ONLY are for this program alone. Only Node's own modules and a few small files are used,
 * because it is loaded once per run.
 */
import { spawn } from 'node:child_process'
import { openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identify } from './processIdentity.ts'
import { recordGpus } from './recordGpus.ts'
import { runVariable } from './processFamily.ts'
import { files, writeRecord, type ExitRecord, type StartRecord } from './runFolder.ts'

const [folder, cwd, runId, program, ...args] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  ...string[],
]

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const environment: NodeJS.ProcessEnv = { ...process.env, [runVariable]: runId }
for (const name of (process.env['PARALLAX_SUPERVISOR_ONLY'] ?? '').split(',')) delete environment[name]
delete environment['PARALLAX_SUPERVISOR_ONLY']

const reserve = join(folder, files.reserve)
writeFileSync(reserve, new Uint8Array(64 * 1024))
const oomKillsBefore = readOomKills()
const child = spawn(program, args, {
  cwd,
  env: environment,
  // A group and session of its own: signals of a terminal do not reach it, ours reach all of it.
  detached: true,
  windowsHide: true,
  stdio: ['ignore', openSync(join(folder, files.stdout), 'a'), openSync(join(folder, files.stderr), 'a')],
})

child.on('spawn', () => {
  const pid = child.pid!
  const start: StartRecord = {
    supervisor: identify(process.pid) ?? { pid: process.pid, start: '' },
    // A child that ended at once may be gone from the process table; its exit record follows.
    child: identify(pid) ?? { pid, start: 'ended' },
    startedAt: Date.now(),
  }
  writeRecord(folder, files.start, start)
  recordGpus(folder, environment)
})
child.on('error', (error: NodeJS.ErrnoException) => {
  if (child.pid !== undefined) return
  end({ exitCode: null, signal: null, startError: { code: error.code ?? 'UNKNOWN', message: error.message } })
})
child.on('exit', (exitCode, signal) => end({ exitCode, signal }))

function end(how: Pick<ExitRecord, 'exitCode' | 'signal' | 'startError'>): void {
  const oomKillsNow = readOomKills()
  const oomKills = oomKillsBefore === null || oomKillsNow === null ? null : oomKillsNow - oomKillsBefore
  const record: ExitRecord = { ...how, endedAt: Date.now(), oomKills, ...freeSpace() }
  rmSync(reserve, { force: true })
  writeRecord(folder, files.exit, record)
  process.exit(0)
}

function freeSpace(): Pick<ExitRecord, 'freeBytes'> {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return { freeBytes: bavail * bsize }
  } catch {
    return {}
  }
}

/** The control group's count of processes killed for memory, which the child shares; `null` where it cannot be read. */
function readOomKills(): number | null {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
    const unified = groups.find(([id]) => id === '0')?.[2]
    const memory = groups.find(([, controllers]) => controllers?.split(',').includes('memory'))?.[2]
    const text =
      memory !== undefined
        ? readFileSync(join('/sys/fs/cgroup/memory', memory, 'memory.oom_control'), 'utf8')
        : readFileSync(join('/sys/fs/cgroup', unified ?? '', 'memory.events'), 'utf8')
    const count = /^oom_kill (\d+)$/m.exec(text)
    return count ? Number(count[1]) : null
  } catch {
    return null
  }
}
