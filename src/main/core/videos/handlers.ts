import { basename, join } from 'node:path'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type {
  StoredClip,
  videos as contract,
  VideoRequest,
  VideoResult,
} from '../../../shared/contract/videos.ts'
import type { WorkerEntry } from '../../workers/pool.ts'
import type { BenchmarkRepository } from '../benchmark/benchmark.repository.ts'
import type { JobKind, Jobs } from '../jobs/jobs.ts'
import type { ClipsRepository, RememberedClip } from './clips.repository.ts'
import type { DrawnFrames } from './drawnFrames.ts'
import { readFrameScores } from './frameScores.ts'
import { makeVideos } from './makeVideos.ts'
import { planVideos } from './resolveRequest.ts'
import { isAsWritten } from './reuseClip.ts'

export type VideoDependencies = {
  repository: ClipsRepository
  /** Where per-frame scores come from. */
  benchmarks: BenchmarkRepository
  workerEntry: WorkerEntry
  /** Folder for posters and strips. */
  cacheDir: string
  drawn: DrawnFrames
}

/** The job behind `videos.start`. */
export function videoJob(dependencies: VideoDependencies): JobKind<VideoRequest, VideoResult> {
  const { repository, benchmarks, workerEntry, cacheDir } = dependencies
  return {
    kind: 'videos',
    lane: 'encode',
    run: (request, { signal, report, log }) =>
      makeVideos(request, {
        signal,
        onProgress: report,
        log,
        repository,
        workerEntry,
        cacheDir,
        frameScores: (predictionDir, quantities) => readFrameScores(benchmarks, predictionDir, quantities),
      }),
  }
}

/** Answers the `videos.*` operations. */
export function videoHandlers(
  { repository, drawn }: VideoDependencies,
  jobs: Jobs,
): Handlers<typeof contract> {
  return {
    'videos.plan': async (raw) => {
      const { request, clips, skipped, warnings } = await planVideos(raw)
      return {
        clips: clips.map(({ name, track, frames }) => ({
          file: join(request.outputDir, `${name}.${request.format}`),
          track,
          firstFrame: frames[0].prediction.frame,
          lastFrame: frames[frames.length - 1].prediction.frame,
          frames: frames.length,
        })),
        skippedTracks: skipped,
        warnings,
      }
    },
    'videos.start': async (raw) => {
      // Wrong folders are refused now, not by a job that fails later.
      const { request, clips } = await planVideos(raw)
      const count = clips.length === 1 ? '1 video' : `${clips.length} videos`
      return jobs.start('videos', `${count} of ${basename(request.predictionDir)}`, raw)
    },
    'videos.addDrawn': async ({ recording, number, data }) => {
      await drawn.add(recording, number, data)
      return { added: true }
    },
    'videos.startDrawn': async (request) => {
      await drawn.require(request.recording)
      return jobs.start('drawnVideo', `Video of ${request.recording}`, request)
    },
    'videos.list': ({ limit }) => Promise.all(repository.list(limit).map(withPresence)),
  }
}

async function withPresence(remembered: RememberedClip): Promise<StoredClip> {
  const { id, layout, track, settings, clip, createdAt } = remembered
  return { ...clip, id, layout, track, settings, createdAt, isPresent: await isAsWritten(remembered) }
}
