import { join } from 'node:path'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { runs as contract } from '../../../shared/contract/runs.ts'
import { AppError } from '../../../shared/errors.ts'
import { compareRuns } from './compare.ts'
import { exportFrames, exportRuns } from './export.ts'
import { frameTable, report, requireRun, summarise, type RunStore } from './report.ts'

const extensionOf = { csv: 'csv', tsv: 'tsv', json: 'json', markdown: 'md', latex: 'tex' } as const

/** Answers the `runs.*` operations. */
export function runHandlers(store: RunStore): Handlers<typeof contract> {
  const { repository, workspaces } = store
  return {
    'runs.list': ({ workspace, map, limit }) =>
      repository
        .list(limit)
        .filter((run) => map === undefined || run.map === map)
        .filter(
          (run) =>
            workspace === undefined ||
            (run.evaluationRunId !== null &&
              workspaces.evaluationRun(run.evaluationRunId)?.root === workspace),
        )
        .map((run) => summarise(run, store)),
    'runs.get': ({ runId }) => report(requireRun(repository, runId), store),
    'runs.frames': ({ runId }) => frameTable(requireRun(repository, runId), repository),
    'runs.pair': ({ runId, frameIndex }) => {
      const run = requireRun(repository, runId)
      const frame = repository.frame(run.id, frameIndex)
      if (!frame) throw new AppError('not-found', `Run ${runId} has no frame ${frameIndex}.`)
      return {
        name: frame.name,
        reference: join(run.referenceDir, frame.name),
        prediction: join(run.predictionDir, frame.name),
      }
    },
    'runs.compare': ({ a, b }) => compareRuns(requireRun(repository, a), requireRun(repository, b), store),
    'runs.export': ({ runIds, format, perFrame }) => {
      const chosen = runIds.map((id) => requireRun(repository, id))
      if (!perFrame)
        return {
          text: exportRuns(
            chosen.map((run) => report(run, store)),
            format,
          ),
          fileName: `parallax-runs.${extensionOf[format]}`,
        }
      if (chosen.length > 1) throw new AppError('usage', 'Per-frame scores are exported one run at a time.')
      const table = frameTable(chosen[0], repository)
      const text = format === 'json' ? JSON.stringify(table) + '\n' : exportFrames(table)
      return {
        text,
        fileName: `parallax-frames-${chosen[0].id.slice(0, 8)}.${format === 'json' ? 'json' : 'csv'}`,
      }
    },
    'runs.remove': ({ runId }) => ({ removed: repository.remove(requireRun(repository, runId).id) }),
  }
}
