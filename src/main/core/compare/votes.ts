/** Blind votes: makes sessions, takes answers, hands them out raw. */
import { randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type {
  BallotQuestion,
  OpenVoteSession,
  StoredVote,
  VoteSession,
} from '../../../shared/contract/compare.ts'
import { ballot, type VoteChoice } from '../../../shared/domain/compare/votes.ts'
import { AppError } from '../../../shared/errors.ts'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import type { RunStore } from '../runs/report.ts'
import { summarise } from '../runs/report.ts'
import type { CompareRepository } from './compare.repository.ts'

/**
 * A session over the frames that all runs have.
 *
 * @throws AppError `no-pairs` when they share no frame.
 */
export function startVote(
  runs: readonly StoredRun[],
  questions: number,
  store: RunStore,
  repository: CompareRepository,
): VoteSession {
  const [first, ...others] = runs.map(
    ({ id }) =>
      new Set(
        store.repository
          .frames(id)
          .filter(({ status }) => status === 'ok')
          .map(({ name }) => name),
      ),
  )
  const frames = [...first].filter((name) => others.every((names) => names.has(name)))
  if (frames.length === 0)
    throw new AppError('no-pairs', 'These runs share no frame.', { hint: 'Choose runs of the same map.' })
  const session = {
    id: randomUUID(),
    runIds: runs.map(({ id }) => id),
    labels: runs.map((run) => summarise(run, store).label),
    map: runs[0].map,
    frames,
    questions,
    seed: randomInt(2 ** 31),
    createdAt: Date.now(),
  }
  repository.addSession(session)
  return { ...session, votes: 0 }
}

/** What the one who votes may know. */
export const blindSession = ({ id, map, questions, createdAt, votes }: VoteSession): OpenVoteSession => ({
  id,
  map,
  questions,
  createdAt,
  votes,
})

/**
 * The first two questions without an answer.
 *
 * @param answered numbers of those that have one.
 * @param runs the runs of the session, in its order.
 * @param anonymous gives the path of a copy whose name says nothing.
 * @throws AppError `unreadable` when a picture of the next question cannot be shown; it does not say which.
 */
export async function nextQuestions(
  session: VoteSession,
  answered: ReadonlySet<number>,
  runs: readonly Pick<StoredRun, 'predictionDir' | 'referenceDir'>[],
  anonymous: (path: string) => Promise<string>,
): Promise<{ next?: BallotQuestion; after?: BallotQuestion }> {
  const asked = ballot(session.frames, session.runIds.length, session.questions, session.seed)
  const open = asked.flatMap((question, at) => (answered.has(at) ? [] : [{ ...question, at }]))
  const shown = async ({ at, frame, left, right }: (typeof open)[number]): Promise<BallotQuestion> => {
    const paths = [
      join(runs[left].predictionDir, frame),
      join(runs[right].predictionDir, frame),
      join(runs[0].referenceDir, frame),
    ]
    try {
      const [a, b, reference] = await Promise.all(paths.map(anonymous))
      return { question: at, left: a, right: b, reference }
    } catch {
      throw new AppError('unreadable', `A picture of question ${at + 1} cannot be read.`, {
        hint: 'Open the runs in Compare to see which files are missing.',
      })
    }
  }
  const [next, after] = open
  return {
    ...(next ? { next: await shown(next) } : {}),
    ...(after
      ? await shown(after)
          .then((after) => ({ after }))
          .catch(() => ({}))
      : {}),
  }
}

/** The answer to a question of a session, with what was asked written beside it. @throws AppError `usage`. */
export function answerOf(
  session: VoteSession,
  question: number,
  choice: VoteChoice,
  seconds: number,
): StoredVote {
  const asked = ballot(session.frames, session.runIds.length, session.questions, session.seed)[question]
  if (!asked) throw new AppError('usage', `The session has ${session.questions} questions.`)
  return { question, ...asked, choice, seconds, at: Date.now() }
}

/** Votes as CSV (one row per vote) or JSON with the session. */
export function exportVotes(session: VoteSession, votes: readonly StoredVote[], format: 'csv' | 'json') {
  const fileName = `parallax-votes-${session.id.slice(0, 8)}.${format}`
  if (format === 'json') return { fileName, text: `${JSON.stringify({ session, votes }, null, 2)}\n` }
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = votes.map(({ question, frame, left, right, choice, seconds, at }) =>
    [
      question,
      quote(frame),
      session.runIds[left],
      quote(session.labels[left]),
      session.runIds[right],
      quote(session.labels[right]),
      choice,
      seconds.toFixed(3),
      new Date(at).toISOString(),
    ].join(','),
  )
  const header = 'question,frame,left_run,left_label,right_run,right_label,choice,seconds,at'
  return { fileName, text: `${[header, ...rows].join('\n')}\n` }
}
