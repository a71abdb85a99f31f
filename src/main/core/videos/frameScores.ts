/** Per-frame scores as text for the picture. */
import type { Db } from '../store/database.ts'

/** Scores of single frames by frame name (no extension), in the order they were asked for. */
export type FrameScores = Map<string, { name: string; value: number }[]>

/**
 * Reads the per-frame scores of the newest benchmark of a prediction folder that has any.
 *
 * @param quantities names as the benchmark stores them, whatever their case.
 */
export function readFrameScores(db: Db, predictionDir: string, quantities: readonly string[]): FrameScores {
  const scores: FrameScores = new Map()
  const run = db
    .prepare<[string], { id: string }>(
      `SELECT id FROM benchmark_runs WHERE prediction_dir = ? AND EXISTS (SELECT 1 FROM frame_scores WHERE run_id = benchmark_runs.id)
       ORDER BY created_at DESC LIMIT 1`,
    )
    .get(predictionDir)
  if (!run) return scores
  const rows = db.prepare<[string, string], { name: string; quantity: string; value: number }>(
    `SELECT f.name, s.quantity, s.value FROM frame_scores s JOIN benchmark_frames f USING (run_id, frame_index)
     WHERE s.run_id = ? AND lower(s.quantity) = lower(?)`,
  )
  for (const quantity of quantities) {
    for (const { name, quantity: stored, value } of rows.iterate(run.id, quantity)) {
      const stem = name.replace(/\.[^.]+$/, '')
      const known = scores.get(stem) ?? []
      known.push({ name: stored, value })
      scores.set(stem, known)
    }
  }
  return scores
}

/** `PSNR 24.15 · SSIM 0.704` */
export function formatScores(scores: readonly { name: string; value: number }[]): string {
  return scores.map(({ name, value }) => `${name} ${formatScore(value)}`).join('  ·  ')
}

/** Four significant digits, so that the text hardly changes its width from frame to frame. */
function formatScore(value: number): string {
  if (value === Infinity) return '∞'
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)
}
