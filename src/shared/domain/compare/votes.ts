/** Blind votes: which pairs are shown in which order, and what came out. The same seed gives the same ballot. */
import { bradleyTerry, wilsonInterval, type Strength } from './intervals.ts'

/** One question: two candidates (indices) on a frame (name), sides already drawn by lot. */
export type Question = { frame: string; left: number; right: number }
export const voteChoices = ['left', 'right', 'tie'] as const
export type VoteChoice = (typeof voteChoices)[number]
/** A question and its answer. */
export type Vote = Question & { choice: VoteChoice }

/** Small, fast, well mixed 32-bit generator (mulberry32). Gives numbers in 0..1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A copy in random order (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    ;[copy[last], copy[at]] = [copy[at], copy[last]]
  }
  return copy
}

/**
 * The questions of a session. Every pair of candidates gets the same number of frames (to within one), each frame
 * is used once before any is used again, and each candidate of a pair stands left as often as right (to within one).
 *
 * @param frames names that every candidate has; at least one.
 * @param candidates at least 2.
 */
export function ballot(
  frames: readonly string[],
  candidates: number,
  questions: number,
  seed: number,
): Question[] {
  const random = randomFrom(seed)
  const pairs: [number, number][] = []
  for (let a = 0; a < candidates; a++) for (let b = a + 1; b < candidates; b++) pairs.push([a, b])
  const asked = Array.from({ length: questions }, (_, index) => index)
  let pool: string[] = []
  const planned = asked.map((index): Question => {
    const [a, b] = pairs[index % pairs.length]
    if (pool.length === 0) pool = shuffled(frames, random)
    const isSwapped = Math.floor(index / pairs.length) % 2 === 1
    return { frame: pool.pop()!, left: isSwapped ? b : a, right: isSwapped ? a : b }
  })
  return shuffled(planned, random)
}

export type VoteResult = {
  votes: number
  ties: number
  /** `wins[i][j]`: votes for `i` over `j`, ties counted half. */
  wins: number[][]
  /** Share of all votes a candidate took part in, ties half, with Wilson's interval. */
  shares: ({ share: number; low: number; high: number; n: number } | undefined)[]
  /** Bradley-Terry strengths; only for more than two candidates. */
  strengths: (Strength | undefined)[] | undefined
}

/** Counts votes. */
export function countVotes(votes: readonly Vote[], candidates: number): VoteResult {
  const wins = Array.from({ length: candidates }, () => Array.from({ length: candidates }, () => 0))
  for (const { left, right, choice } of votes) {
    if (choice !== 'right') wins[left][right] += choice === 'tie' ? 0.5 : 1
    if (choice !== 'left') wins[right][left] += choice === 'tie' ? 0.5 : 1
  }
  const shares = wins.map((row, i) => {
    const won = row.reduce((sum, count) => sum + count, 0)
    const n = won + wins.reduce((sum, other) => sum + other[i], 0)
    const interval = wilsonInterval(won, n)
    return interval && { ...interval, n }
  })
  return {
    votes: votes.length,
    ties: votes.filter(({ choice }) => choice === 'tie').length,
    wins,
    shares,
    strengths: candidates > 2 ? bradleyTerry(wins) : undefined,
  }
}
