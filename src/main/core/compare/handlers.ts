import { dirname, isAbsolute, join } from 'node:path'
import type { compare as contract } from '../../../shared/contract/compare.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import { AppError } from '../../../shared/errors.ts'
import { frameMetric } from '../benchmark/frameMetrics.ts'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import type { JobKind, Jobs } from '../jobs/jobs.ts'
import type { Media } from '../media/media.ts'
import { requireRun, summarise, type RunStore } from '../runs/report.ts'
import type { CompareRepository } from './compare.repository.ts'
import { findVideos } from './findVideos.ts'
import { exactPicture } from './exactPicture.ts'
import { requireName, type MetricMaps } from './metricMaps.ts'
import { readClips, withClips, type ClipStore } from './openClips.ts'
import { openRuns } from './openRuns.ts'
import { radarOf } from './radar.ts'
import { saveFrames, type SavedFrames, type SavedSource, type SaveFramesRequest } from './saveFrames.ts'
import { answerOf, exportVotes, startVote } from './votes.ts'

export type CompareDependencies = RunStore &
  ClipStore & {
    compare: CompareRepository
    maps: MetricMaps
    media: Pick<Media, 'find'>
    /** Folder for exact pictures. */
    cacheDir: string
  }

/** Answers the `compare.*` operations. */
export function compareHandlers(dependencies: CompareDependencies, jobs: Jobs): Handlers<typeof contract> {
  const { repository, compare, maps, media, cacheDir } = dependencies
  const runsOf = (ids: readonly string[]) => ids.map((id) => requireRun(repository, id))
  const sessionOf = (id: string) => {
    const session = compare.session(id)
    if (!session) throw new AppError('not-found', `There is no vote ${id}.`)
    return session
  }
  return {
    'compare.open': async ({ runIds, clips }) => {
      const runs = runIds.length > 0 ? await openRuns(runsOf(runIds), dependencies) : undefined
      return withClips(runs, clips, dependencies)
    },
    'compare.readClips': ({ clips }) => readClips(clips, dependencies, jobs),
    'compare.videos': async ({ workspace }) => findVideos(workspace, dependencies),
    'compare.map': async ({ runId, kind, reference, prediction }) => {
      const { width, height, mean, values } = await maps.mapOf(
        requireRun(repository, runId),
        kind,
        reference,
        prediction,
      )
      return { width, height, mean, data: Buffer.from(values.buffer).toString('base64') }
    },
    'compare.picture': async ({ path }) => ({ path: await exactPicture(path, media, cacheDir) }),
    'compare.radar': ({ runId }) => radarOf(requireRun(repository, runId), dependencies),
    'compare.markers': ({ referenceDir }) => compare.markers(referenceDir),
    'compare.setMarker': ({ referenceDir, name, text }) => compare.setMarker(referenceDir, name, text),
    'compare.removeMarker': ({ id }) => ({ removed: compare.removeMarker(id) }),
    'compare.saveFrames': (request) => {
      runsOf(request.runIds)
      request.names.forEach(requireName)
      const count = request.names.length === 1 ? '1 frame' : `${request.names.length} frames`
      return jobs.start('saveFrames', `Save ${count}`, request)
    },
    'compare.startVote': ({ runIds, questions }) =>
      startVote(runsOf(runIds), questions, dependencies, compare),
    'compare.vote': ({ sessionId, question, choice, seconds }) => {
      compare.addVote(sessionId, answerOf(sessionOf(sessionId), question, choice, seconds))
      return { votes: sessionOf(sessionId).votes }
    },
    'compare.undoVote': ({ sessionId }) => {
      compare.removeLastVote(sessionId)
      return { votes: sessionOf(sessionId).votes }
    },
    'compare.voteSessions': () => compare.sessions(),
    'compare.votes': ({ sessionId }) => ({
      session: sessionOf(sessionId),
      votes: compare.votes(sessionId),
    }),
    'compare.exportVotes': ({ sessionId, format }) =>
      exportVotes(sessionOf(sessionId), compare.votes(sessionId), format),
  }
}

/** The job behind `compare.saveFrames`. */
export function saveFramesJob(dependencies: RunStore): JobKind<SaveFramesRequest, SavedFrames> {
  const { repository, workspaces } = dependencies
  return {
    kind: 'saveFrames',
    lane: 'transfer',
    run(request, context) {
      const runs = request.runIds.map((id) => requireRun(repository, id))
      const evaluation =
        runs[0].evaluationRunId === null ? undefined : workspaces.evaluationRun(runs[0].evaluationRunId)
      const root = evaluation?.root ?? dirname(runs[0].predictionDir)
      const folder = isAbsolute(request.outputDir) ? request.outputDir : join(root, request.outputDir)
      const sources = request.sources.map((id): SavedSource => {
        if (id === 'reference') return { id, label: 'Ground truth', folder: runs[0].referenceDir }
        const run = runs.find((one) => one.id === id)
        if (!run) throw new AppError('usage', `The source ${id} is not among the runs.`)
        return { id, label: summarise(run, dependencies).label, folder: run.predictionDir }
      })
      return saveFrames(request, sources, folder, captions(runs, dependencies), context)
    },
  }
}

/** `PSNR 24.15  SSIM 0.704` of a frame in a run; empty for ground truth and frames without scores. */
function captions(runs: readonly StoredRun[], { repository }: RunStore) {
  const shown = ['LPIPS', 'SSIM', 'PSNR']
  const columns = new Map(
    runs.map((run) => {
      const indices = new Map(repository.frames(run.id).map(({ index, name }) => [name, index]))
      const values = shown
        .filter((metric) => run.recipe.metrics.includes(metric))
        .map((metric) => ({
          title: metricInfo(metric).title,
          values: frameMetric(metric, (quantity) => repository.column(run.id, quantity), run.recipe),
        }))
      return [run.id, { indices, values }] as const
    }),
  )
  return ({ id }: SavedSource, name: string): string => {
    const column = columns.get(id)
    const index = column?.indices.get(name)
    if (!column || index === undefined) return ''
    return column.values
      .flatMap(({ title, values }) => {
        const value = values.get(index)
        if (value === undefined) return []
        return [`${title} ${value === Infinity ? '∞' : value.toPrecision(4)}`]
      })
      .join('  ')
  }
}
