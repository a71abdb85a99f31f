import type { Migration } from './migration.ts'

/**
 * What people add while they look: markers on frames (of a ground-truth folder, so that every run shows them) and
 * blind votes, kept raw. A session stores its frames and its seed; its questions follow from them.
 */
export const compare: Migration = {
  version: 5,
  name: 'compare',
  up(db) {
    db.exec(`
      CREATE TABLE markers (
        id TEXT PRIMARY KEY,
        reference_dir TEXT NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (reference_dir, name)
      );

      CREATE TABLE vote_sessions (
        id TEXT PRIMARY KEY,
        run_ids TEXT NOT NULL,
        labels TEXT NOT NULL,
        map TEXT NOT NULL,
        frames TEXT NOT NULL,
        questions INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      );

      CREATE TABLE votes (
        session_id TEXT NOT NULL REFERENCES vote_sessions(id) ON DELETE CASCADE,
        question INTEGER NOT NULL,
        frame TEXT NOT NULL,
        left_candidate INTEGER NOT NULL,
        right_candidate INTEGER NOT NULL,
        choice TEXT NOT NULL,
        seconds REAL NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (session_id, question)
      ) WITHOUT ROWID;
    `)
  },
}
