import type { SlurmSubmission } from '../../../../shared/contract/training.ts'
import type { Db } from '../../store/database.ts'

type Row = { submission: string }

/** Reads and writes the `slurm_submissions` table. */
export type SubmissionsRepository = ReturnType<typeof submissionsRepository>

export function submissionsRepository(db: Db) {
  const upsert = db.prepare(
    `INSERT INTO slurm_submissions (job_id, workspace, submission, is_over, submitted_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (job_id) DO UPDATE SET workspace = excluded.workspace, submission = excluded.submission,
       is_over = excluded.is_over, submitted_at = excluded.submitted_at`,
  )
  const one = db.prepare<[string], Row>('SELECT submission FROM slurm_submissions WHERE job_id = ?')
  const ofWorkspace = db.prepare<[string], Row>(
    'SELECT submission FROM slurm_submissions WHERE workspace = ? ORDER BY submitted_at DESC, rowid DESC',
  )
  const remove = db.prepare('DELETE FROM slurm_submissions WHERE job_id = ?')
  const parse = ({ submission }: Row) => JSON.parse(submission) as SlurmSubmission

  return {
    /** Adds a submission or replaces what is known of it. */
    save: (submission: SlurmSubmission): void =>
      void upsert.run(
        submission.jobId,
        submission.workspace,
        JSON.stringify(submission),
        Number(submission.isOver),
        submission.submittedAt,
      ),
    get(jobId: string): SlurmSubmission | undefined {
      const row = one.get(jobId)
      return row && parse(row)
    },
    /** Newest first. */
    list: (workspace: string): SlurmSubmission[] => ofWorkspace.all(workspace).map(parse),
    remove: (jobId: string): boolean => remove.run(jobId).changes > 0,
  }
}
