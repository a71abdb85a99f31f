/** The queue: one process per GPU set. Whoever may start a waiting process next, starts it once, whatever the number of engines. */
import { AppError, toAppError } from '../../../../shared/errors.ts'
import type { TrainingProcess } from '../../../../shared/contract/training.ts'
import { isOwnerAlive } from '../../jobs/owner.ts'
import { sharesGpu } from './gpuSets.ts'
import { prepareCommand, type PreparedCommand } from './prepareCommand.ts'
import type { ProcessTable } from './processTable.ts'
import { queueFile, type QueueRecord } from './queueRecord.ts'
import { readRecord } from './runFolder.ts'

/** Ids of the processes that `process` has to wait for: those that run on one of its GPUs, and those that waited for one before it. */
export function blockersOf(
  process: Pick<TrainingProcess, 'id' | 'gpus' | 'createdAt'>,
  all: readonly TrainingProcess[],
): string[] {
  return all
    .filter((other) => {
      if (other.id === process.id || other.status === 'ended' || !sharesGpu(process.gpus, other.gpus))
        return false
      return other.status !== 'queued' || other.createdAt < process.createdAt
    })
    .map(({ id }) => id)
}

export type Queue = ReturnType<typeof createQueue>

/**
 * @param options.owner what marks processes that were queued here; those of owners that died are adopted by engines.
 * @param options.launch starts a process whose turn it is.
 * @param options.onNotStarted told when a process cannot be started any more, with a sentence that says why.
 */
export function createQueue(options: {
  table: ProcessTable
  owner: string
  door: 'engine' | 'terminal'
  environment: Readonly<Record<string, string | undefined>>
  launch(id: string, command: PreparedCommand): void
  onNotStarted(id: string, text: string): void
}) {
  const { table, owner, environment } = options
  /** Commands with their secrets, which are never stored. */
  const waiting = new Map<string, PreparedCommand>()

  /** Marks a queued process as starting, unless it has to wait or somebody else was faster. */
  function claim(id: string): boolean {
    return table.exclusively(() => {
      if (!table.has(id)) return false
      const { process } = table.entry(id)
      if (process.status !== 'queued' || blockersOf(process, table.processes()).length > 0) return false
      table.update(id, { status: 'starting', waitsFor: [], startedAt: Date.now() })
      return true
    })
  }

  /** The command of a queued process that another engine left behind. */
  async function restored(record: QueueRecord | null): Promise<PreparedCommand> {
    const missing = record?.unstored.filter((name) => environment[name] === undefined) ?? []
    if (!record) throw new AppError('not-found', 'Parallax was closed while it waited.')
    if (missing.length > 0)
      throw new AppError(
        'usage',
        `Parallax was closed while it waited, and secrets are never stored (${missing.join(', ')}). Start it again.`,
      )
    const secrets = Object.fromEntries(record.unstored.map((name) => [name, environment[name]!]))
    return prepareCommand({ ...record.request, env: { ...record.request.env, ...secrets } }, environment)
  }

  return {
    /** Keeps the command of a process that has to wait. */
    add: (id: string, command: PreparedCommand): void => void waiting.set(id, command),
    /** Lets go of one that will not be started. */
    drop: (id: string): void => void waiting.delete(id),

    /** Starts every waiting process whose turn it is and that is this program's to start. */
    startNext(): void {
      for (const { process, folder } of table.entries()) {
        if (process.status !== 'queued') continue
        const record = readRecord<QueueRecord>(folder, queueFile)
        const isMine = record?.owner === owner
        if (!isMine && (options.door !== 'engine' || (record && isOwnerAlive(record.owner)))) continue
        const before = blockersOf(process, table.processes())
        if (before.length > 0) {
          if (before.join() !== process.waitsFor.join()) table.update(process.id, { waitsFor: before })
          continue
        }
        if (!claim(process.id)) continue
        const command = waiting.get(process.id)
        waiting.delete(process.id)
        if (command) options.launch(process.id, command)
        else
          restored(record).then(
            (found) => options.launch(process.id, found),
            (caught: unknown) =>
              options.onNotStarted(process.id, `Not started: ${toAppError(caught).message}`),
          )
      }
    },
  }
}
