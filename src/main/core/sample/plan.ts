/** Which frames the sample has: recordings, splits, and which of them each checkpoint predicted. */
import { sampleLevels } from './levels.ts'
import { createRandom } from './random.ts'
import { walkFrames, type TrackFrame } from './tracks.ts'
import type { Terrain } from './world.ts'

/** Recorded frames of one way around a loop, about. */
const framesPerLap = 1000

/** The frames of one map. A frame belongs to exactly one split. */
export type MapPlan = {
  train: TrackFrame[]
  test: TrackFrame[]
  /** Frames of unseen continuous clips, clip after clip. */
  clips: TrackFrame[][]
  /** Names of the clip frames that were never predicted: a gap in the last clip. */
  unpredicted: Set<string>
}

/**
 * Plans the frames of a map.
 *
 * @param framesPerMap predicted frames of the map; ground truth has about twice as many.
 */
export function planMap(terrain: Terrain, framesPerMap: number, seed: number): MapPlan {
  const mapIndex = sampleLevels.indexOf(terrain.level)
  const random = createRandom(seed * 7919 + mapIndex * 104729 + 1)
  const loops = terrain.level.loops.length
  let recording = mapIndex === 0 ? 21 : 5
  const walk = (length: number, frameStep: number, loop: number) => {
    recording += 3 + Math.floor(random() * 40)
    return walkFrames(terrain, {
      recording,
      firstFrame: 5 + Math.floor(random() * 400),
      frameStep,
      length,
      loop,
      direction: random() < 0.7 ? 1 : -1,
      start: random(),
      seed: Math.floor(random() * 2 ** 31),
    })
  }
  // Single frames are far apart: no two make a track, and together they go once around every loop.
  const scattered = (count: number) =>
    Array.from({ length: loops }, (_, loop) => {
      const share = Math.floor((count + loops - 1 - loop) / loops)
      return walk(share, Math.max(16, Math.round(framesPerLap / share)), loop)
    }).flat()

  const first = Math.ceil(framesPerMap * 0.55)
  const gap = Math.max(5, Math.round(framesPerMap / 9))
  const second = framesPerMap - first + gap
  const clips = [walk(first, 2, 0), walk(second, 2, 1)]
  const gapStart = Math.floor((second - gap) * 0.6)
  const unpredicted = new Set(
    clips[1]!.slice(gapStart, gapStart + gap).map((frame) => frame.entry.file_frame),
  )
  return {
    train: scattered(Math.ceil((framesPerMap * 3) / 8)),
    test: scattered(Math.ceil(framesPerMap / 4)),
    clips,
    unpredicted,
  }
}
