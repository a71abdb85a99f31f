import type { Migration } from './migration.ts'

/** Jobs handed to Slurm: what was submitted, and the state of its tasks when Slurm last told it. */
export const slurm: Migration = {
  version: 6,
  name: 'slurm',
  up(db) {
    db.exec(`
      CREATE TABLE slurm_submissions (
        job_id TEXT PRIMARY KEY,
        workspace TEXT NOT NULL,
        submission TEXT NOT NULL,
        is_over INTEGER NOT NULL,
        submitted_at INTEGER NOT NULL
      );
    `)
  },
}
