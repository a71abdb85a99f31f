/** Joins frames of several runs and of ground truth into the one sequence that Compare plays. */
import { parseFrameName, type FramePosition } from '../../../shared/domain/frameName.ts'
import { tracksOf } from '../tracks/tracks.ts'

export type JoinedFrames = {
  names: string[]
  trackStarts: number[]
  /** By position: 1 where there is ground truth. */
  inReference: Uint8Array
  /** For every list of predictions, the positions of its names. */
  positions: Int32Array[]
}

type Placed = FramePosition & { id: number }

/**
 * @param reference names in the ground-truth folder.
 * @param predictions names in each run.
 * @returns every name a run has, plus the ground-truth names inside the span of a predicted recording: what was to be
 *   predicted and is not there. In order of recording and frame; names of another form in the order of their numbers,
 *   as one recording.
 */
export function joinFrames(
  reference: readonly string[],
  predictions: readonly (readonly string[])[],
): JoinedFrames {
  // Names are looked up once each: with 100,000 of them in several lists that is most of the work.
  const ids = new Map<string, number>()
  const idOf = (name: string) => {
    const known = ids.get(name)
    if (known !== undefined) return known
    ids.set(name, ids.size)
    return ids.size - 1
  }
  const idsOfLists = predictions.map((list) => Int32Array.from(list, idOf))
  const names = [...ids.keys()]
  const parsed = names.map(parseFrameName)
  const isRecorded = parsed.every((place) => place !== undefined)
  const placeOf = isRecorded
    ? parseFrameName
    : (name: string): FramePosition => ({ recording: 0, frame: lastNumber(name) })
  const places = isRecorded ? parsed : names.map(placeOf)
  const frames = places.map((place, id): Placed => {
    const { recording, frame } = place!
    return { id, recording, frame }
  })

  const spans = spansOf(frames)
  const idsInReference: number[] = []
  for (const name of reference) {
    const known = ids.get(name)
    if (known !== undefined) {
      idsInReference.push(known)
      continue
    }
    const place = placeOf(name)
    const span = place && spans.get(place.recording)
    if (!place || !span || place.frame <= span.first || place.frame >= span.last) continue
    idsInReference.push(names.length)
    frames.push({ id: names.length, recording: place.recording, frame: place.frame })
    names.push(name)
  }

  // A folder without recordings is one track, whatever its gaps: its numbers may be samples of a longer one.
  const order: number[] = []
  const trackStarts: number[] = []
  for (const track of tracksOf(frames, isRecorded ? undefined : Infinity)) {
    trackStarts.push(order.length)
    for (const { id } of track) order.push(id)
  }
  const positionOf = new Int32Array(names.length)
  order.forEach((id, position) => (positionOf[id] = position))
  const inReference = new Uint8Array(names.length)
  for (const id of idsInReference) inReference[positionOf[id]] = 1
  return {
    names: order.map((id) => names[id]),
    trackStarts,
    inReference,
    positions: idsOfLists.map((list) => list.map((id) => positionOf[id])),
  }
}

/** First and last frame of every recording. */
function spansOf(frames: readonly FramePosition[]): Map<number, { first: number; last: number }> {
  const spans = new Map<number, { first: number; last: number }>()
  for (const { recording, frame } of frames) {
    const span = spans.get(recording)
    if (!span) spans.set(recording, { first: frame, last: frame })
    else {
      span.first = Math.min(span.first, frame)
      span.last = Math.max(span.last, frame)
    }
  }
  return spans
}

const lastNumber = (name: string) => Number(/\d+(?=\D*$)/.exec(name.replace(/\.[^.]+$/, ''))?.[0] ?? 0)
