/**
 * Videos of frames that a page has drawn: what Compare shows, in its mode, with its zoom and its captions. The page hands
 * the pictures over one by one; then they are a folder of numbered frames like any other.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DrawnVideoRequest, VideoResult } from '../../../shared/contract/videos.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { readImageHeader } from '../images/decode.ts'
import type { JobKind } from '../jobs/jobs.ts'
import { makeVideos } from './makeVideos.ts'
import type { VideoDeps } from './videoDeps.ts'

/** Frames of a page that was closed before its video was asked for are kept this long. */
const keptMs = 24 * 3600 * 1000

export type DrawnFrames = ReturnType<typeof createDrawnFrames>

/** @param folder where frames wait until their video is made. */
export function createDrawnFrames(folder: string) {
  const folderOf = (recording: string) => join(folder, recording)

  return {
    /**
     * Keeps one frame.
     *
     * @param recording name of the video, which becomes part of its file's name.
     * @param number its place in the video; frames may come in any order, a later one of the same number wins.
     * @param data base64 of a JPEG.
     * @throws AppError `unreadable` for what is no picture, `disk-full` or `permission` as they happen.
     */
    async add(recording: string, number: number, data: string): Promise<void> {
      const bytes = Buffer.from(data, 'base64')
      readImageHeader(bytes, { subject: `Frame ${number}` })
      const target = folderOf(recording)
      try {
        if (number === 1) await removeOld()
        await mkdir(target, { recursive: true })
        await writeFile(join(target, `frame_${String(number).padStart(7, '0')}.jpg`), bytes)
      } catch (caught) {
        throw toAppError(caught, target)
      }
    },

    /** @throws AppError `usage` when no frame was handed over. */
    async require(recording: string): Promise<void> {
      const names = await readdir(folderOf(recording)).catch(() => [])
      if (names.length > 0) return
      throw new AppError('usage', 'No frame was handed over for this video.', {
        hint: 'Frames are kept for a day after they were drawn.',
      })
    },

    /** The job that makes the video. Its frames go when it is done; until then it can be tried again. */
    job: (deps: Omit<VideoDeps, 'signal'>): JobKind<DrawnVideoRequest, VideoResult> => ({
      kind: 'drawnVideo',
      lane: 'encode',
      async run({ recording, ...request }, { signal, report, log }) {
        const result = await makeVideos(
          {
            ...request,
            predictionDir: folderOf(recording),
            otherDirs: [],
            layout: 'single',
            drawText: false,
            pattern: 'numbered',
            minFrames: 1,
            maxDurationSeconds: 1e6,
            maxGap: 1,
            encoder: 'software',
            labels: [],
            language: 'en',
            scores: [],
            stretch: false,
            amplify: 1,
            dataDir: 'data/preprocessed_data',
            poseFiles: [],
            fresh: true,
          },
          { ...deps, signal, onProgress: report, log },
        )
        await rm(folderOf(recording), { recursive: true, force: true })
        return result
      },
    }),
  }

  async function removeOld(): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      const found = await stat(folderOf(name)).catch(() => undefined)
      if (found && Date.now() - found.mtimeMs > keptMs)
        await rm(folderOf(name), { recursive: true, force: true })
    }
  }
}
