import type { Coverage } from '../../../shared/contract/benchmark.ts'
import type { Recipe } from '../../../shared/contract/runs.ts'
import type { Score } from '../../../shared/domain/score.ts'
import type { AppErrorData } from '../../../shared/errors.ts'
import type { Db } from '../store/database.ts'
import { FrameColumn } from './frameColumn.ts'

export type RunStatus = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'

export type StoredRun = {
  id: string
  evaluationRunId: number | null
  recipeHash: string
  label: string
  map: string
  referenceDir: string
  predictionDir: string
  recipe: Recipe
  owner: string
  status: RunStatus
  providers: Record<string, string>
  versions: Record<string, string>
  coverage: Coverage
  error?: AppErrorData
  createdAt: number
  finishedAt?: number
}

/** What became of a frame of a run. */
export type FrameOutcome = { index: number; name: string; status: 'ok' | 'failed'; error?: string }

/** With what tells whether its files are still those that were measured. */
export type StoredFrame = FrameOutcome & { referenceStamp: string; predictionStamp: string }

export type FrameRecord = StoredFrame & { quantities: Record<string, number> }

type RunRow = {
  id: string
  evaluation_run_id: number | null
  recipe_hash: string
  label: string
  map: string
  reference_dir: string
  prediction_dir: string
  recipe: string
  owner: string
  status: RunStatus
  providers: string
  versions: string
  coverage: string
  error: string | null
  created_at: number
  finished_at: number | null
}

type FrameRow = { frame_index: number; name: string; status: 'ok' | 'failed'; error: string | null }
type StampedFrameRow = FrameRow & { reference_stamp: string; prediction_stamp: string }

export type BenchmarkRepository = ReturnType<typeof benchmarkRepository>

/** Reads and writes benchmark runs, their frames and their scores. */
export function benchmarkRepository(db: Db) {
  const insertRun = db.prepare(`
    INSERT INTO benchmark_runs (id, evaluation_run_id, recipe_hash, label, map, reference_dir, prediction_dir, recipe, owner, status, coverage, created_at)
    VALUES (@id, @evaluationRunId, @recipeHash, @label, @map, @referenceDir, @predictionDir, @recipe, @owner, 'running', @coverage, @createdAt)`)
  const selectRun = db.prepare<[string], RunRow>('SELECT * FROM benchmark_runs WHERE id = ?')
  const byRecipe = db.prepare<[string], RunRow>(
    'SELECT * FROM benchmark_runs WHERE recipe_hash = ? ORDER BY created_at DESC',
  )
  const newest = db.prepare<[number], RunRow>(
    'SELECT * FROM benchmark_runs ORDER BY created_at DESC, rowid DESC LIMIT ?',
  )
  const byPrefix = db.prepare<[string], RunRow>(`SELECT * FROM benchmark_runs WHERE id LIKE ? || '%' LIMIT 2`)
  const selectFolders = db.prepare<[], { folder: string }>(
    'SELECT reference_dir AS folder FROM benchmark_runs UNION SELECT prediction_dir FROM benchmark_runs',
  )
  const setState = db.prepare('UPDATE benchmark_runs SET status = ?, error = ?, finished_at = ? WHERE id = ?')
  const setOwner = db.prepare(
    `UPDATE benchmark_runs SET status = 'running', owner = ?, error = NULL, finished_at = NULL WHERE id = ?`,
  )
  const setFacts = db.prepare('UPDATE benchmark_runs SET providers = ?, versions = ? WHERE id = ?')
  const deleteRun = db.prepare('DELETE FROM benchmark_runs WHERE id = ?')
  const selectStampedFrames = db.prepare<[string], StampedFrameRow>(
    'SELECT * FROM benchmark_frames WHERE run_id = ? ORDER BY frame_index',
  )
  // Stamps are most of a row, and only a benchmark that goes on asks for them.
  const outcome = 'SELECT frame_index, name, status, error FROM benchmark_frames WHERE run_id = ?'
  const selectFrames = db.prepare<[string], FrameRow>(`${outcome} ORDER BY frame_index`)
  const selectFailures = db.prepare<[string], FrameRow>(
    `${outcome} AND status = 'failed' ORDER BY frame_index`,
  )
  const selectFrame = db.prepare<[string, number], FrameRow>(`${outcome} AND frame_index = ?`)
  const countFrames = db.prepare<[string], { status: string; n: number }>(
    'SELECT status, COUNT(*) AS n FROM benchmark_frames WHERE run_id = ? GROUP BY status',
  )
  const putFrame = db.prepare(`
    INSERT OR REPLACE INTO benchmark_frames (run_id, frame_index, name, reference_stamp, prediction_stamp, status, error)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const deleteFrame = db.prepare('DELETE FROM benchmark_frames WHERE run_id = ? AND frame_index = ?')
  const putScore = db.prepare(
    'INSERT OR REPLACE INTO frame_scores (run_id, quantity, frame_index, value) VALUES (?, ?, ?, ?)',
  )
  // Two lists of numbers: a column of 100,000 frames is read without an object per row.
  const selectColumnOf = (what: 'frame_index' | 'value') =>
    db
      .prepare<[string, string], number>(
        `SELECT ${what} FROM frame_scores WHERE run_id = ? AND quantity = ? ORDER BY frame_index`,
      )
      .pluck()
  const selectIndices = selectColumnOf('frame_index')
  const selectValues = selectColumnOf('value')
  // In one view of the database, or a frame written in between would shift all that follow.
  const selectColumn = db.transaction((runId: string, quantity: string) =>
    FrameColumn.of(selectIndices.all(runId, quantity), selectValues.all(runId, quantity)),
  )
  const selectQuantities = db.prepare<[string], { quantity: string }>(
    'SELECT DISTINCT quantity FROM frame_scores WHERE run_id = ?',
  )
  const putSetScore = db.prepare('INSERT OR REPLACE INTO set_scores (run_id, metric, score) VALUES (?, ?, ?)')
  const selectSetScores = db.prepare<[string], { metric: string; score: string }>(
    'SELECT metric, score FROM set_scores WHERE run_id = ?',
  )

  const writeFrames = db.transaction((runId: string, frames: readonly FrameRecord[]) => {
    for (const frame of frames) {
      putFrame.run(
        runId,
        frame.index,
        frame.name,
        frame.referenceStamp,
        frame.predictionStamp,
        frame.status,
        frame.error ?? null,
      )
      for (const [quantity, value] of Object.entries(frame.quantities))
        putScore.run(runId, quantity, frame.index, value)
    }
  })
  const writeSetScores = db.transaction((runId: string, scores: Record<string, Score>) => {
    for (const [metric, score] of Object.entries(scores))
      putSetScore.run(runId, metric, JSON.stringify(score))
  })
  const dropFrames = db.transaction((runId: string, indices: readonly number[]) => {
    for (const index of indices) deleteFrame.run(runId, index)
  })

  return {
    add: (
      run: Pick<
        StoredRun,
        | 'id'
        | 'evaluationRunId'
        | 'recipeHash'
        | 'label'
        | 'map'
        | 'referenceDir'
        | 'predictionDir'
        | 'recipe'
        | 'owner'
        | 'coverage'
      >,
    ) =>
      void insertRun.run({
        ...run,
        recipe: JSON.stringify(run.recipe),
        coverage: JSON.stringify(run.coverage),
        createdAt: Date.now(),
      }),
    get: (id: string) => mapRun(selectRun.get(id)),
    /** Runs whose id begins with the text: none, one, or two when it is ambiguous. */
    findByPrefix: (prefix: string) => (/^[0-9a-f-]+$/.test(prefix) ? byPrefix.all(prefix).map(toRun) : []),
    findByRecipe: (recipeHash: string) => byRecipe.all(recipeHash).map(toRun),
    list: (limit: number) => newest.all(limit).map(toRun),
    /** Folders of frames that any run looked at. */
    folders: () => selectFolders.all().map(({ folder }) => folder),
    takeOver: (id: string, owner: string) => void setOwner.run(owner, id),
    finish: (id: string, status: RunStatus, error?: AppErrorData) =>
      void setState.run(status, error ? JSON.stringify(error) : null, Date.now(), id),
    writeFacts: (id: string, providers: Record<string, string>, versions: Record<string, string>) =>
      void setFacts.run(JSON.stringify(providers), JSON.stringify(versions), id),
    remove: (id: string) => deleteRun.run(id).changes > 0,
    /** All frames in their order. */
    frames: (id: string) => selectFrames.all(id).map(toOutcome),
    stampedFrames: (id: string): StoredFrame[] =>
      selectStampedFrames.all(id).map((row) => ({
        ...toOutcome(row),
        referenceStamp: row.reference_stamp,
        predictionStamp: row.prediction_stamp,
      })),
    /** The frames that could not be measured, in their order. */
    failures: (id: string) => selectFailures.all(id).map(toOutcome),
    frame: (id: string, index: number) => {
      const row = selectFrame.get(id, index)
      return row && toOutcome(row)
    },
    frameCounts: (id: string) => {
      const counts = Object.fromEntries(countFrames.all(id).map(({ status, n }) => [status, n]))
      return { ok: counts.ok ?? 0, failed: counts.failed ?? 0 }
    },
    writeFrames: (id: string, frames: readonly FrameRecord[]) => writeFrames.immediate(id, frames),
    dropFrames: (id: string, indices: readonly number[]) => dropFrames.immediate(id, indices),
    /** Quantities that have at least one value. */
    quantities: (id: string) => selectQuantities.all(id).map(({ quantity }) => quantity),
    /** One quantity of all frames that have it. */
    column: (id: string, quantity: string) => selectColumn(id, quantity),
    writeSetScores: (id: string, scores: Record<string, Score>) => writeSetScores.immediate(id, scores),
    setScores: (id: string): Record<string, Score> =>
      Object.fromEntries(
        selectSetScores.all(id).map(({ metric, score }) => [metric, JSON.parse(score) as Score]),
      ),
  }
}

const mapRun = (row: RunRow | undefined) => (row ? toRun(row) : undefined)

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id,
    evaluationRunId: row.evaluation_run_id,
    recipeHash: row.recipe_hash,
    label: row.label,
    map: row.map,
    referenceDir: row.reference_dir,
    predictionDir: row.prediction_dir,
    recipe: JSON.parse(row.recipe) as Recipe,
    owner: row.owner,
    status: row.status,
    providers: JSON.parse(row.providers) as Record<string, string>,
    versions: JSON.parse(row.versions) as Record<string, string>,
    coverage: JSON.parse(row.coverage) as Coverage,
    createdAt: row.created_at,
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as AppErrorData }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  }
}

function toOutcome({ frame_index, name, status, error }: FrameRow): FrameOutcome {
  return error === null ? { index: frame_index, name, status } : { index: frame_index, name, status, error }
}
