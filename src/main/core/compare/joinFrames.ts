/** Joins frames of several runs and of ground truth into the one sequence that Compare plays. */
import { parseFrameName, type FramePosition } from '../../../shared/domain/frameName.ts'
import { tracksOf } from '../tracks/tracks.ts'

export type JoinedFrames = { names: string[]; trackStarts: number[] }

/**
 * @param reference names in the ground-truth folder.
 * @param predictions names in each run.
 * @returns every name a run has, plus the ground-truth names inside the span of a predicted recording: what was to be
 *   predicted and is not there. In order of recording and frame; names of another form in the order of their numbers,
 *   as one recording.
 */
export function joinFrames(
  reference: Iterable<string>,
  predictions: readonly Iterable<string>[],
): JoinedFrames {
  const wanted = new Set<string>()
  for (const names of predictions) for (const name of names) wanted.add(name)
  const isRecorded = [...wanted].every((name) => parseFrameName(name) !== undefined)
  const positionOf = (name: string): FramePosition =>
    (isRecorded ? parseFrameName(name) : undefined) ?? { recording: 0, frame: lastNumber(name) }

  const spans = new Map<number, [first: number, last: number]>()
  for (const name of wanted) {
    const { recording, frame } = positionOf(name)
    const span = spans.get(recording)
    if (span) spans.set(recording, [Math.min(span[0], frame), Math.max(span[1], frame)])
    else spans.set(recording, [frame, frame])
  }
  for (const name of reference) {
    if (wanted.has(name) || (isRecorded && parseFrameName(name) === undefined)) continue
    const { recording, frame } = positionOf(name)
    const span = spans.get(recording)
    if (span && frame > span[0] && frame < span[1]) wanted.add(name)
  }

  const frames = [...wanted]
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((name) => ({ name, ...positionOf(name) }))
  // A folder without recordings is one track, whatever its gaps: its numbers may be samples of a longer one.
  const tracks = tracksOf(frames, isRecorded ? undefined : Infinity)
  const names: string[] = []
  const trackStarts: number[] = []
  for (const track of tracks) {
    trackStarts.push(names.length)
    for (const { name } of track) names.push(name)
  }
  return { names, trackStarts }
}

const lastNumber = (name: string) =>
  Number(
    name
      .replace(/\.[^.]+$/, '')
      .match(/\d+/g)
      ?.at(-1) ?? 0,
  )
