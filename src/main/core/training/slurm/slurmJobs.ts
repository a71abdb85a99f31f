/**
 * The jobs that were handed to Slurm here. Slurm forgets jobs some minutes after their end where it keeps no accounts,
 * so what it said last stays in the database.
 */
import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SlurmJob, SlurmSubmission, TailPiece } from '../../../../shared/contract/training.ts'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import { maskText } from '../../../../shared/domain/secrets.ts'
import { maskedPieces } from '../processes/maskedPieces.ts'
import { tailFile } from '../processes/tailFile.ts'
import { fillLogPath, sbatchOptions } from './logPaths.ts'
import type { Slurm } from './slurm.ts'
import type { SubmissionsRepository } from './submissions.repository.ts'

export type SlurmJobs = ReturnType<typeof createSlurmJobs>

export type TailRequest = {
  stream: 'stdout' | 'stderr'
  fromOffset?: number
  lastBytes?: number
  follow: boolean
}

/** A job that Slurm does not know this long after it was submitted is forgotten. */
const forgottenAfterMs = 60_000
const followMs = 2000
const waitMs = 300

export function createSlurmJobs({ slurm, repository }: { slurm: Slurm; repository: SubmissionsRepository }) {
  function required(jobId: string): SlurmSubmission {
    const submission = repository.get(jobId.split('_')[0])
    if (!submission)
      throw new AppError('not-found', `No job ${jobId} was submitted here.`, {
        hint: 'The list shows the jobs that were.',
      })
    return submission
  }

  /** Asks Slurm for the tasks of jobs that are not over, and keeps what it says. */
  async function refresh(submissions: readonly SlurmSubmission[]): Promise<SlurmSubmission[]> {
    const live = submissions.filter(({ isOver, isForgotten }) => !isOver && !isForgotten)
    if (live.length === 0) return [...submissions]
    const told = await slurm.jobs(live.map(({ jobId }) => jobId))
    return submissions.map((submission) => {
      if (!live.includes(submission)) return submission
      const found = told.filter(({ jobId }) => jobId.split('_')[0] === submission.jobId)
      const tasks = found.length > 0 ? merged(submission.tasks, found) : submission.tasks
      const known = {
        ...submission,
        tasks,
        isOver: found.length > 0 && tasks.every(({ isOver }) => isOver),
        isForgotten: found.length === 0 && Date.now() - submission.submittedAt > forgottenAfterMs,
      }
      repository.save(known)
      return known
    })
  }

  return {
    available: () => slurm.available(),

    /** Submits a script as `Slurm.submit` does and keeps it in the list. */
    async submit(request: {
      workspace: string
      script: string
      text: string
      cwd: string
      name?: string
      env: Record<string, string>
    }): Promise<SlurmSubmission> {
      const { workspace, script, text, cwd, env } = request
      const options = sbatchOptions(text)
      const submission: SlurmSubmission = {
        ...(await slurm.submit({ script, text, cwd, env })),
        name: request.name ?? options.get('job-name') ?? script,
        workspace,
        script,
        cwd,
        isArray: options.has('array'),
        submittedAt: Date.now(),
        tasks: [],
        isOver: false,
        isForgotten: false,
      }
      repository.save(submission)
      return submission
    },

    /** What was submitted from a workspace, newest first; `problem` says why the states may be old. */
    async list(workspace: string): Promise<{ jobs: SlurmSubmission[]; problem?: string }> {
      const jobs = repository.list(workspace)
      try {
        return { jobs: await refresh(jobs) }
      } catch (caught) {
        return { jobs, problem: toAppError(caught).message }
      }
    },

    jobs: (jobIds: readonly string[]) => slurm.jobs(jobIds),

    /** Cancels a job, or one task of an array (`12_3`). @throws AppError with what scancel said. */
    cancel: (jobId: string) => slurm.cancel(jobId),

    /** Takes a job off the list. @throws AppError `conflict` while it may still run. */
    forget(jobId: string): boolean {
      const submission = repository.get(jobId)
      if (submission && !submission.isOver && !submission.isForgotten)
        throw new AppError('conflict', `Job ${jobId} is not over.`, { hint: 'Cancel it first.' })
      return repository.remove(jobId)
    },

    /**
     * What a job or a task prints, from its file, also before there is one.
     *
     * @throws AppError `not-found` for a job that was not submitted here, or as `tailFile`.
     */
    async *tail(
      jobId: string,
      { stream, follow, ...from }: TailRequest,
      signal: AbortSignal,
    ): AsyncGenerator<TailPiece> {
      let submission = required(jobId)
      const task = () => submission.tasks.find((one) => one.jobId === jobId)
      const isOver = () =>
        !follow || submission.isOver || submission.isForgotten || task()?.isOver === true || signal.aborted
      const look = async () => {
        ;[submission] = await refresh([submission])
      }
      // Slurm may not answer for a while; the file is still there to be read.
      const lookQuietly = () => look().catch(() => {})
      await lookQuietly()
      const looking = setInterval(() => void lookQuietly(), followMs)
      try {
        for (;;) {
          const path = logPath(submission, jobId, stream, task())
          const isThere = path !== undefined && (await access(path).then(() => true, () => false)) // prettier-ignore
          if (isThere) return yield* maskedPieces(tailFile(path, { ...from, isOver, signal }), maskText, [])
          if (isOver()) return yield { text: '', offset: 0, isEnd: true }
          await sleep(waitMs, undefined, { signal }).catch(() => {})
        }
      } finally {
        clearInterval(looking)
      }
    },
  }
}

/** Tasks as told now; those that Slurm has forgotten meanwhile as they were told last. */
function merged(earlier: readonly SlurmJob[], told: readonly SlurmJob[]): SlurmJob[] {
  const ids = new Set(told.map(({ jobId }) => jobId))
  // `12_[2-9]` stands for tasks that have not started; once they have, each has a line of its own.
  const kept = earlier.filter(({ jobId, isOver }) => isOver && !ids.has(jobId) && !jobId.includes('['))
  const taskOf = (jobId: string) => Number(/_\[?(\d+)/.exec(jobId)?.[1] ?? 0)
  return [...told, ...kept].sort((a, b) => taskOf(a.jobId) - taskOf(b.jobId))
}

/** The file of a job or task; `undefined` while its name depends on what Slurm has not told. */
function logPath(
  { stdoutPath, stderrPath, cwd, script, name, isArray }: SlurmSubmission,
  jobId: string,
  stream: TailRequest['stream'],
  task: SlurmJob | undefined,
): string | undefined {
  const path = fillLogPath(stream === 'stdout' ? stdoutPath : stderrPath, {
    jobId,
    cwd,
    script,
    name,
    isArray,
    ...(task?.ownId === undefined ? {} : { ownId: task.ownId }),
    ...(task === undefined || task.node === '' ? {} : { node: task.node }),
  })
  return /%[ajNn]/.test(path) ? undefined : path
}
