import { z } from 'zod'
import {
  trainingProcess,
  type LogInspection,
  type TrainingProcess,
} from '../../../shared/contract/training.ts'
import type { Db } from '../store/database.ts'
import { readerVersion } from './logs/parserState.ts'
import type { KnownLog } from './logs/scanTask.ts'

type LogRow = {
  path: string
  size: number
  modified_ms: number
  inode: string
  check_hash: string
  state: string
  summary: string
  tables: Buffer
}
type ProcessRow = { folder: string; process: string }

/** One log as far as it was read, without its series. */
export type IndexedLog = { path: string; summary: LogInspection; modifiedMs: number }

/** Reads and writes the `training_logs` and `training_processes` tables. */
export type TrainingRepository = ReturnType<typeof trainingRepository>

export function trainingRepository(db: Db) {
  db.prepare(`DELETE FROM training_logs WHERE json_extract(state, '$.version') IS NOT ?`).run(readerVersion)
  const saveLog = db.prepare(
    `INSERT INTO training_logs (path, workspace, size, modified_ms, inode, check_hash, state, summary, tables, scanned_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET workspace = excluded.workspace, size = excluded.size, modified_ms = excluded.modified_ms,
       inode = excluded.inode, check_hash = excluded.check_hash, state = excluded.state, summary = excluded.summary,
       tables = excluded.tables, scanned_at = excluded.scanned_at`,
  )
  const logByPath = db.prepare<[string], LogRow>('SELECT * FROM training_logs WHERE path = ?')
  const stamps = db.prepare<[string], { path: string; size: number; modified_ms: number; inode: string }>(
    'SELECT path, size, modified_ms, inode FROM training_logs WHERE workspace = ?',
  )
  const stamp = db.prepare<[string], { size: number; modified_ms: number; inode: string }>(
    'SELECT size, modified_ms, inode FROM training_logs WHERE path = ?',
  )
  const logs = db.prepare<[string], { path: string; summary: string; modified_ms: number }>(
    'SELECT path, summary, modified_ms FROM training_logs WHERE workspace = ? ORDER BY path',
  )
  const removeLogs = db.prepare('DELETE FROM training_logs WHERE workspace = ?')
  const removeLog = db.prepare('DELETE FROM training_logs WHERE path = ?')
  const saveProcess = db.prepare(
    `INSERT INTO training_processes (id, workspace, folder, process, is_over, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET process = excluded.process, is_over = excluded.is_over`,
  )
  const processes = db.prepare<[], ProcessRow>(
    'SELECT folder, process FROM training_processes ORDER BY created_at, rowid',
  )
  const unfinished = db.prepare<[], ProcessRow>(
    'SELECT folder, process FROM training_processes WHERE is_over = 0 ORDER BY created_at, rowid',
  )
  const process = db.prepare<[string], ProcessRow>(
    'SELECT folder, process FROM training_processes WHERE id = ?',
  )
  const removeProcess = db.prepare('DELETE FROM training_processes WHERE id = ?')

  return {
    saveLog: (workspace: string, path: string, log: KnownLog & { summary: LogInspection }) =>
      void saveLog.run(
        path,
        workspace,
        log.size,
        log.modifiedMs,
        log.inode,
        log.check,
        log.state,
        JSON.stringify(log.summary),
        log.tables,
        Date.now(),
      ),
    /** All that is known of a log, to go on from. */
    log: (path: string): KnownLog | null => {
      const row = logByPath.get(path)
      return row
        ? {
            size: row.size,
            modifiedMs: row.modified_ms,
            inode: row.inode,
            check: row.check_hash,
            state: row.state,
            tables: row.tables,
          }
        : null
    },
    /** Size, time and inode of a log at its last reading. */
    stamp: (path: string) => {
      const row = stamp.get(path)
      return row && { size: row.size, modifiedMs: row.modified_ms, inode: row.inode }
    },
    /** Size, time and inode of every log of a workspace, by path. */
    stamps: (workspace: string) =>
      new Map(
        stamps
          .all(workspace)
          .map((row) => [row.path, { size: row.size, modifiedMs: row.modified_ms, inode: row.inode }]),
      ),
    /** The logs of a workspace, or those of them that are wanted. */
    logs: (workspace: string, isWanted: (path: string) => boolean = () => true): IndexedLog[] =>
      logs
        .all(workspace)
        .filter(({ path }) => isWanted(path))
        .map((row) => ({
          path: row.path,
          modifiedMs: row.modified_ms,
          summary: JSON.parse(row.summary) as LogInspection,
        })),
    removeLogs: (workspace: string) => void removeLogs.run(workspace),
    removeLog: (path: string) => void removeLog.run(path),
    /** Keeps a process; what is given must be masked. */
    saveProcess: (process: TrainingProcess, folder: string) =>
      void saveProcess.run(
        process.id,
        process.workspace,
        folder,
        JSON.stringify(process),
        process.status === 'ended' ? 1 : 0,
        process.createdAt,
      ),
    /** All processes, oldest first. */
    processes: () => processes.all().map(toProcess),
    /** Those that have not ended. */
    unfinishedProcesses: () => unfinished.all().map(toProcess),
    process: (id: string) => {
      const row = process.get(id)
      return row && toProcess(row)
    },
    /** Runs `work` in one transaction that keeps other engines and terminals from writing meanwhile. */
    exclusively: <Value>(work: () => Value): Value => db.transaction(work).immediate(),
    removeProcess: (id: string) => removeProcess.run(id).changes > 0,
  }
}

/** Older versions did not count what a process leaves behind, and said how it ended in English only. */
const storedProcess = trainingProcess.extend({ leftBehind: z.number().default(0) })

function toProcess(row: ProcessRow): { folder: string; process: TrainingProcess } {
  return { folder: row.folder, process: storedProcess.parse(JSON.parse(row.process)) }
}
