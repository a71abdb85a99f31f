/** Puts the studio together: database, jobs, features and the one dispatcher. Knows no door and no Electron. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createPool, type WorkerEntry } from '../workers/pool.ts'
import { contract } from '../../shared/contract/index.ts'
import type { AppError } from '../../shared/errors.ts'
import { benchmarkRepository } from './benchmark/benchmark.repository.ts'
import { benchmarkHandlers } from './benchmark/handlers.ts'
import { benchmarkJob } from './benchmark/benchmarkJob.ts'
import { compareRepository } from './compare/compare.repository.ts'
import { compareHandlers } from './compare/handlers.ts'
import { saveFramesJob } from './compare/saveFramesJob.ts'
import { readClipJob } from './compare/openClips.ts'
import { createMetricMaps } from './compare/metricMaps.ts'
import { createDispatcher, type Dispatcher } from './dispatch.ts'
import { experimentsRepository } from './experiments/experiments.repository.ts'
import { evaluationHandlers } from './evaluation/handlers.ts'
import { experimentHandlers } from './experiments/handlers.ts'
import { openFeatureCache } from './features/featureCache.ts'
import { findFfmpeg } from './ffmpeg/findFfmpeg.ts'
import { imageHandlers } from './images/handlers.ts'
import { jobHandlers } from './jobs/handlers.ts'
import { createJobs } from './jobs/jobs.ts'
import { jobsRepository } from './jobs/jobs.repository.ts'
import { ownerOfThisProcess } from './jobs/owner.ts'
import { createMedia, type Media } from './media/media.ts'
import { hashesInDatabase } from './models/hashCache.ts'
import { modelHandlers } from './models/handlers.ts'
import { importJob, installJob, verifyJob } from './models/jobs.ts'
import { createModelStore } from './models/store.ts'
import { runHandlers } from './runs/handlers.ts'
import { scoresOfExperiment } from './runs/scoresOfExperiment.ts'
import { sampleJob } from './sample/sampleJob.ts'
import { openDatabase } from './store/database.ts'
import { systemHandlers } from './system/handlers.ts'
import { libraryVersions } from './system/versions.ts'
import type { ScanResult, ScanTask } from './training/logs/scanTask.ts'
import { lastLosses } from './training/lastLosses.ts'
import { createTraining } from './training/training.ts'
import { createDrawnFrames } from './videos/drawnFrames.ts'
import { clipsRepository } from './videos/clips.repository.ts'
import { createVideoFrames } from './videoFrames/videoFrames.ts'
import { createVideoIndexes } from './videoFrames/videoIndexes.ts'
import { videoHandlers, videoJob } from './videos/handlers.ts'
import { workspaceHandlers } from './workspaces/handlers.ts'
import { workspacesRepository } from './workspaces/workspaces.repository.ts'

export type StudioConfig = {
  /** Folder for database, cache and models. */
  home: string
  /** The program's own `resources/` folder. */
  resourcesDir: string
  version: string
  /** `engine` outlives its callers and takes over jobs of engines that died; `terminal` ends with its command. */
  door: 'engine' | 'terminal'
  workerEntry: WorkerEntry
  /** The program that watches over a training process: its file, and the Node that runs it. */
  supervisor: { file: string; node: string; nodeEnvironment?: Record<string, string> }
  /** Told of errors that are bugs, for a log. */
  onInternalError?: (name: string, error: AppError) => void
}

export type Studio = Dispatcher & {
  /** Pictures and videos for pages. */
  media: Media
  /** Stops jobs (they can be gone on with later) and closes the files. */
  close(): Promise<void>
}

/** A folder that is not there yet: `<name>-1`, `<name>-2`, … */
function freeFolder(parent: string, name: string): string {
  for (let number = 1; ; number++) {
    const path = join(parent, `${name}-${number}`)
    if (!existsSync(path)) return path
  }
}

/** Opens the database and starts the studio. @throws AppError when the home folder cannot be used. */
export function createStudio(config: StudioConfig): Studio {
  const { home, workerEntry, resourcesDir } = config
  const db = openDatabase(join(home, 'parallax.db'))
  const cache = openFeatureCache(join(home, 'cache', 'features.db'))
  const jobs = createJobs({ repository: jobsRepository(db), door: config.door })
  const models = createModelStore({ folder: join(home, 'models'), hashCache: hashesInDatabase(db) })
  const repository = benchmarkRepository(db)
  const workspaces = workspacesRepository(db)
  const clips = clipsRepository(db)
  const benchmark = {
    repository,
    workspaces,
    cache,
    models,
    workerEntry,
    owner: ownerOfThisProcess(config.door),
    versions: { parallax: config.version, ...libraryVersions() },
  }
  const ffmpeg = () => findFfmpeg()
  const videoIndexes = createVideoIndexes(ffmpeg, join(home, 'cache', 'video-frames'))
  const videoFrames = createVideoFrames(ffmpeg, videoIndexes)
  const media = createMedia(
    () => [
      ...workspaces.list().map(({ root }) => root),
      ...repository.folders(),
      ...clips.folders(),
      join(home, 'cache'),
    ],
    join(home, 'cache', 'thumbnails'),
    videoFrames,
  )

  const maps = createMetricMaps(workerEntry, models)
  const comparing = {
    repository,
    workspaces,
    compare: compareRepository(db),
    maps,
    media,
    clips,
    videoIndexes,
    videoFrames,
    cacheDir: join(home, 'cache', 'pictures'),
  }

  const videos = {
    repository: clips,
    benchmarks: repository,
    workerEntry,
    cacheDir: join(home, 'cache', 'clips'),
    drawn: createDrawnFrames(join(home, 'drawn-frames')),
  }
  const logReaders = createPool<ScanTask, ScanResult>({
    entry: workerEntry('trainLog'),
    size: availableParallelism(),
  })
  const training = createTraining({
    db,
    homeFolder: home,
    door: config.door,
    runScanTask: (task) => logReaders.run(task),
    supervisor: config.supervisor,
  })

  const experiments = {
    repository: experimentsRepository(db),
    workspaceRoots: () => workspaces.list().map(({ root }) => root),
    gpus: () => training.gpuFacts(),
    scoresOf: async (experiment: string, root: string) => ({
      ...lastLosses(experiment, root, training.index.logs(root)),
      ...(await scoresOfExperiment(experiment, { repository, workspaces })),
    }),
  }

  const workspaceOperations = workspaceHandlers(workspaces, jobs, () =>
    freeFolder(join(home, 'samples'), 'sample'),
  )

  jobs.define(benchmarkJob(benchmark))
  jobs.define(installJob(models))
  jobs.define(importJob(models))
  jobs.define(verifyJob(models))
  jobs.define(sampleJob(workerEntry, resourcesDir))
  jobs.define(readClipJob(comparing))
  jobs.define(saveFramesJob(comparing))
  jobs.define(videoJob(videos))
  jobs.define(videos.drawn.job(videos))
  jobs.adoptOrphans()

  const dispatcher = createDispatcher(
    contract,
    {
      ...benchmarkHandlers(benchmark, jobs),
      ...compareHandlers(comparing, jobs),
      ...evaluationHandlers({
        workspaceRoots: experiments.workspaceRoots,
        start: training.processes.start,
      }),
      ...experimentHandlers(experiments),
      ...imageHandlers(),
      ...jobHandlers(jobs),
      ...modelHandlers(models, jobs.start),
      ...runHandlers({ repository, workspaces }),
      ...systemHandlers({ ...config, db, models }),
      ...training.handlers,
      ...videoHandlers(videos, jobs),
      ...workspaceOperations,
      'workspaces.open': async (input) => {
        const report = await workspaceOperations['workspaces.open'](input)
        if (config.door === 'engine') training.readLogs(report.root)
        return report
      },
    },
    config.onInternalError,
  )
  return {
    ...dispatcher,
    media,
    async close() {
      await jobs.close()
      await maps.close()
      await logReaders.close()
      training.close()
      cache.close()
      db.close()
    },
  }
}
