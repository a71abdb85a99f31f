/**
 * Training processes: started, queued, watched, stopped. The truth about each lies in its folder (see runFolder.ts),
 * so any engine or terminal that opens the same database sees and stops processes that another one started.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../../../shared/errors.ts'
import type { ExitReason, TailPiece, TrainingProcess } from '../../../../shared/contract/training.ts'
import {
  mask,
  maskArguments,
  maskEnvironment,
  maskOf,
  secretValues,
} from '../../../../shared/domain/secrets.ts'
import { ownerOfThisProcess } from '../../jobs/owner.ts'
import type { TrainingRepository } from '../training.repository.ts'
import { endFamily, type StopDelays } from './endFamily.ts'
import { exitReason } from './exitReason.ts'
import { fileEnd } from './fileEnd.ts'
import { gpusOf } from './gpuSets.ts'
import { launchSupervisor, type SupervisorProgram } from './launchSupervisor.ts'
import { maskedPieces } from './maskedPieces.ts'
import { prepareCommand, type CommandRequest, type PreparedCommand } from './prepareCommand.ts'
import { familyOf } from './processFamily.ts'
import { environmentOf, isRunning } from './processIdentity.ts'
import { createProcessTable } from './processTable.ts'
import { blockersOf, createQueue } from './queue.ts'
import { queueFile, queueRecord } from './queueRecord.ts'
import { files, readRecord, writeRecord, type ExitRecord, type StartRecord } from './runFolder.ts'
import { tailFile } from './tailFile.ts'

export type SupervisedProcesses = ReturnType<typeof createSupervisedProcesses>
export type StartRequest = CommandRequest & { workspace: string; title?: string; force?: boolean }

const pollMs = 250
/** A supervisor that has not said anything after this long never will. */
const startLimitMs = 60_000
/** How long after its end a process is asked about what it left behind, and how often. */
const leftBehind = { forMs: 60_000, everyMs: 3000 }
const outputTailBytes = 256 * 1024
const defaultDelays: StopDelays = { interruptMs: 20_000, terminateMs: 10_000, killMs: 10_000 }

/**
 * @param options.folder where each process gets its own folder.
 * @param options.gpus the machine's GPUs if known, to resolve UUIDs and to know that there are none.
 */
export function createSupervisedProcesses(options: {
  repository: TrainingRepository
  folder: string
  door: 'engine' | 'terminal'
  supervisor: SupervisorProgram
  environment?: Readonly<Record<string, string | undefined>>
  gpus?: () => readonly { index: number; uuid: string }[] | undefined
  delays?: Partial<StopDelays>
}) {
  const environment = options.environment ?? process.env
  // The supervisor works in the folder of its run: a relative path would lead elsewhere there.
  const root = resolve(options.folder)
  const delays = { ...defaultDelays, ...options.delays }
  const owner = ownerOfThisProcess(options.door)
  const table = createProcessTable(options.repository)
  const queue = createQueue({
    table,
    owner,
    door: options.door,
    environment,
    launch,
    onNotStarted: (id, text) => end(id, notStarted(text)),
  })
  const stopping = new Map<string, Promise<void>>()
  /** Secrets of processes that were started here: hidden in what is shown of their output. */
  const secrets = new Map<string, readonly string[]>()
  const ownSecrets = secretValues(environment)
  let isClosed = false
  let leftBehindAt = 0

  table.reload()
  const timer = setInterval(() => {
    try {
      poll()
    } catch {
      // A full disk or a busy database; what is so lies in the folders, and the next look finds it.
    }
  }, pollMs)
  timer.unref()

  /** Looks at the folder of every process that is not over, then starts what may start. */
  function poll(): void {
    if (isClosed) return
    table.reloadUnfinished()
    for (const { process } of table.entries()) if (process.status !== 'ended') look(process.id)
    if (Date.now() - leftBehindAt > leftBehind.everyMs) lookForLeftBehind()
    queue.startNext()
  }

  function look(id: string): void {
    const { process: before, folder } = table.entry(id)
    if (before.status === 'queued' || before.status === 'ended') return
    const start = readRecord<StartRecord>(folder, files.start)
    const exit = readRecord<ExitRecord>(folder, files.exit)
    if (exit) return finish(id, start, exit)
    if (!start) {
      if (Date.now() - (before.startedAt ?? before.createdAt) > startLimitMs) finish(id, null, null)
      return
    }
    // The supervisor writes the exit record before it ends, so its end is looked at first.
    const isSupervised = isRunning(start.supervisor)
    if (!isSupervised && !isRunning(start.child))
      return finish(id, start, readRecord<ExitRecord>(folder, files.exit))
    if (!secrets.has(id)) secrets.set(id, secretsOfRunning(before, start.child.pid))
    const status = readRecord(folder, files.stop) ? 'stopping' : 'running'
    if (before.status !== status || before.pid !== start.child.pid)
      table.update(id, { status, pid: start.child.pid, startedAt: start.startedAt })
  }

  function finish(id: string, start: StartRecord | null, exit: ExitRecord | null): void {
    const { folder } = table.entry(id)
    const wasAskedToStop = readRecord(folder, files.stop) !== null
    const output = [files.stderr, files.stdout].map((name) => fileEnd(join(folder, name), outputTailBytes))
    table.update(id, {
      status: 'ended',
      pid: start?.child.pid ?? null,
      ...(start ? { startedAt: start.startedAt } : {}),
      endedAt: exit?.endedAt ?? Date.now(),
      reason: exitReason({ exit, wasAskedToStop, output, mask: maskOf(secretsOf(id)) }),
    })
  }

  function end(id: string, reason: ExitReason): TrainingProcess {
    return table.update(id, { status: 'ended', endedAt: Date.now(), waitsFor: [], reason })
  }

  const secretsOf = (id: string) => [...ownSecrets, ...(secrets.get(id) ?? [])]

  /** A process may end and leave children that still hold its GPU; people have to know. */
  function lookForLeftBehind(): void {
    leftBehindAt = Date.now()
    for (const { process } of table.entries()) {
      const isRecent = Date.now() - (process.endedAt ?? 0) < leftBehind.forMs
      if (process.status === 'ended' && (isRecent || process.leftBehind > 0)) countLeftBehind(process.id)
    }
  }

  function countLeftBehind(id: string): TrainingProcess {
    const { process, folder } = table.entry(id)
    const start = readRecord<StartRecord>(folder, files.start)
    const count = start ? familyOf({ leader: start.child, runId: id }).length : 0
    return count === process.leftBehind ? process : table.update(id, { leftBehind: count })
  }

  function launch(id: string, command: PreparedCommand): void {
    const { folder } = table.entry(id)
    launchSupervisor(
      options.supervisor,
      { id, folder, command },
      {
        onFailure: (error) => end(id, notStarted(`The supervisor could not be started: ${error.message}`)),
        onExit: () => {
          if (isClosed || !table.has(id)) return
          look(id)
          const hasBegun = readRecord(folder, files.start) ?? readRecord(folder, files.exit)
          if (!hasBegun) end(id, notStarted(`The supervisor gave up: ${supervisorWords(folder)}`))
        },
      },
    )
  }

  async function stopNow(id: string, isHurried: boolean): Promise<void> {
    const { process, folder } = table.entry(id)
    if (process.status !== 'ended' && !readRecord(folder, files.stop))
      writeRecord(folder, files.stop, { at: Date.now() })
    const start = await waitForStart(folder)
    if (!start) return
    if (process.status !== 'ended') table.update(id, { status: 'stopping' })
    await endFamily({ leader: start.child, runId: id }, delays, isHurried)
  }

  async function waitForEnd(id: string): Promise<TrainingProcess> {
    for (const until = Date.now() + startLimitMs; ; await sleep(30)) {
      look(id)
      const { process: present } = table.entry(id)
      if (present.status === 'ended') return countLeftBehind(id)
      if (Date.now() > until)
        throw new AppError(
          'process-failed',
          `The process ${present.pid} did not end, not even when killed.`,
          {
            hint: 'It may hang in a driver call; the machine may have to be restarted.',
          },
        )
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
      const folder = join(root, id)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const name of [files.stdout, files.stderr]) closeSync(openSync(join(folder, name), 'a', 0o600))
      const created: TrainingProcess = {
        id,
        title: request.title ?? maskArguments(request.argv).join(' ').slice(0, 200),
        workspace: request.workspace,
        cwd: command.cwd,
        argv: maskArguments(request.argv),
        program: command.argv[0],
        env: maskEnvironment(request.env),
        gpus: gpusOf(command.env['CUDA_VISIBLE_DEVICES'], options.gpus?.()),
        status: 'starting',
        pid: null,
        createdAt: Date.now(),
        startedAt: null,
        endedAt: null,
        reason: null,
        leftBehind: 0,
        stdoutPath: join(folder, files.stdout),
        stderrPath: join(folder, files.stderr),
        waitsFor: [],
      }
      secrets.set(id, secretValues(request.env, request.argv))
      const isQueued = table.exclusively(() => {
        const waitsFor = request.force ? [] : blockersOf(created, table.processes())
        const isWaiting = waitsFor.length > 0
        // Written first: a queued process without its record would be taken for one that was left behind.
        if (isWaiting) writeRecord(folder, queueFile, queueRecord(request, owner))
        table.add({ ...created, status: isWaiting ? 'queued' : 'starting', waitsFor }, folder)
        return isWaiting
      })
      if (isQueued) queue.add(id, command)
      else {
        table.update(id, { startedAt: Date.now() })
        launch(id, command)
      }
      const { process } = table.entry(id)
      table.announce(process)
      return process
    },

    list: (workspace?: string): TrainingProcess[] => {
      table.reload()
      poll()
      return table.processes().filter((process) => workspace === undefined || process.workspace === workspace)
    },

    show: (id: string): TrainingProcess => {
      table.reload()
      poll()
      return table.entry(id).process
    },

    /** The folder of a process. @throws AppError `not-found`. */
    folder: (id: string): string => table.entry(id).folder,

    /** Running and waiting processes, oldest first. */
    queue: () => {
      poll()
      const all = table.processes()
      return {
        running: all.filter(({ status }) => status !== 'ended' && status !== 'queued'),
        queued: all.filter(({ status }) => status === 'queued'),
      }
    },

    /** Asks a process and all it started to end, ever more firmly, and waits for it. Of an ended one: what it left behind. */
    async stop(id: string, { now = false }: { now?: boolean } = {}): Promise<TrainingProcess> {
      table.reload()
      poll()
      const { process: present } = table.entry(id)
      if (present.status === 'ended' && countLeftBehind(id).leftBehind === 0) return present
      if (present.status === 'queued') {
        queue.drop(id)
        return end(id, {
          ...notStarted('Taken out of the queue.'),
          kind: 'stopped',
          detail: null,
          hints: ['from-queue'],
        })
      }
      const key = `${id}:${now}`
      const running = stopping.get(key) ?? stopNow(id, now).finally(() => stopping.delete(key))
      stopping.set(key, running)
      await running
      return waitForEnd(id)
    },

    /** Removes an ended process and its output. */
    forget(id: string): boolean {
      poll()
      const { process: present, folder } = table.entry(id)
      if (present.status !== 'ended')
        throw new AppError('conflict', 'The process still runs.', { hint: 'Stop it first.' })
      rmSync(folder, { recursive: true, force: true })
      secrets.delete(id)
      return table.remove(id)
    },

    /** Follows what a process writes, secrets masked; see `tailFile`. The file itself has everything as it was written. */
    async *tail(
      id: string,
      which: { stream: 'stdout' | 'stderr'; fromOffset?: number; lastBytes?: number; follow: boolean },
      signal: AbortSignal,
    ): AsyncGenerator<TailPiece> {
      const { process: present } = table.entry(id)
      const path = which.stream === 'stdout' ? present.stdoutPath : present.stderrPath
      const isOver = () =>
        !which.follow || !table.has(id) || table.entry(id).process.status === 'ended' || isClosed
      const values = secretsOf(id)
      yield* maskedPieces(tailFile(path, { ...which, isOver, signal }), maskOf(values), values)
    },

    /** A process each time it changes, all of them without `id`; the present state first. Ends with the process. */
    async *watch(id: string | undefined, signal: AbortSignal): AsyncGenerator<TrainingProcess> {
      // What others have written meanwhile belongs to the present state.
      poll()
      const leaving = new AbortController()
      const changes = table.changes(AbortSignal.any([signal, leaving.signal]))
      // Listening begins here: nothing may be missed between the present state and the first change.
      const next = changes.next()
      // The poll alone does not keep a program alive; somebody who watches does.
      const alive = setInterval(() => {}, 60_000)
      try {
        for (const { process } of id === undefined ? table.entries() : [table.entry(id)]) yield process
        if (id !== undefined && table.entry(id).process.status === 'ended') return
        for (let change = await next; !change.done; change = await changes.next()) {
          if (id !== undefined && change.value.id !== id) continue
          yield change.value
          if (id !== undefined && change.value.status === 'ended') return
        }
      } finally {
        clearInterval(alive)
        leaving.abort()
      }
    },

    /** Stops watching. The processes go on. */
    close(): void {
      isClosed = true
      clearInterval(timer)
    },
  }
}

/** Waits until the supervisor has said which process it started; `null` when it could not start one, or says nothing. */
async function waitForStart(folder: string): Promise<StartRecord | null> {
  for (const until = Date.now() + startLimitMs; Date.now() < until; await sleep(20)) {
    const start = readRecord<StartRecord>(folder, files.start)
    if (start) return start
    if (readRecord(folder, files.exit)) return null
  }
  return null
}

/** Secrets of a process that another engine started: they are stored nowhere, but its environment still holds them. */
function secretsOfRunning({ env }: TrainingProcess, pid: number): string[] {
  const names = Object.keys(env).filter((name) => env[name] === mask)
  const present = names.length === 0 ? {} : environmentOf(pid)
  return names.flatMap((name) => present[name] ?? [])
}

/** What the supervisor said before it ended without having started anything. */
const supervisorWords = (folder: string) =>
  fileEnd(join(folder, files.supervisor), 4096)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .findLast((line) => /Error|error/.test(line)) ?? 'it says nothing more'

function notStarted(text: string): ExitReason {
  return {
    kind: 'not-started',
    text,
    detail: text,
    hints: [],
    exitCode: null,
    signal: null,
    traceback: null,
  }
}
