/** The processes this engine or terminal knows, kept in step with what other engines and terminals write into the same database. */
import { EventEmitter, on } from 'node:events'
import { AppError } from '../../../../shared/errors.ts'
import type { TrainingProcess } from '../../../../shared/contract/training.ts'
import type { TrainingRepository } from '../training.repository.ts'

/** A process with the folder that holds the truth about it. */
export type Entry = { process: TrainingProcess; folder: string }
export type ProcessTable = ReturnType<typeof createProcessTable>

export function createProcessTable(repository: TrainingRepository) {
  const known = new Map<string, Entry>()
  const events = new EventEmitter().setMaxListeners(0)

  function take(row: Entry): void {
    const mine = known.get(row.process.id)
    if (mine && JSON.stringify(mine.process) === JSON.stringify(row.process)) return
    known.set(row.process.id, row)
    events.emit('change', row.process)
  }

  function entry(id: string): Entry {
    const found = known.get(id)
    if (!found)
      throw new AppError('not-found', `There is no training process ${id}.`, {
        hint: 'parallax train list shows them.',
      })
    return found
  }

  const table = {
    /** Oldest first. */
    entries: (): Entry[] => [...known.values()],
    processes: (): TrainingProcess[] => [...known.values()].map(({ process }) => process),
    has: (id: string): boolean => known.has(id),
    /** @throws AppError `not-found`. */
    entry,

    /** Takes over everything that others wrote, and forgets what they removed. */
    reload(): void {
      const rows = repository.processes()
      const present = new Set(rows.map(({ process }) => process.id))
      for (const id of known.keys()) if (!present.has(id)) known.delete(id)
      rows.forEach(take)
    },

    /** The same for processes that had not ended, which is all that changes by itself. */
    reloadUnfinished(): void {
      const rows = repository.unfinishedProcesses()
      const present = new Set(rows.map(({ process }) => process.id))
      rows.forEach(take)
      for (const { process } of table.entries()) {
        if (process.status === 'ended' || present.has(process.id)) continue
        const row = repository.process(process.id)
        if (row) take(row)
        else known.delete(process.id)
      }
    },

    add(process: TrainingProcess, folder: string): void {
      known.set(process.id, { process, folder })
      repository.saveProcess(process, folder)
    },

    update(id: string, change: Partial<TrainingProcess>): TrainingProcess {
      const changed = entry(id)
      changed.process = { ...changed.process, ...change }
      repository.saveProcess(changed.process, changed.folder)
      events.emit('change', changed.process)
      return changed.process
    },

    /** Forgets a process; whether there was one. */
    remove(id: string): boolean {
      known.delete(id)
      return repository.removeProcess(id)
    },

    /** Runs `work` while no other engine or terminal can write, with everything they wrote before already taken over. */
    exclusively: <Value>(work: () => Value): Value =>
      repository.exclusively(() => {
        table.reload()
        return work()
      }),

    /** Tells watchers about a process that has not changed here. */
    announce: (process: TrainingProcess): void => void events.emit('change', process),

    /** Every change from now on, until `signal` is aborted. */
    async *changes(signal: AbortSignal): AsyncGenerator<TrainingProcess> {
      const incoming = on(events, 'change', { signal }) as AsyncIterable<[TrainingProcess]>
      try {
        for await (const [process] of incoming) yield process
      } catch (caught) {
        if (!signal.aborted) throw caught
      }
    },
  }
  return table
}
