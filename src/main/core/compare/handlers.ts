import type { compare as contract } from '../../../shared/contract/compare.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Media } from '../media/media.ts'
import { requireRun, type RunStore } from '../runs/report.ts'
import type { CompareRepository } from './compare.repository.ts'
import { findVideos } from './findVideos.ts'
import { exactPictures } from './exactPicture.ts'
import { requireName, type MetricMaps } from './metricMaps.ts'
import { readClips, withClips, type ClipStore } from './openClips.ts'
import { openRuns } from './openRuns.ts'
import { radarOf } from './radar.ts'
import { answerOf, blindSession, exportVotes, nextQuestions, startVote } from './votes.ts'

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
  const exactly = exactPictures(media, cacheDir)
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
    'compare.picture': async ({ path }) => ({ path: await exactly(path) }),
    'compare.radar': ({ runId }) => radarOf(requireRun(repository, runId), dependencies),
    'compare.markers': ({ referenceDir }) => compare.markers(referenceDir),
    'compare.setMarker': ({ referenceDir, name, text }) => compare.setMarker(referenceDir, name, text),
    'compare.removeMarker': ({ id }) => ({ removed: compare.removeMarker(id) }),
    'compare.saveFrames': (request) => {
      runsOf(request.runIds)
      request.names.forEach(requireName)
      for (const { pictures } of request.sources)
        for (const picture of pictures) if (typeof picture === 'string') requireName(picture)
      const count = request.names.length === 1 ? '1 frame' : `${request.names.length} frames`
      return jobs.start('saveFrames', `Save ${count}`, request)
    },
    'compare.startVote': ({ runIds, questions }) =>
      blindSession(startVote(runsOf(runIds), questions, dependencies, compare)),
    'compare.ballot': async ({ sessionId }) => {
      const session = sessionOf(sessionId)
      const answered = new Set(compare.votes(sessionId).map(({ question }) => question))
      const open = await nextQuestions(session, answered, runsOf(session.runIds), exactly)
      return { session: blindSession(session), ...open }
    },
    'compare.vote': ({ sessionId, question, choice, seconds }) => {
      compare.addVote(sessionId, answerOf(sessionOf(sessionId), question, choice, seconds))
      return { votes: sessionOf(sessionId).votes }
    },
    'compare.undoVote': ({ sessionId }) => {
      compare.removeLastVote(sessionId)
      return { votes: sessionOf(sessionId).votes }
    },
    'compare.voteSessions': () => compare.sessions().map(blindSession),
    'compare.votes': ({ sessionId }) => ({
      session: sessionOf(sessionId),
      votes: compare.votes(sessionId),
    }),
    'compare.exportVotes': ({ sessionId, format }) =>
      exportVotes(sessionOf(sessionId), compare.votes(sessionId), format),
  }
}
