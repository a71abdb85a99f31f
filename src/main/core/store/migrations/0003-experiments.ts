import type { Migration } from './migration.ts'

/**
 * Lab books, their experiments and commands, what the user added to them, and launch templates. The parsed parts are
 * JSON. Sections and commands that vanished from the log stay as `missing`, with what was added to them.
 */
export const experiments: Migration = {
  version: 3,
  name: 'experiments',
  up(db) {
    db.exec(`
      CREATE TABLE lab_books (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        root TEXT NOT NULL,
        hash TEXT NOT NULL,
        encoding TEXT NOT NULL,
        parts TEXT NOT NULL,
        imported_at INTEGER NOT NULL
      );

      CREATE TABLE experiments (
        id TEXT PRIMARY KEY,
        book_id INTEGER NOT NULL REFERENCES lab_books(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        is_missing INTEGER NOT NULL DEFAULT 0,
        section TEXT NOT NULL,
        base TEXT,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX experiments_by_book ON experiments(book_id, position);
      CREATE INDEX experiments_by_name ON experiments(name);

      CREATE TABLE experiment_commands (
        id TEXT PRIMARY KEY,
        experiment_id TEXT NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        is_missing INTEGER NOT NULL DEFAULT 0,
        command TEXT NOT NULL
      );
      CREATE INDEX experiment_commands_by_experiment ON experiment_commands(experiment_id, position);

      CREATE TABLE experiment_additions (
        id TEXT PRIMARY KEY,
        experiment_id TEXT NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
        command_id TEXT REFERENCES experiment_commands(id) ON DELETE SET NULL,
        kind TEXT NOT NULL CHECK (kind IN ('note', 'tag')),
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX experiment_additions_by_experiment ON experiment_additions(experiment_id, created_at);

      CREATE TABLE launch_templates (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        form TEXT NOT NULL,
        created_at INTEGER NOT NULL
      );
    `)
  },
}
