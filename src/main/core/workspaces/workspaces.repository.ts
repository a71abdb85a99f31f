import type { Target } from '../benchmark/targets.ts'
import type { Db } from '../store/database.ts'

export type WorkspacesRepository = ReturnType<typeof workspacesRepository>

/** Reads and writes the workspaces that were opened and the evaluation runs found in them. */
export function workspacesRepository(db: Db) {
  const upsert = db.prepare(`
    INSERT INTO workspaces (root, opened_at) VALUES (?, ?)
    ON CONFLICT (root) DO UPDATE SET opened_at = excluded.opened_at`)
  const insertOnly = db.prepare('INSERT OR IGNORE INTO workspaces (root, opened_at) VALUES (?, ?)')
  const byRoot = db.prepare<[string], { id: number }>('SELECT id FROM workspaces WHERE root = ?')
  const all = db.prepare<[], { root: string; opened_at: number }>(
    'SELECT root, opened_at FROM workspaces ORDER BY opened_at DESC',
  )
  const forget = db.prepare('DELETE FROM workspaces WHERE root = ?')
  const upsertRun = db.prepare(`
    INSERT INTO evaluation_runs (workspace_id, path, experiment, timestamp, found_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET workspace_id = excluded.workspace_id`)
  const runByPath = db.prepare<[string], { id: number }>('SELECT id FROM evaluation_runs WHERE path = ?')
  const runsBelow = db.prepare<[string, string], { path: string; n: number; map: string }>(`
    SELECT e.path, b.map, COUNT(*) AS n FROM evaluation_runs e
    JOIN benchmark_runs b ON b.evaluation_run_id = e.id AND b.status = 'done'
    WHERE substr(e.path, 1, length(?)) = ? GROUP BY e.path, b.map`)
  const evaluationRun = db.prepare<
    [number],
    { path: string; experiment: string; timestamp: string; root: string | null }
  >(`
    SELECT e.path, e.experiment, e.timestamp, w.root FROM evaluation_runs e
    LEFT JOIN workspaces w ON w.id = e.workspace_id WHERE e.id = ?`)

  return {
    remember: (root: string) => void upsert.run(root, Date.now()),
    list: () => all.all().map(({ root, opened_at }) => ({ root, openedAt: opened_at })),
    forget: (root: string) => forget.run(root).changes > 0,
    /** The id of the evaluation run a benchmark target belongs to; both are stored when new. */
    rememberEvaluationRun(root: string, { evaluationRoot, experiment, timestamp }: Target): number {
      insertOnly.run(root, Date.now())
      upsertRun.run(byRoot.get(root)!.id, evaluationRoot, experiment, timestamp, Date.now())
      return runByPath.get(evaluationRoot)!.id
    },
    evaluationRun: (id: number) => evaluationRun.get(id),
    /** How many finished benchmarks there are, by evaluation run path and map, below a folder. */
    benchmarkCounts(root: string): Map<string, number> {
      return new Map(runsBelow.all(root, root).map(({ path, map, n }) => [`${path}|${map}`, n]))
    },
  }
}
