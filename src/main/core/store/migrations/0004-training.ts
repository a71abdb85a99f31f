import type { Migration } from './migration.ts'

/**
 * Logs that were read, with their series packed as `encodeTables` does, and supervised processes. Arguments and
 * environment of a process are stored masked. Times are milliseconds since 1970 (UTC).
 */
export const training: Migration = {
  version: 4,
  name: 'training',
  up(db) {
    db.exec(`
      CREATE TABLE training_logs (
        path TEXT PRIMARY KEY,
        workspace TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ms REAL NOT NULL,
        inode TEXT NOT NULL,
        check_hash TEXT NOT NULL,
        state TEXT NOT NULL,
        summary TEXT NOT NULL,
        tables BLOB NOT NULL,
        scanned_at INTEGER NOT NULL
      );
      CREATE INDEX training_logs_by_workspace ON training_logs(workspace, path);

      CREATE TABLE training_processes (
        id TEXT PRIMARY KEY,
        workspace TEXT NOT NULL,
        folder TEXT NOT NULL,
        process TEXT NOT NULL,
        is_over INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX training_processes_by_time ON training_processes(created_at);
      CREATE INDEX training_processes_unfinished ON training_processes(created_at) WHERE is_over = 0;
    `)
  },
}
