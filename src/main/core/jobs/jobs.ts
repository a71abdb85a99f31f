/**
 * The job queue. A job is a kind, an input and what came of it; its kind knows how to run it. Jobs of one lane run
 * one after another (two benchmarks would only slow each other down), lanes run side by side. Everything is in the
 * database: a job outlives its window, can be watched and cancelled from another process, and one whose engine died or
 * was closed is gone on with by the next engine.
 */
import { randomUUID } from 'node:crypto'
import { EventEmitter, on } from 'node:events'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { Job, JobEvent } from '../../../shared/contract/jobs.ts'
import { isOwnerAlive, ownerOfThisProcess } from './owner.ts'
import { createProgressMeter, type ProgressReport } from './progressMeter.ts'
import type { JobsRepository } from './jobs.repository.ts'

export type Lane = 'compute' | 'encode' | 'transfer' | 'scan'

/** What a running job is given. */
export type JobContext = {
  jobId: string
  /** Aborted when the job is cancelled; a kind stops soon after and keeps what is finished. */
  signal: AbortSignal
  /** Says how far it is; cheap enough to call for every frame. */
  report(progress: ProgressReport): void
  /** Adds a line to the job's log. */
  log(text: string): void
}

export type JobKind<Input, Result> = {
  kind: string
  lane: Lane
  run(input: Input, context: JobContext): Promise<Result>
}

export type Jobs = ReturnType<typeof createJobs>

const progressEmitMs = 100
const progressWriteMs = 500
const pollMs = 500
const adoptMs = 2000
/** A job is run again after this many ends of its engine. */
const mostDeaths = 3
const endedLine = 'The engine ended while this job ran; it goes on from what was saved.'

/**
 * @param door `engine` takes over jobs of engines that are gone; `terminal` leaves them to the next engine.
 */
export function createJobs(options: { repository: JobsRepository; door: 'engine' | 'terminal' }) {
  const { repository, door } = options
  const owner = ownerOfThisProcess(door)
  const kinds = new Map<string, JobKind<unknown, unknown>>()
  const queues = new Map<Lane, string[]>()
  const running = new Map<string, { controller: AbortController; finished: Promise<void> }>()
  const events = new EventEmitter().setMaxListeners(0)
  let isClosing = false
  let adopting: NodeJS.Timeout | undefined

  const emit = (event: JobEvent) => void events.emit('event', event)
  const emitJob = (jobId: string) => {
    const job = repository.get(jobId)
    if (job) emit({ type: 'job', job })
  }

  // Cancel requests of other processes arrive through the database.
  const poll = setInterval(() => {
    for (const [jobId, { controller }] of running) {
      if (repository.control(jobId)?.isCancelRequested) controller.abort()
    }
  }, pollMs)
  poll.unref()

  function enqueue(jobId: string, lane: Lane): void {
    const queue = queues.get(lane) ?? []
    queues.set(lane, queue)
    queue.push(jobId)
    if (queue.length === 1) void drain(lane, queue)
  }

  async function drain(lane: Lane, queue: string[]): Promise<void> {
    while (queue.length > 0 && !isClosing) {
      await runOne(queue[0])
      queue.shift()
    }
    queues.delete(lane)
  }

  async function runOne(jobId: string): Promise<void> {
    const job = repository.get(jobId)
    if (!job || job.status !== 'queued') return
    const kind = kinds.get(job.kind)
    if (!kind)
      return finish(jobId, 'failed', { error: new AppError('internal', `No such kind of job: ${job.kind}.`) })
    const controller = new AbortController()
    const finished = execute(job, kind, controller)
    running.set(jobId, { controller, finished })
    await finished
    running.delete(jobId)
  }

  async function execute(
    job: Job,
    kind: JobKind<unknown, unknown>,
    controller: AbortController,
  ): Promise<void> {
    if (!repository.start(job.id, owner)) return
    emitJob(job.id)
    const reporter = createReporter(job.id)
    const context: JobContext = {
      jobId: job.id,
      signal: controller.signal,
      report: reporter.report,
      log: (text) => emit({ type: 'line', jobId: job.id, line: repository.addLine(job.id, text), text }),
    }
    try {
      const result = await kind.run(job.input, context)
      reporter.flush()
      finish(job.id, 'done', { result })
    } catch (caught) {
      reporter.flush()
      const error = toAppError(caught)
      const isCancelled = repository.control(job.id)?.isCancelRequested === true
      if (isClosing && !isCancelled) {
        // What an engine leaves undone waits for the next one; a command in a terminal is run again by a person.
        if (door === 'engine') return void repository.requeue(job.id, owner, owner)
        return finish(job.id, 'interrupted', { error: new AppError('cancelled', 'Parallax was closed.') })
      }
      if (controller.signal.aborted)
        return finish(job.id, 'cancelled', { error: new AppError('cancelled', 'Cancelled.') })
      finish(job.id, 'failed', { error })
    }
  }

  /** Progress goes to watchers ten times a second and to the database twice a second, the last one always. */
  function createReporter(jobId: string) {
    const meter = createProgressMeter()
    let pending: ReturnType<typeof meter> | undefined
    let emittedAt = 0
    let writtenAt = 0
    const send = (isLast: boolean) => {
      if (!pending) return
      const now = Date.now()
      if (isLast || now - writtenAt >= progressWriteMs) {
        repository.writeProgress(jobId, pending)
        writtenAt = now
      }
      const job = repository.get(jobId)
      if (job) emit({ type: 'job', job: { ...job, progress: pending } })
      emittedAt = now
      pending = undefined
    }
    return {
      report: (report: ProgressReport) => {
        pending = meter(report)
        if (Date.now() - emittedAt >= progressEmitMs) send(false)
      },
      flush: () => send(true),
    }
  }

  function finish(
    jobId: string,
    status: Job['status'],
    outcome: { result?: unknown; error?: AppError },
  ): void {
    repository.finish(jobId, status, { result: outcome.result, error: outcome.error?.toData() })
    emitJob(jobId)
  }

  /** What a job has said so far, as the events it was. */
  function* pastLines(jobId: string): Generator<JobEvent> {
    for (const [index, { text }] of repository.lines(jobId).entries())
      yield { type: 'line', jobId, line: index + 1, text }
  }

  function requireJob(jobId: string): Job {
    const job = repository.get(jobId)
    if (!job)
      throw new AppError('not-found', `There is no job ${jobId}.`, { hint: 'parallax jobs list shows them.' })
    return job
  }

  return {
    /** Registers how jobs of one kind run. */
    define<Input, Result>(kind: JobKind<Input, Result>): void {
      kinds.set(kind.kind, kind as JobKind<unknown, unknown>)
    },

    /** Puts a job into its lane and gives it back as queued or, when the lane is free, running. */
    start(kind: string, title: string, input: unknown): Job {
      const definition = kinds.get(kind)
      if (!definition) throw new AppError('internal', `No such kind of job: ${kind}.`)
      const id = randomUUID()
      repository.add({ id, kind, title, input, owner })
      emitJob(id)
      enqueue(id, definition.lane)
      return requireJob(id)
    },

    get: requireJob,
    list: (limit: number) => repository.list(limit),
    lines: (jobId: string) => repository.lines(requireJob(jobId).id),

    /** Asks a job to stop, whichever process runs it. */
    cancel(jobId: string): Job {
      const job = requireJob(jobId)
      if (job.status === 'queued')
        finish(jobId, 'cancelled', { error: new AppError('cancelled', 'Cancelled.') })
      if (job.status === 'running') {
        repository.requestCancel(jobId)
        running.get(jobId)?.controller.abort()
      }
      return requireJob(jobId)
    },

    /** Runs a failed, cancelled or interrupted job once more; it goes on from what was saved. */
    retry(jobId: string): Job {
      const job = requireJob(jobId)
      const definition = kinds.get(job.kind)
      if (job.status === 'running' || job.status === 'queued' || !definition) return job
      const isMine = repository.requeue(jobId, repository.control(jobId)?.owner ?? owner, owner)
      if (isMine) {
        emitJob(jobId)
        enqueue(jobId, definition.lane)
      }
      return requireJob(jobId)
    },

    remove: (jobId: string) => repository.remove(jobId),

    /**
     * Deals with jobs whose process is gone. Those of an engine wait for the next engine, which runs them again, but
     * not for ever: a job may be what ends the engine. Those of a terminal are marked as interrupted.
     * Called once, after every kind is defined; an engine looks again and again, for one that is being closed is
     * still alive when its successor starts, and leaves its jobs a moment later.
     */
    adoptOrphans(): void {
      if (door === 'engine') adopting ??= setInterval(() => this.adoptOrphans(), adoptMs).unref()
      for (const job of repository.unfinished()) {
        if (isOwnerAlive(job.owner)) continue
        const definition = kinds.get(job.kind)
        const isOfEngine = definition !== undefined && job.owner.startsWith('engine:')
        const wasRunning = job.status === 'running'
        if (isOfEngine && wasRunning) repository.addLine(job.id, endedLine)
        const deaths = repository.lines(job.id).filter(({ text }) => text === endedLine).length
        if (!isOfEngine) {
          finish(job.id, 'interrupted', {
            error: new AppError('cancelled', 'The process that ran this job ended.', {
              hint: 'Run the same command again: it goes on from what was saved.',
            }),
          })
        } else if (wasRunning && deaths > mostDeaths) {
          finish(job.id, 'interrupted', {
            error: new AppError('process-failed', `The engine ended ${deaths} times while this job ran.`, {
              hint: 'Run it again, or without the metric or file that was next; what is finished is kept.',
            }),
          })
        } else if (door === 'engine') {
          // Of several engines that see the same orphan only one gets it.
          if (!repository.requeue(job.id, job.owner, owner)) continue
          emitJob(job.id)
          enqueue(job.id, definition.lane)
        } else {
          repository.requeue(job.id, job.owner, job.owner)
        }
      }
    },

    /** Events of one job until it has ended, or of all jobs until `signal` is aborted; present state first. */
    async *watch(jobId: string | undefined, signal: AbortSignal): AsyncGenerator<JobEvent> {
      const stop = new AbortController()
      const combined = AbortSignal.any([signal, stop.signal])
      const incoming = on(events, 'event', { signal: combined })
      const relay = relayForeignJobs(repository, owner, emit, jobId)
      try {
        const present =
          jobId === undefined ? repository.unfinished().map(({ id }) => requireJob(id)) : [requireJob(jobId)]
        for (const job of present) yield { type: 'job', job }
        if (jobId !== undefined) yield* pastLines(jobId)
        if (jobId !== undefined && isOver(present[0])) return
        for await (const [event] of incoming as AsyncIterable<[JobEvent]>) {
          if (jobId !== undefined && idOf(event) !== jobId) continue
          yield event
          if (jobId !== undefined && event.type === 'job' && isOver(event.job)) return
        }
      } catch (error) {
        if (!combined.aborted) throw error
      } finally {
        clearInterval(relay)
        stop.abort()
      }
    },

    /** Stops running jobs, which can be gone on with, and waits for them. */
    async close(): Promise<void> {
      isClosing = true
      clearInterval(poll)
      clearInterval(adopting)
      for (const { controller } of running.values()) controller.abort()
      await Promise.allSettled([...running.values()].map(({ finished }) => finished))
    },
  }
}

const isOver = (job: Job) => job.status !== 'queued' && job.status !== 'running'
const idOf = (event: JobEvent) => (event.type === 'job' ? event.job.id : event.jobId)

/** Jobs of other processes send no events here; while somebody watches, their rows are read twice a second. */
function relayForeignJobs(
  repository: JobsRepository,
  owner: string,
  emit: (event: JobEvent) => void,
  only: string | undefined,
): NodeJS.Timeout {
  const seen = new Map<string, string>()
  return setInterval(() => {
    const ids = new Set([
      ...repository
        .unfinished()
        .filter((job) => job.owner !== owner)
        .map(({ id }) => id),
      ...seen.keys(),
    ])
    for (const id of ids) {
      if (only !== undefined && only !== id) continue
      const job = repository.get(id)
      if (!job) continue
      const text = JSON.stringify([job.status, job.progress])
      if (seen.get(id) !== text) emit({ type: 'job', job })
      if (isOver(job)) seen.delete(id)
      else seen.set(id, text)
    }
  }, pollMs)
}
