import { isFolderOf } from '../../../shared/domain/experimentFolders.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { summarise, type RunStore } from './report.ts'

/** Older benchmarks than these are not looked at. */
const newestRuns = 10_000

/**
 * Scores of the newest finished benchmark of each map of an experiment, by name and map: `FID de_nuke`. Which
 * folders belong to an experiment: see `isFolderOf`.
 *
 * @param experiment name of the section in the lab book, such as `exp4_5_1_lr1e-4_locditproj + exp7`.
 */
export async function scoresOfExperiment(
  experiment: string,
  store: RunStore,
): Promise<Record<string, Score>> {
  const scores: Record<string, Score> = {}
  const seenMaps = new Set<string>()
  // Newest first, so the first one of a map counts.
  for (const run of store.repository.list(newestRuns)) {
    if (run.status !== 'done') continue
    const summary = summarise(run, store)
    if (!isFolderOf(summary.experiment, [experiment]) || seenMaps.has(summary.map)) continue
    seenMaps.add(summary.map)
    for (const [metric, value] of Object.entries(summary.metrics))
      scores[`${metric} ${summary.map}`.trim()] = value
  }
  return scores
}
