/**
 * Training processes: started, queued, watched, stopped. The truth about each lies in its folder (see runFolder.ts),
 * so any engine or terminal that opens the same database sees and stops processes that another one started.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { EventEmitter, on } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import type { ExitReason, TailPiece, TrainingProcess } from '../../../../shared/contract/training.ts'
import { isOwnerAlive, ownerOfThisProcess } from '../../jobs/owner.ts'
import { maskArguments, maskEnvironment } from '../../../../shared/domain/secrets.ts'
import type { TrainingRepository } from '../training.repository.ts'
import { endFamily, waitForStart, type StopDelays } from './endFamily.ts'
import { exitReason } from './exitReason.ts'
import { fileEnd } from './fileEnd.ts'
import { gpusOf, sharesGpu } from './gpuSets.ts'
import { prepareCommand, type CommandRequest, type PreparedCommand } from './prepareCommand.ts'
import { isRunning } from './processIdentity.ts'
import { queueFile, queueRecord, type QueueRecord } from './queueRecord.ts'
import { files, readRecord, writeRecord, type ExitRecord, type StartRecord } from './runFolder.ts'
import { tailFile } from './tailFile.ts'

export type SupervisedProcesses = ReturnType<typeof createSupervisedProcesses>
export type StartRequest = CommandRequest & { workspace: string; title?: string; force?: boolean }

const pollMs = 250
/** A supervisor that has not said anything after this long, and does not run, never will. */
const startLimitMs = 20_000
const outputTailBytes = 256 * 1024
const defaultDelays: StopDelays = { interruptMs: 20_000, terminateMs: 10_000, killMs: 10_000 }

/**
 * @param options.folder where each process gets its own folder.
 * @param options.supervisor file of `supervisor.ts` (source or bundle), and the Node that runs it with the variables
 *   only that Node needs (ELECTRON_RUN_AS_NODE inside Electron).
 * @param options.gpus the machine's GPUs if known, to resolve UUIDs and to know that there are none.
 */
export function createSupervisedProcesses(options: {
  repository: TrainingRepository
  folder: string
  door: 'engine' | 'terminal'
  supervisor: { file: string; node: string; nodeEnvironment?: Record<string, string> }
  environment?: Readonly<Record<string, string | undefined>>
  gpus?: () => readonly { index: number; uuid: string }[] | undefined
  delays?: Partial<StopDelays>
}) {
  const { repository, supervisor } = options
  const environment = options.environment ?? process.env
  const delays = { ...defaultDelays, ...options.delays }
  const owner = ownerOfThisProcess(options.door)
  const known = new Map<string, { process: TrainingProcess; folder: string }>()
  const waiting = new Map<string, PreparedCommand>()
  const stopping = new Map<string, Promise<void>>()
  let isClosed = false
  const events = new EventEmitter().setMaxListeners(0)

  const timer = setInterval(poll, pollMs)
  timer.unref()
  load()

  /** Takes over what other processes wrote, and forgets what they removed. */
  function load(): void {
    const rows = repository.processes()
    const present = new Set(rows.map(({ process }) => process.id))
    for (const id of known.keys()) if (!present.has(id)) known.delete(id)
    take(rows)
  }

  function take(rows: ReturnType<TrainingRepository['processes']>): void {
    for (const row of rows) {
      const mine = known.get(row.process.id)
      if (
        mine &&
        (mine.process.status === 'ended' || JSON.stringify(mine.process) === JSON.stringify(row.process))
      )
        continue
      known.set(row.process.id, row)
      if (mine) events.emit('change', row.process)
    }
  }

  function update(id: string, change: Partial<TrainingProcess>): TrainingProcess {
    const entry = entryOf(id)
    entry.process = { ...entry.process, ...change }
    repository.saveProcess(entry.process, entry.folder)
    events.emit('change', entry.process)
    return entry.process
  }

  function entryOf(id: string): { process: TrainingProcess; folder: string } {
    const entry = known.get(id)
    if (!entry)
      throw new AppError('not-found', `There is no training process ${id}.`, {
        hint: 'parallax train list shows them.',
      })
    return entry
  }

  /** Looks at the folder of every process that is not over, then starts what may start. */
  function poll(): void {
    take(repository.unfinishedProcesses())
    for (const {
      process: { id, status },
    } of known.values())
      if (status !== 'ended') look(id)
    startWaiting()
  }

  function look(id: string): void {
    const { process: before, folder } = entryOf(id)
    if (before.status === 'queued') return
    const start = readRecord<StartRecord>(folder, files.start)
    const exit = readRecord<ExitRecord>(folder, files.exit)
    if (exit) return void finish(id, start, exit)
    if (!start) {
      if (Date.now() - (before.startedAt ?? before.createdAt) > startLimitMs) finish(id, null, null)
      return
    }
    // The supervisor writes the exit record before it ends, so its end is looked at first.
    const isSupervised = isRunning(start.supervisor)
    if (!isSupervised && !isRunning(start.child))
      return void finish(id, start, readRecord<ExitRecord>(folder, files.exit))
    const status = readRecord(folder, files.stop) ? 'stopping' : 'running'
    if (before.status !== status || before.pid !== start.child.pid)
      update(id, { status, pid: start.child.pid, startedAt: start.startedAt })
  }

  function finish(id: string, start: StartRecord | null, exit: ExitRecord | null): void {
    const { folder } = entryOf(id)
    const wasAskedToStop = readRecord(folder, files.stop) !== null
    const output = [files.stderr, files.stdout].map((name) => fileEnd(join(folder, name), outputTailBytes))
    update(id, {
      status: 'ended',
      pid: start?.child.pid ?? null,
      ...(start ? { startedAt: start.startedAt } : {}),
      endedAt: exit?.endedAt ?? Date.now(),
      reason: exitReason({ exit, wasAskedToStop, output }),
    })
  }

  function conflicts(id: string, gpus: readonly string[], force: boolean): string[] {
    if (force) return []
    const mine = known.get(id)?.process
    return [...known.values()].flatMap(({ process: other }) => {
      const isBefore = other.status !== 'ended' && other.status !== 'queued'
      const waitsBefore =
        other.status === 'queued' && other.id !== id && (!mine || other.createdAt < mine.createdAt)
      return (isBefore || waitsBefore) && other.id !== id && sharesGpu(gpus, other.gpus) ? [other.id] : []
    })
  }

  function startWaiting(): void {
    for (const { process: queued, folder } of [...known.values()].filter(
      ({ process: { status } }) => status === 'queued',
    )) {
      const record = readRecord<QueueRecord>(folder, queueFile)
      const isMine = record?.owner === owner
      if (!isMine && (options.door !== 'engine' || (record && isOwnerAlive(record.owner)))) continue
      const before = conflicts(queued.id, queued.gpus, false)
      if (before.length > 0) {
        if (before.join() !== queued.waitsFor.join()) update(queued.id, { waitsFor: before })
        continue
      }
      const command = waiting.get(queued.id)
      if (command) launch(queued.id, command)
      else void adopt(queued.id, record)
    }
  }

  /** Starts a queued process that another engine left behind, if nothing is missing that was never stored. */
  async function adopt(id: string, record: QueueRecord | null): Promise<void> {
    const missing = record?.unstored.filter((name) => environment[name] === undefined) ?? []
    if (!record || missing.length > 0) {
      const text =
        missing.length > 0
          ? `Not started: Parallax was closed while it waited, and secrets are never stored (${missing.join(', ')}). Start it again.`
          : 'Not started: Parallax was closed while it waited.'
      update(id, { status: 'ended', endedAt: Date.now(), waitsFor: [], reason: notStarted(text) })
      return
    }
    update(id, { status: 'starting', waitsFor: [], startedAt: Date.now() })
    try {
      const secrets = Object.fromEntries(record.unstored.map((name) => [name, environment[name]!]))
      launch(
        id,
        await prepareCommand({ ...record.request, env: { ...record.request.env, ...secrets } }, environment),
      )
    } catch (caught) {
      update(id, {
        status: 'ended',
        endedAt: Date.now(),
        reason: notStarted(`Not started: ${toAppError(caught).message}`),
      })
    }
  }

  /** Starts the supervisor, which starts the child. Neither is tied to this process. */
  function launch(id: string, command: PreparedCommand): void {
    const { folder } = entryOf(id)
    waiting.delete(id)
    const nodeEnvironment = supervisor.nodeEnvironment ?? {}
    const log = openSync(join(folder, files.supervisor), 'a')
    try {
      const child = spawn(supervisor.node, [supervisor.file, folder, command.cwd, id, ...command.argv], {
        cwd: folder,
        env: {
          ...command.env,
          ...nodeEnvironment,
          PARALLAX_SUPERVISOR_ONLY: Object.keys(nodeEnvironment).join(','),
        },
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log, log],
      })
      child.on('error', (error) =>
        update(id, {
          status: 'ended',
          endedAt: Date.now(),
          reason: notStarted(`The supervisor could not be started: ${error.message}`),
        }),
      )
      child.on('exit', () => !isClosed && known.has(id) && look(id))
      child.unref()
    } finally {
      closeSync(log)
    }
    update(id, { status: 'starting', startedAt: Date.now(), waitsFor: [] })
  }

  async function stopNow(id: string, isHurried: boolean): Promise<void> {
    const { folder } = entryOf(id)
    if (!readRecord(folder, files.stop)) writeRecord(folder, files.stop, { at: Date.now() })
    const start = await waitForStart(folder, startLimitMs)
    if (!start) return
    update(id, { status: 'stopping' })
    await endFamily(start.child, id, delays, isHurried)
  }

  async function waitForEnd(id: string): Promise<TrainingProcess> {
    const until = Date.now() + startLimitMs
    for (;;) {
      look(id)
      const { process: present } = entryOf(id)
      if (present.status === 'ended') return present
      if (Date.now() > until) {
        throw new AppError(
          'process-failed',
          `The process ${present.pid} did not end, not even when killed.`,
          {
            hint: 'It may hang in a driver call; the machine may have to be restarted.',
          },
        )
      }
      await sleep(30)
    }
  }

  return {
    /**
     * Starts a process, or queues it while another one uses one of its GPUs.
     *
     * @throws AppError when the program, the script or the folder is missing or may not be used; nothing is kept then.
     */
    async start(request: StartRequest): Promise<TrainingProcess> {
      const command = await prepareCommand(request, environment)
      const id = randomUUID()
      const folder = join(options.folder, id)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const name of [files.stdout, files.stderr]) closeSync(openSync(join(folder, name), 'a', 0o600))
      const gpus = gpusOf(command.env['CUDA_VISIBLE_DEVICES'], options.gpus?.())
      load()
      const waitsFor = conflicts(id, gpus, request.force ?? false)
      const created: TrainingProcess = {
        id,
        title: request.title ?? maskArguments(request.argv).join(' ').slice(0, 200),
        workspace: request.workspace,
        cwd: command.cwd,
        argv: maskArguments(request.argv),
        program: command.argv[0],
        env: maskEnvironment(request.env),
        gpus,
        status: waitsFor.length > 0 ? 'queued' : 'starting',
        pid: null,
        createdAt: Date.now(),
        startedAt: null,
        endedAt: null,
        reason: null,
        stdoutPath: join(folder, files.stdout),
        stderrPath: join(folder, files.stderr),
        waitsFor,
      }
      known.set(id, { process: created, folder })
      repository.saveProcess(created, folder)
      if (waitsFor.length === 0) launch(id, command)
      else {
        waiting.set(id, command)
        writeRecord(folder, queueFile, queueRecord(request, owner))
        events.emit('change', created)
      }
      return entryOf(id).process
    },

    list: (workspace?: string): TrainingProcess[] => {
      load()
      poll()
      return [...known.values()]
        .map(({ process }) => process)
        .filter((process) => workspace === undefined || process.workspace === workspace)
    },

    show: (id: string): TrainingProcess => {
      load()
      poll()
      return entryOf(id).process
    },

    /** Running and waiting processes, oldest first. */
    queue: () => {
      poll()
      const all = [...known.values()].map(({ process }) => process)
      return {
        running: all.filter(({ status }) => status !== 'ended' && status !== 'queued'),
        queued: all.filter(({ status }) => status === 'queued'),
      }
    },

    /** Asks a process and all it started to end, ever more firmly, and waits for it. */
    async stop(id: string, stopOptions: { now?: boolean } = {}): Promise<TrainingProcess> {
      poll()
      const { process: present } = entryOf(id)
      if (present.status === 'ended') return present
      if (present.status === 'queued') {
        waiting.delete(id)
        return update(id, {
          status: 'ended',
          endedAt: Date.now(),
          waitsFor: [],
          reason: { ...notStarted('Taken out of the queue.'), kind: 'stopped' },
        })
      }
      const key = `${id}:${stopOptions.now ?? false}`
      const running =
        stopping.get(key) ?? stopNow(id, stopOptions.now ?? false).finally(() => stopping.delete(key))
      stopping.set(key, running)
      await running
      return waitForEnd(id)
    },

    /** Removes an ended process and its output. */
    forget(id: string): boolean {
      poll()
      const { process: present, folder } = entryOf(id)
      if (present.status !== 'ended')
        throw new AppError('conflict', 'The process still runs.', { hint: 'Stop it first.' })
      known.delete(id)
      rmSync(folder, { recursive: true, force: true })
      return repository.removeProcess(id)
    },

    /** Follows what a process writes; see `tailFile`. */
    async *tail(
      id: string,
      which: { stream: 'stdout' | 'stderr'; fromOffset?: number; lastBytes?: number; follow: boolean },
      signal: AbortSignal,
    ): AsyncGenerator<TailPiece> {
      const { process: present } = entryOf(id)
      const path = which.stream === 'stdout' ? present.stdoutPath : present.stderrPath
      const isOver = () => !which.follow || known.get(id)?.process.status === 'ended' || !known.has(id)
      yield* tailFile(path, { ...which, isOver, signal })
    },

    /** A process each time it changes, all of them without `id`; the present state first. Ends with the process. */
    async *watch(id: string | undefined, signal: AbortSignal): AsyncGenerator<TrainingProcess> {
      const incoming = on(events, 'change', { signal })
      // The poll alone does not keep a program alive; somebody who watches does.
      const alive = setInterval(() => {}, 60_000)
      poll()
      try {
        for (const { process } of id === undefined ? [...known.values()] : [entryOf(id)]) yield process
        if (id !== undefined && entryOf(id).process.status === 'ended') return
        for await (const [changed] of incoming as AsyncIterable<[TrainingProcess]>) {
          if (id !== undefined && changed.id !== id) continue
          yield changed
          if (id !== undefined && changed.status === 'ended') return
        }
      } catch (caught) {
        if (!signal.aborted) throw caught
      } finally {
        clearInterval(alive)
      }
    },

    /** Stops watching. The processes go on. */
    close(): void {
      isClosed = true
      clearInterval(timer)
    },
  }
}

function notStarted(text: string): ExitReason {
  return { kind: 'not-started', text, exitCode: null, signal: null, traceback: null }
}
