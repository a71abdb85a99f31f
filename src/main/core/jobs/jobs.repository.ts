import type { AppErrorData } from '../../../shared/errors.ts'
import type { Job, Progress } from '../../../shared/contract/jobs.ts'
import type { Db } from '../store/database.ts'

type JobRow = {
  id: string
  kind: string
  title: string
  input: string
  status: Job['status']
  progress: string | null
  result: string | null
  error: string | null
  owner: string
  cancel_requested: number
  created_at: number
  started_at: number | null
  finished_at: number | null
}

/** Reads and writes the `jobs` and `job_lines` tables. */
export type JobsRepository = ReturnType<typeof jobsRepository>

export function jobsRepository(db: Db) {
  const insert = db.prepare(
    `INSERT INTO jobs (id, kind, title, input, status, owner, created_at) VALUES (?, ?, ?, ?, 'queued', ?, ?)`,
  )
  const byId = db.prepare<[string], JobRow>('SELECT * FROM jobs WHERE id = ?')
  const newest = db.prepare<[number], JobRow>(
    'SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?',
  )
  const unfinished = db.prepare<[], JobRow>(
    `SELECT * FROM jobs WHERE status IN ('queued', 'running') ORDER BY created_at`,
  )
  const start = db.prepare(
    `UPDATE jobs SET status = 'running', started_at = ? WHERE id = ? AND status = 'queued' AND owner = ?`,
  )
  const writeProgress = db.prepare('UPDATE jobs SET progress = ? WHERE id = ?')
  const finish = db.prepare('UPDATE jobs SET status = ?, result = ?, error = ?, finished_at = ? WHERE id = ?')
  const requestCancel = db.prepare(`UPDATE jobs SET cancel_requested = 1 WHERE id = ?`)
  const nextLine = db.prepare<[string], { next: number }>(
    'SELECT COALESCE(MAX(line), 0) + 1 AS next FROM job_lines WHERE job_id = ?',
  )
  const insertLine = db.prepare('INSERT INTO job_lines (job_id, line, at, text) VALUES (?, ?, ?, ?)')
  const linesOf = db.prepare<[string], { at: number; text: string }>(
    'SELECT at, text FROM job_lines WHERE job_id = ? ORDER BY line',
  )
  const remove = db.prepare(`DELETE FROM jobs WHERE id = ? AND status NOT IN ('queued', 'running')`)
  const requeue = db.prepare(
    `UPDATE jobs SET status = 'queued', cancel_requested = 0, error = NULL, finished_at = NULL, owner = ?
     WHERE id = ? AND owner = ?`,
  )

  return {
    add: (job: { id: string; kind: string; title: string; input: unknown; owner: string }) =>
      void insert.run(job.id, job.kind, job.title, JSON.stringify(job.input), job.owner, Date.now()),
    get: (id: string) => mapJob(byId.get(id)),
    /** Which process the job belongs to, and whether somebody asked for its end. */
    control: (id: string) => {
      const row = byId.get(id)
      return row && { owner: row.owner, isCancelRequested: row.cancel_requested === 1 }
    },
    list: (limit: number) => newest.all(limit).map(toJob),
    unfinished: () => unfinished.all().map((row) => ({ ...toJob(row), owner: row.owner })),
    /** Marks a queued job of `owner` as running; false when it was cancelled or taken over meanwhile. */
    start: (id: string, owner: string) => start.run(Date.now(), id, owner).changes > 0,
    writeProgress: (id: string, progress: Progress) => void writeProgress.run(JSON.stringify(progress), id),
    finish: (id: string, status: Job['status'], outcome: { result?: unknown; error?: AppErrorData }) =>
      void finish.run(status, json(outcome.result), json(outcome.error), Date.now(), id),
    requestCancel: (id: string) => void requestCancel.run(id),
    /** Queues a job again under a new owner; false when it no longer belongs to `from`: another process was first. */
    requeue: (id: string, from: string, owner: string) => requeue.run(owner, id, from).changes > 0,
    addLine: (id: string, text: string): number => {
      const line = nextLine.get(id)?.next ?? 1
      insertLine.run(id, line, Date.now(), text)
      return line
    },
    lines: (id: string) => linesOf.all(id),
    remove: (id: string) => remove.run(id).changes > 0,
  }
}

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
const mapJob = (row: JobRow | undefined) => (row ? toJob(row) : undefined)

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    input: JSON.parse(row.input),
    status: row.status,
    createdAt: row.created_at,
    ...(row.progress === null ? {} : { progress: JSON.parse(row.progress) as Progress }),
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as unknown }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as AppErrorData }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  }
}
