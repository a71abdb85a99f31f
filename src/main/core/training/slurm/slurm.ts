/** Slurm, where `sbatch` is installed: submit a script, follow it with squeue and sacct, cancel it. Arrays included. */
import { join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { runProcess } from '../../processes/runProcess.ts'
import type { SlurmJob } from '../../../../shared/contract/training.ts'
import { logPathsOf } from './logPaths.ts'
import { parseSacct, parseSqueue, sacctFormat, squeueFormat } from './jobStates.ts'

export type SubmittedJob = { jobId: string; cluster: string | null; stdoutPath: string; stderrPath: string }
export type Slurm = ReturnType<typeof createSlurm>

const timeoutMs = 30_000
const jobIdPattern = /^\d+(_\d+|_\[[^\]\s]*\])?$/

/**
 * @param options.folder of the Slurm programs, when they are not on the PATH.
 */
export function createSlurm(options: { folder?: string } = {}) {
  const run = (program: string, args: string[], more: { cwd?: string; env?: Record<string, string> } = {}) =>
    runProcess(
      { file: options.folder === undefined ? program : join(options.folder, program), args, ...more },
      { signal: AbortSignal.timeout(timeoutMs) },
    )

  return {
    /** Whether sbatch answers, and what it calls itself. */
    async available(): Promise<{ available: boolean; version: string | null; reason?: string }> {
      try {
        const { stdout } = await run('sbatch', ['--version'])
        return { available: true, version: stdout.trim() || null }
      } catch (caught) {
        const reason =
          caught instanceof AppError && caught.code === 'missing-program'
            ? 'Slurm is not installed here: sbatch was not found.'
            : String((caught as Error).message)
        return { available: false, version: null, reason }
      }
    },

    /**
     * Submits a script file.
     *
     * @param request.script path of the script; `text` is what stands in it, for the paths of its logs.
     * @param request.cwd where the job runs and its relative log paths begin.
     * @param request.env variables that the job inherits on top of the engine's own.
     * @throws AppError with what sbatch said.
     */
    async submit(request: {
      script: string
      text: string
      cwd: string
      env?: Record<string, string>
    }): Promise<SubmittedJob> {
      const script = resolve(request.cwd, request.script)
      const { stdout } = await run('sbatch', ['--parsable', `--chdir=${request.cwd}`, script], {
        cwd: request.cwd,
        ...(request.env === undefined ? {} : { env: request.env }),
      })
      // --parsable prints "jobid" or "jobid;cluster", after whatever a site's plugin prints.
      const answer = /^(\d+)(?:;(\S+))?$/m.exec(stdout.trim().split(/\r?\n/).at(-1) ?? '')
      if (!answer)
        throw new AppError('process-failed', `sbatch did not answer with a job number: ${stdout.trim()}`)
      const jobId = answer[1]!
      return {
        jobId,
        cluster: answer[2] ?? null,
        ...logPathsOf(request.text, { jobId, cwd: request.cwd, script }),
      }
    },

    /** The state of jobs; array jobs come as their tasks. Jobs that neither squeue nor sacct knows are left out. */
    async jobs(jobIds: readonly string[]): Promise<SlurmJob[]> {
      const ids = jobIds.map(requireJobId)
      if (ids.length === 0) return []
      // squeue keeps ended jobs for some minutes and fails when every id is older; sacct fails where no accounting is set up.
      const [queued, past] = await Promise.allSettled([
        run('squeue', [
          '--noheader',
          '--array',
          '--states=all',
          `--jobs=${ids.join(',')}`,
          `--format=${squeueFormat}`,
        ]),
        run('sacct', [
          '--noheader',
          '--parsable2',
          '--array',
          `--jobs=${ids.join(',')}`,
          `--format=${sacctFormat}`,
        ]),
      ])
      // "Invalid job id" is squeue's answer for jobs that are all too old for it.
      const isTooOld = queued.status === 'rejected' && /Invalid job id/i.test(String(queued.reason))
      if (queued.status === 'rejected' && past.status === 'rejected' && !isTooOld) throw queued.reason
      const live = queued.status === 'fulfilled' ? parseSqueue(queued.value.stdout) : []
      const recorded = past.status === 'fulfilled' ? parseSacct(past.value.stdout) : []
      const liveIds = new Set(live.map(({ jobId }) => jobId))
      // The accounting knows the exit code of an ended job, squeue only its state.
      const ended = new Map(recorded.map((job) => [job.jobId, job]))
      const present = live.map((job) => (job.isOver ? (ended.get(job.jobId) ?? job) : job))
      return [...present, ...recorded.filter(({ jobId }) => !liveIds.has(jobId) && !/\[/.test(jobId))]
    },

    /** @throws AppError with what scancel said. */
    async cancel(jobId: string): Promise<void> {
      await run('scancel', [requireJobId(jobId)])
    },
  }
}

/** Ids go into a program's arguments; what is no id is refused. */
function requireJobId(jobId: string): string {
  if (jobIdPattern.test(jobId)) return jobId
  throw new AppError('usage', `${jobId} is not a Slurm job number.`, {
    hint: 'It looks like 1234 or, for a task of an array, 1234_5.',
  })
}
