/** What a training came to: the losses that its log ends with. */
import { isFolderOf } from '../../../shared/domain/experimentFolders.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { assembleRuns } from './logs/runs.ts'
import type { IndexedLog } from './training.repository.ts'

/** Losses themselves; weights, weighted parts and ratios of them only repeat these. */
const isLoss = (name: string) => /loss/i.test(name) && !/alpha|weight|_over_|ratio/i.test(name)

/**
 * The last step and losses of the newest training of an experiment, as `train Loss`. Debug runs do not count.
 *
 * @param logs what is known of the logs of the workspace.
 */
export function lastLosses(
  experiment: string,
  workspace: string,
  logs: readonly IndexedLog[],
): Record<string, Score> {
  const run = assembleRuns(workspace, logs).find(
    (one) =>
      one.keys.length > 0 && !/_debug$/.test(one.experiment) && isFolderOf(one.experiment, [experiment]),
  )
  const newest = logs.find(({ path }) => path === run?.seriesPaths.at(-1))
  if (!run || !newest) return {}
  const values = Object.entries(newest.summary.last).filter(([name]) => isLoss(name))
  if (run.lastStep !== null) values.unshift(['step', run.lastStep])
  return Object.fromEntries(
    values.flatMap(([name, value]): [string, Score][] =>
      typeof value === 'number' ? [[`train ${name}`, { status: 'ok', value }]] : [],
    ),
  )
}
