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
  const predicted = new Set<string>()
  for (const list of predictions) for (const name of list) predicted.add(name)
  const parsed = Array.from(predicted, (name) => ({ name, place: parseFrameName(name) }))
  const isRecorded = parsed.every(({ place }) => place !== undefined)
  const positionOf = isRecorded
    ? parseFrameName
    : (name: string): FramePosition => ({ recording: 0, frame: lastNumber(name) })
  const frames = parsed.map(({ name, place }) => {
    const { recording, frame } = isRecorded ? place! : positionOf(name)!
    return { name, recording, frame }
  })

  const spans = new Map<number, { first: number; last: number }>()
  for (const { recording, frame } of frames) {
    const span = spans.get(recording)
    if (!span) spans.set(recording, { first: frame, last: frame })
    else {
      span.first = Math.min(span.first, frame)
      span.last = Math.max(span.last, frame)
    }
  }
  for (const name of reference) {
    const position = predicted.has(name) ? undefined : positionOf(name)
    const span = position && spans.get(position.recording)
    if (position && span && position.frame > span.first && position.frame < span.last)
      frames.push({ name, recording: position.recording, frame: position.frame })
  }
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

const lastNumber = (name: string) => Number(/\d+(?=\D*$)/.exec(name.replace(/\.[^.]+$/, ''))?.[0] ?? 0)
