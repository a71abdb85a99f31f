/** Where Slurm writes what a job prints: `--output` and `--error` of a script, with `%j`, `%A_%a` and the like filled in. */
import { userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'

/** `jobId` is `12` or, for a task of an array, `12_3`. */
export type LogPathJob = {
  jobId: string
  cwd: string
  script: string
  node?: string
  isArray?: boolean
  /** Number of a task's own job, once Slurm has told it. */
  ownId?: string
}

/** The `#SBATCH` options of a script, the last of each name counting; comments end where the first command begins. */
export function sbatchOptions(script: string): Map<string, string> {
  const short: Record<string, string> = { o: 'output', e: 'error', J: 'job-name', a: 'array', D: 'chdir' }
  const found = new Map<string, string>()
  for (const line of script.split(/\r?\n/)) {
    if (line.trim() !== '' && !line.startsWith('#')) break
    const option = /^#SBATCH\s+(?:--([\w-]+)(?:[=\s]\s*(.*?))?|-(\w)\s*(.*?))\s*(?:\s#.*)?$/.exec(line)
    if (!option) continue
    const name = option[1] ?? short[option[3]!]
    if (name !== undefined) found.set(name, (option[2] ?? option[4] ?? '').replace(/^(["'])(.*)\1$/, '$2'))
  }
  return found
}

/** Absolute paths of stdout and stderr. Without `--output` Slurm writes `slurm-%j.out` (`slurm-%A_%a.out` for arrays); without `--error` both go there. */
export function logPathsOf(script: string, job: LogPathJob): { stdoutPath: string; stderrPath: string } {
  const options = sbatchOptions(script)
  const isArray = options.has('array') || job.jobId.includes('_')
  const output = options.get('output') ?? (isArray ? 'slurm-%A_%a.out' : 'slurm-%j.out')
  const name = options.get('job-name') ?? basename(job.script)
  const fill = (pattern: string) => fillLogPath(pattern, { ...job, name, isArray })
  return { stdoutPath: fill(output), stderrPath: fill(options.get('error') ?? output) }
}

/**
 * Fills in a file name pattern as sbatch(1) describes: `%A %a %j %J %N %n %s %t %u %x %%`, a number between padding
 * with zeros (`%4j`). What is not known (`%a` of a whole array, `%j` of its tasks, `%N` before the start) stays as it is. A pattern
 * with a backslash is taken literally.
 */
export function fillLogPath(pattern: string, job: LogPathJob & { name: string }): string {
  const [arrayId, task] = job.jobId.split('_') as [string, string?]
  const ownId = job.ownId ?? (job.isArray || task !== undefined ? undefined : arrayId)
  const values: Record<string, string | undefined> = {
    A: arrayId,
    a: task,
    // Every task of an array has a job number of its own, which only Slurm knows.
    j: ownId,
    J: ownId,
    N: job.node,
    n: '0',
    s: 'batch',
    t: '0',
    u: userInfo().username,
    x: job.name,
    '%': '%',
  }
  const filled = pattern.includes('\\')
    ? pattern.replaceAll('\\', '')
    : pattern.replace(/%(\d{0,2})([AajJNnstux%])/g, (all: string, width: string, letter: string) => {
        const value = values[letter]
        if (value === undefined) return all
        return /^\d+$/.test(value) && width !== '' ? value.padStart(Math.min(Number(width), 10), '0') : value
      })
  return isAbsolute(filled) ? filled : join(job.cwd, filled)
}

/** The folders of a script's log files, as far as they do not depend on the job. */
export function logFolders(script: string, cwd: string): string[] {
  const options = sbatchOptions(script)
  const folders = ['output', 'error'].flatMap((name) => {
    const pattern = options.get(name)
    return pattern === undefined ? [] : [dirname(isAbsolute(pattern) ? pattern : join(cwd, pattern))]
  })
  return [...new Set(folders)].filter((folder) => !folder.includes('%'))
}
