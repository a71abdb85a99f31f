import type { Migration } from './migration.ts'

/**
 * Workspaces, evaluation runs, benchmark runs with their frames and scores, jobs, and model files.
 * Times are milliseconds since 1970 (UTC). Infinite scores are stored as SQLite's own infinity.
 */
export const foundation: Migration = {
  version: 1,
  name: 'foundation',
  up(db) {
    db.exec(`
      CREATE TABLE workspaces (
        id INTEGER PRIMARY KEY,
        root TEXT NOT NULL UNIQUE,
        opened_at INTEGER NOT NULL
      );

      CREATE TABLE evaluation_runs (
        id INTEGER PRIMARY KEY,
        workspace_id INTEGER REFERENCES workspaces(id) ON DELETE CASCADE,
        path TEXT NOT NULL UNIQUE,
        experiment TEXT NOT NULL,
        timestamp TEXT NOT NULL,
        found_at INTEGER NOT NULL
      );
      CREATE INDEX evaluation_runs_by_workspace ON evaluation_runs(workspace_id, experiment, timestamp);

      CREATE TABLE benchmark_runs (
        id TEXT PRIMARY KEY,
        evaluation_run_id INTEGER REFERENCES evaluation_runs(id) ON DELETE SET NULL,
        recipe_hash TEXT NOT NULL,
        label TEXT NOT NULL,
        map TEXT NOT NULL,
        reference_dir TEXT NOT NULL,
        prediction_dir TEXT NOT NULL,
        recipe TEXT NOT NULL,
        owner TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
        providers TEXT NOT NULL DEFAULT '{}',
        versions TEXT NOT NULL DEFAULT '{}',
        coverage TEXT NOT NULL DEFAULT '{}',
        error TEXT,
        created_at INTEGER NOT NULL,
        finished_at INTEGER
      );
      CREATE INDEX benchmark_runs_by_recipe ON benchmark_runs(recipe_hash, created_at);
      CREATE INDEX benchmark_runs_by_time ON benchmark_runs(created_at);
      CREATE INDEX benchmark_runs_by_evaluation ON benchmark_runs(evaluation_run_id);

      CREATE TABLE benchmark_frames (
        run_id TEXT NOT NULL REFERENCES benchmark_runs(id) ON DELETE CASCADE,
        frame_index INTEGER NOT NULL,
        name TEXT NOT NULL,
        reference_stamp TEXT NOT NULL,
        prediction_stamp TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
        error TEXT,
        PRIMARY KEY (run_id, frame_index)
      ) WITHOUT ROWID;

      CREATE TABLE frame_scores (
        run_id TEXT NOT NULL,
        quantity TEXT NOT NULL,
        frame_index INTEGER NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (run_id, quantity, frame_index),
        FOREIGN KEY (run_id, frame_index) REFERENCES benchmark_frames(run_id, frame_index) ON DELETE CASCADE
      ) WITHOUT ROWID;

      CREATE TABLE set_scores (
        run_id TEXT NOT NULL REFERENCES benchmark_runs(id) ON DELETE CASCADE,
        metric TEXT NOT NULL,
        score TEXT NOT NULL,
        PRIMARY KEY (run_id, metric)
      ) WITHOUT ROWID;

      CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        input TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
        progress TEXT,
        result TEXT,
        error TEXT,
        owner TEXT NOT NULL,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER
      );
      CREATE INDEX jobs_by_status ON jobs(status, created_at);
      CREATE INDEX jobs_by_time ON jobs(created_at);

      CREATE TABLE job_lines (
        job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
        line INTEGER NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (job_id, line)
      ) WITHOUT ROWID;

      CREATE TABLE model_files (
        path TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        modified_at INTEGER NOT NULL,
        sha256 TEXT NOT NULL
      );
    `)
  },
}
