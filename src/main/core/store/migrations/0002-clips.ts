import type { Migration } from './migration.ts'

/**
 * Clips: the videos made from frames. `identity` is a hash of everything a clip was made from (files, layout,
 * settings); two files may share one, when a clip was wanted in two folders.
 */
export const clips: Migration = {
  version: 2,
  name: 'clips',
  up(db) {
    db.exec(`
      CREATE TABLE clips (
        id TEXT PRIMARY KEY,
        identity TEXT NOT NULL,
        file TEXT NOT NULL UNIQUE,
        layout TEXT NOT NULL,
        track TEXT NOT NULL,
        settings TEXT NOT NULL,
        clip TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        modified_at REAL NOT NULL,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX clips_by_identity ON clips(identity);
      CREATE INDEX clips_by_time ON clips(created_at);
    `)
  },
}
