/** The job behind `compare.saveFrames`: turns ids into folders, videos and captions. */
import { basename, dirname, isAbsolute, join } from 'node:path'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import { AppError } from '../../../shared/errors.ts'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import { columnsOfRun, frameMetric } from '../benchmark/frameMetrics.ts'
import { decodeImageFile } from '../images/imageFile.ts'
import type { JobKind } from '../jobs/jobs.ts'
import type { Media } from '../media/media.ts'
import { requireRun, summarise, type RunStore } from '../runs/report.ts'
import type { VideoFrames } from '../videoFrames/videoFrames.ts'
import { saveFrames, type SavedFrames, type SavedSource, type SaveFramesRequest } from './saveFrames.ts'

export type SaveFramesStore = RunStore & { media: Pick<Media, 'findVideo'>; videoFrames: VideoFrames }

export function saveFramesJob(store: SaveFramesStore): JobKind<SaveFramesRequest, SavedFrames> {
  return {
    kind: 'saveFrames',
    lane: 'transfer',
    async run(request, context) {
      const runs = request.runIds.map((id) => requireRun(store.repository, id))
      const sources = await Promise.all(
        request.sources.map(({ id, pictures }) => sourceOf(id, pictures, runs, request.clips, store)),
      )
      const { outputDir } = request
      const folder = isAbsolute(outputDir)
        ? outputDir
        : join(rootOf(runs[0], request.clips, store), outputDir)
      return saveFrames(request, sources, folder, context)
    },
  }
}

/** The folder that a relative path begins at. */
function rootOf(run: StoredRun | undefined, clips: readonly string[], { workspaces }: RunStore): string {
  if (!run) return dirname(clips[0])
  const evaluation = run.evaluationRunId === null ? undefined : workspaces.evaluationRun(run.evaluationRunId)
  return evaluation?.root ?? dirname(run.predictionDir)
}

async function sourceOf(
  id: string,
  pictures: SavedSource['pictures'],
  runs: readonly StoredRun[],
  clips: readonly string[],
  store: SaveFramesStore,
): Promise<SavedSource> {
  const run = runs.find((one) => one.id === id)
  const folder = id === 'reference' ? runs[0]?.referenceDir : run?.predictionDir
  if (folder !== undefined)
    return {
      label: run ? summarise(run, store).label : 'Ground truth',
      pictures,
      nameOf: (picture) => join(folder, String(picture)),
      read: (picture) => decodeImageFile(join(folder, String(picture))),
      captionOf: run ? captionsOf(run, store) : () => '',
    }
  if (!clips.includes(id)) throw new AppError('usage', `The source ${id} is not among the runs and clips.`)
  const file = await store.media.findVideo(id)
  return {
    label: basename(id),
    pictures,
    nameOf: (frame) => `${id} frame ${Number(frame) + 1}`,
    read: (frame) => store.videoFrames.frame(file, Number(frame)),
    captionOf: () => '',
  }
}

/** `LPIPS 0.412  SSIM 0.704` of a frame in a run; empty for frames without scores. */
function captionsOf(run: StoredRun, { repository }: RunStore): (picture: string | number) => string {
  const indices = new Map(repository.frames(run.id).map(({ index, name }) => [name, index]))
  const column = columnsOfRun(repository, run.id)
  const columns = ['LPIPS', 'SSIM', 'PSNR']
    .filter((metric) => run.recipe.metrics.includes(metric))
    .map((metric) => ({
      title: metricInfo(metric).title,
      values: frameMetric(metric, column, run.recipe),
    }))
  return (name) => {
    const index = indices.get(String(name))
    if (index === undefined) return ''
    return columns
      .flatMap(({ title, values }) => {
        const value = values.get(index)
        return value === undefined ? [] : [`${title} ${value === Infinity ? '∞' : value.toPrecision(4)}`]
      })
      .join('  ')
  }
}
