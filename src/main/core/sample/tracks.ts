/** Camera walks through a level: smooth, at walking pace, the head turning a little; and the poses written for them. */
import { gridCells, radarPixelsPerCell, type Level } from './level.ts'
import { createRandom } from './random.ts'
import type { Eye } from './view.ts'
import type { Terrain } from './world.ts'

/** One entry of a split file, as the user's tools write it. Units: radar pixels, game height, radians. */
export type SplitEntry = {
  x: number
  y: number
  z: number
  /** 0 = east, clockwise, 0 to 2 pi. */
  angle_h: number
  /** 0 = straight down, pi/2 = horizon. */
  angle_v: number
  map: string
  file_frame: string
}

/** A moment of a walk: what the camera sees from, and the pose on record (rounded, as recordings are). */
export type TrackFrame = { eye: Eye; entry: SplitEntry }

export type Walk = {
  recording: number
  firstFrame: number
  /** Difference of the numbers of neighbouring frames; 2 is a continuous track. */
  frameStep: number
  length: number
  loop: number
  direction: 1 | -1
  /** Where on the loop it starts, 0 to 1. */
  start: number
  seed: number
}

const eyeHeight = 1.62
const cellsPerFrame = 0.095
const lookAheadCells = 2.2
/** Half the width of the walker, in cells. */
export const bodyRadius = 0.3

/** The frames of a walk, in order. */
export function walkFrames(terrain: Terrain, walk: Walk): TrackFrame[] {
  const { level } = terrain
  const path = closedPath(level.loops[walk.loop % level.loops.length]!)
  const random = createRandom(walk.seed)
  const sway = [0.35, 0.16, 0.07].map((amplitude, i) => wave(amplitude, 9 / (i + 1) ** 1.4, random))
  const nod = wave(0.055, 7, random)
  const start = walk.start * path.length
  return Array.from({ length: walk.length }, (_, i) => {
    const travelled = i * walk.frameStep * cellsPerFrame
    const s = start + walk.direction * travelled
    const { x, y } = path.at(s)
    const ahead = path.at(s + walk.direction * lookAheadCells)
    const ground = smoothGround(terrain, path, s)
    const slope = smoothGround(terrain, path, s + walk.direction * 1.5) - ground
    const eye: Eye = {
      x,
      y,
      z: ground + eyeHeight + 0.02 * Math.sin(travelled * 4.5),
      yaw: Math.atan2(ahead.y - y, ahead.x - x) + sway.reduce((sum, w) => sum + w(travelled), 0),
      pitch: -0.035 + nod(travelled) + 0.3 * slope,
    }
    return {
      eye,
      entry: {
        ...poseOf(level, eye, ground),
        map: level.map,
        file_frame: `file_num${walk.recording}_frame_${walk.firstFrame + i * walk.frameStep}`,
      },
    }
  })
}

function poseOf(level: Level, eye: Eye, ground: number): Omit<SplitEntry, 'map' | 'file_frame'> {
  const turn = 2 * Math.PI
  return {
    x: Math.round(eye.x * radarPixelsPerCell),
    y: Math.round(eye.y * radarPixelsPerCell),
    z: Math.round(level.zOrigin + level.zPerCell * ground),
    angle_h: ((eye.yaw % turn) + turn) % turn,
    angle_v: Math.PI / 2 + eye.pitch,
  }
}

/** Whether a body fits at this place: no wall or block higher than a step within its radius. */
export function isFree(terrain: Terrain, x: number, y: number, radius = bodyRadius): boolean {
  const here = terrain.floor[Math.floor(y) * gridCells + Math.floor(x)]!
  for (let cy = Math.floor(y - radius); cy <= Math.floor(y + radius); cy++) {
    for (let cx = Math.floor(x - radius); cx <= Math.floor(x + radius); cx++) {
      if (cx < 0 || cy < 0 || cx >= gridCells || cy >= gridCells) return false
      const floor = terrain.floor[cy * gridCells + cx]!
      if (floor > 1.5 || floor > here + 0.55) return false
    }
  }
  return true
}

type Path = { length: number; at(s: number): { x: number; y: number } }

/** A closed Catmull-Rom curve through the corners, walked by arc length (cells). */
function closedPath(corners: readonly (readonly [number, number])[]): Path {
  const points: { x: number; y: number }[] = []
  const n = corners.length
  for (let i = 0; i < n; i++) {
    const [a, b, c, d] = [
      corners[(i + n - 1) % n]!,
      corners[i]!,
      corners[(i + 1) % n]!,
      corners[(i + 2) % n]!,
    ]
    for (let k = 0; k < 48; k++)
      points.push({ x: spline(a[0], b[0], c[0], d[0], k / 48), y: spline(a[1], b[1], c[1], d[1], k / 48) })
  }
  const lengths = [0]
  for (let i = 0; i < points.length; i++) {
    const next = points[(i + 1) % points.length]!
    lengths.push(lengths[i]! + Math.hypot(next.x - points[i]!.x, next.y - points[i]!.y))
  }
  const length = lengths.at(-1)!
  return {
    length,
    at(s) {
      const wanted = ((s % length) + length) % length
      let low = 0
      let high = points.length
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (lengths[middle]! <= wanted) low = middle
        else high = middle
      }
      const share = (wanted - lengths[low]!) / (lengths[low + 1]! - lengths[low]! || 1)
      const [from, to] = [points[low]!, points[(low + 1) % points.length]!]
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
    },
  }
}

/** Catmull-Rom with tension: corners are rounded without swinging out. */
function spline(a: number, b: number, c: number, d: number, t: number): number {
  const tension = 0.35
  const [m0, m1] = [(c - a) * tension, (d - b) * tension]
  const [t2, t3] = [t * t, t * t * t]
  return (2 * t3 - 3 * t2 + 1) * b + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * c + (t3 - t2) * m1
}

/** Height of the ground around a place of the path: steps become a ramp. */
function smoothGround(terrain: Terrain, path: Path, s: number): number {
  let sum = 0
  for (let k = -4; k <= 4; k++) {
    const { x, y } = path.at(s + k * 0.25)
    sum += terrain.floor[Math.floor(y) * gridCells + Math.floor(x)]!
  }
  return sum / 9
}

function wave(amplitude: number, periodCells: number, random: () => number): (s: number) => number {
  const phase = random() * 2 * Math.PI
  const size = amplitude * (0.6 + 0.4 * random())
  return (s) => size * Math.sin((2 * Math.PI * s) / periodCells + phase)
}
