/**
 * The index of a workspace's logs. A scan reads files in worker threads and keeps what they said; the next one opens
 * only files whose size, time or inode changed, and of those only the bytes that are new.
 */
import { stat } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import type { LogScan } from '../../../../shared/contract/training.ts'
import type { TrainingRepository } from '../training.repository.ts'
import { findLogs } from './findLogs.ts'
import type { ParsedLog } from './readLog.ts'
import type { ScanResult, ScanTask } from './scanTask.ts'
import { decodeTables } from './tableCodec.ts'
import type { ParserState } from './parserState.ts'

export type LogIndex = ReturnType<typeof createLogIndex>

/** Read logs of recently shown curves are kept decoded, up to this many table cells. */
const cachedCells = 40_000_000

/**
 * @param runTask reads one log; a pool of `trainLog` workers, or `runScanTask` itself.
 * @param threads how many of them there are. Twice as many logs are under way: while one is stored, the next is read.
 */
export function createLogIndex(options: {
  repository: TrainingRepository
  runTask: (task: ScanTask) => Promise<ScanResult>
  threads: number
}) {
  const { repository, runTask, threads } = options
  const decoded = new Map<string, { stamp: string; log: ParsedLog; cells: number }>()
  const scanning = new Map<string, Promise<LogScan>>()
  const refreshing = new Map<string, Promise<number>>()

  /** Reads what is new in one log. Two callers at once share one reading. Gives the bytes read. */
  function refresh(workspace: string, path: string): Promise<number> {
    const running = refreshing.get(path)
    if (running) return running
    const started = (async () => {
      if (!(await hasChanged(path, repository.stamp(path)))) return 0
      const result = await runTask({ path, known: repository.log(path) })
      if (result) repository.saveLog(workspace, path, result)
      return result?.readBytes ?? 0
    })().finally(() => refreshing.delete(path))
    refreshing.set(path, started)
    return started
  }

  async function scan(workspace: string): Promise<LogScan> {
    const startedAt = performance.now()
    const paths = await findLogs(workspace)
    const known = repository.stamps(workspace)
    const result: LogScan = {
      files: paths.length,
      readFiles: 0,
      readBytes: 0,
      removedFiles: 0,
      seconds: 0,
      problems: [],
    }
    const present = new Set(paths)
    for (const path of known.keys()) {
      if (present.has(path)) continue
      repository.removeLog(path)
      result.removedFiles++
    }
    let next = 0
    const work = async () => {
      while (next < paths.length) {
        const path = paths[next++]!
        try {
          if (await hasChanged(path, known.get(path))) {
            // Apart from the sum: others add to it while this one waits.
            const bytes = await refresh(workspace, path)
            result.readBytes += bytes
            result.readFiles++
          }
        } catch (caught) {
          result.problems.push({ path, message: toAppError(caught, path).message })
        }
      }
    }
    await Promise.all(Array.from({ length: 2 * threads }, work))
    result.seconds = (performance.now() - startedAt) / 1000
    return result
  }

  return {
    refresh,

    /**
     * Brings the index of a workspace up to date. A log that cannot be read is reported and does not stop the others.
     * A second caller shares the scan that is under way.
     */
    scan(workspace: string): Promise<LogScan> {
      const running = scanning.get(workspace) ?? scan(workspace).finally(() => scanning.delete(workspace))
      scanning.set(workspace, running)
      return running
    },

    /** The read logs of a workspace, or those of them that are wanted, without their series. */
    logs: (workspace: string, isWanted?: (path: string) => boolean) => repository.logs(workspace, isWanted),

    /** Forgets all logs of a workspace. */
    forget: (workspace: string) => repository.removeLogs(workspace),

    /** A log with its series, as of the last reading; `undefined` when it was never read. */
    load(path: string): ParsedLog | undefined {
      const row = repository.log(path)
      if (!row) return undefined
      const stamp = `${row.size}:${row.modifiedMs}:${row.inode}:${row.check}`
      const cached = decoded.get(path)
      if (cached?.stamp === stamp) {
        decoded.delete(path)
        decoded.set(path, cached)
        return cached.log
      }
      const log: ParsedLog = { state: JSON.parse(row.state) as ParserState, tables: decodeTables(row.tables) }
      const cells = Object.values(log.tables).reduce(
        (sum, table) => sum + table.rows * (table.columns.length + 4),
        0,
      )
      decoded.set(path, { stamp, log, cells })
      evict()
      return log
    },
  }

  function evict(): void {
    let total = [...decoded.values()].reduce((sum, { cells }) => sum + cells, 0)
    for (const [path, { cells }] of decoded) {
      if (total <= cachedCells || decoded.size === 1) return
      decoded.delete(path)
      total -= cells
    }
  }
}

async function hasChanged(
  path: string,
  known: { size: number; modifiedMs: number; inode: string } | undefined,
): Promise<boolean> {
  if (!known) return true
  const now = await stat(path).catch((caught: unknown) => {
    throw toAppError(caught, path)
  })
  return now.size !== known.size || now.mtimeMs !== known.modifiedMs || String(now.ino) !== known.inode
}
