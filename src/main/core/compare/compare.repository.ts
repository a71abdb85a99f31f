import { randomUUID } from 'node:crypto'
import type { Marker, StoredVote, VoteSession } from '../../../shared/contract/compare.ts'
import type { Db } from '../store/database.ts'

type MarkerRow = { id: string; reference_dir: string; name: string; text: string; created_at: number }
type SessionRow = {
  id: string
  run_ids: string
  labels: string
  map: string
  frames: string
  questions: number
  seed: number
  created_at: number
  votes: number
}
type VoteRow = {
  question: number
  frame: string
  left_candidate: number
  right_candidate: number
  choice: StoredVote['choice']
  seconds: number
  at: number
}

export type CompareRepository = ReturnType<typeof compareRepository>

/** Reads and writes markers and blind votes. */
export function compareRepository(db: Db) {
  const markersOf = db.prepare<[string], MarkerRow>(
    'SELECT * FROM markers WHERE reference_dir = ? ORDER BY created_at',
  )
  const upsertMarker = db.prepare<[string, string, string, string, number], MarkerRow>(`
    INSERT INTO markers (id, reference_dir, name, text, created_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (reference_dir, name) DO UPDATE SET text = excluded.text RETURNING *`)
  const deleteMarker = db.prepare('DELETE FROM markers WHERE id = ?')
  const sessionColumns = `s.*, (SELECT COUNT(*) FROM votes v WHERE v.session_id = s.id) AS votes`
  const insertSession = db.prepare(`
    INSERT INTO vote_sessions (id, run_ids, labels, map, frames, questions, seed, created_at)
    VALUES (@id, @runIds, @labels, @map, @frames, @questions, @seed, @createdAt)`)
  const allSessions = db.prepare<[], SessionRow>(
    `SELECT ${sessionColumns} FROM vote_sessions s ORDER BY s.created_at DESC LIMIT 200`,
  )
  const sessionById = db.prepare<[string], SessionRow>(
    `SELECT ${sessionColumns} FROM vote_sessions s WHERE s.id = ?`,
  )
  const votesOf = db.prepare<[string], VoteRow>(
    'SELECT * FROM votes WHERE session_id = ? ORDER BY at, question',
  )
  const putVote = db.prepare(`
    INSERT OR REPLACE INTO votes (session_id, question, frame, left_candidate, right_candidate, choice, seconds, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const deleteLastVote = db.prepare(`
    DELETE FROM votes WHERE session_id = @id
    AND question = (SELECT question FROM votes WHERE session_id = @id ORDER BY at DESC, question DESC LIMIT 1)`)

  return {
    markers: (referenceDir: string): Marker[] => markersOf.all(referenceDir).map(toMarker),
    /** Adds a marker, or gives the one of this frame another text. */
    setMarker: (referenceDir: string, name: string, text: string): Marker =>
      toMarker(upsertMarker.get(randomUUID(), referenceDir, name, text, Date.now())!),
    removeMarker: (id: string): boolean => deleteMarker.run(id).changes > 0,

    addSession: (session: Omit<VoteSession, 'votes'>): void =>
      void insertSession.run({
        ...session,
        runIds: JSON.stringify(session.runIds),
        labels: JSON.stringify(session.labels),
        frames: JSON.stringify(session.frames),
      }),
    sessions: (): VoteSession[] => allSessions.all().map(toSession),
    session: (id: string): VoteSession | undefined => {
      const row = sessionById.get(id)
      return row && toSession(row)
    },
    votes: (sessionId: string): StoredVote[] => votesOf.all(sessionId).map(toVote),
    addVote: (sessionId: string, { question, frame, left, right, choice, seconds, at }: StoredVote): void =>
      void putVote.run(sessionId, question, frame, left, right, choice, seconds, at),
    removeLastVote: (sessionId: string): void => void deleteLastVote.run({ id: sessionId }),
  }
}

function toMarker({ id, reference_dir, name, text, created_at }: MarkerRow): Marker {
  return { id, referenceDir: reference_dir, name, text, createdAt: created_at }
}

function toSession(row: SessionRow): VoteSession {
  return {
    id: row.id,
    runIds: JSON.parse(row.run_ids) as string[],
    labels: JSON.parse(row.labels) as string[],
    map: row.map,
    frames: JSON.parse(row.frames) as string[],
    questions: row.questions,
    seed: row.seed,
    createdAt: row.created_at,
    votes: row.votes,
  }
}

function toVote(row: VoteRow): StoredVote {
  const { question, frame, choice, seconds, at } = row
  return { question, frame, left: row.left_candidate, right: row.right_candidate, choice, seconds, at }
}
