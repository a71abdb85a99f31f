/**
 * What is wrong with a predicted frame. Two checkpoints: `early` drifts off the pose, is soft, tinted and noisy,
 * imagines walls and for a while ignores its condition; `late` is close, with one short dip where it lags behind.
 */
import { createRandom, normal, type Random } from './random.ts'
import type { Eye } from './view.ts'
import type { TrackFrame } from './tracks.ts'
import { isFree } from './tracks.ts'
import type { Terrain } from './world.ts'

export type Quality = 'early' | 'late'

/** How to draw one predicted frame. */
export type Flaws = {
  eye: Eye
  hasPhantoms: boolean
  /** Deviation of the Gaussian blur in pixels. */
  blurSigma: number
  gain: readonly [number, number, number]
  /** Deviation of the grain, 0 to 255. */
  grain: number
  /** Height of blotches that change from frame to frame, 0 to 255. */
  blotches: number
  seed: number
}

/** The flaws of every frame of a clip, in order. `clip` is its index within the map. */
export function flawsOfClip(
  terrain: Terrain,
  frames: TrackFrame[],
  clip: number,
  quality: Quality,
  seed: number,
): Flaws[] {
  const random = createRandom(seed * 31 + clip * 7 + (quality === 'early' ? 1 : 2))
  const [alongX, alongY, turn, mood] = [
    slowNoise(random),
    slowNoise(random),
    slowNoise(random),
    slowNoise(random),
  ]
  return frames.map((_, i) => {
    const progress = i / Math.max(1, frames.length - 1)
    const drawn = quality === 'early' ? early : late
    const flaws = drawn({
      terrain,
      frames,
      i,
      progress,
      clip,
      alongX: alongX(i),
      alongY: alongY(i),
      turn: turn(i),
      mood: mood(i),
    })
    return { ...flaws, seed: Math.floor(random() * 2 ** 31) }
  })
}

type Moment = {
  terrain: Terrain
  frames: TrackFrame[]
  i: number
  progress: number
  clip: number
  /** Slow noise, about -1 to 1. */
  alongX: number
  alongY: number
  turn: number
  mood: number
}

function early({
  terrain,
  frames,
  i,
  progress,
  clip,
  alongX,
  alongY,
  turn,
  mood,
}: Moment): Omit<Flaws, 'seed'> {
  const { eye } = frames[i]!
  const look = {
    hasPhantoms: clip === 0 && progress > 0.28 && progress < 0.46,
    blurSigma: 2.1 + 0.8 * mood,
    gain: [1.05 + 0.04 * mood, 0.99 + 0.02 * turn, 0.9 - 0.05 * mood] as const,
    grain: 9,
    blotches: 7 + 3 * mood,
  }
  if (clip === 1 && progress > 0.62 && progress < 0.84) {
    // The condition is ignored: always the same well-learned place, whatever the pose.
    const [x, y] = terrain.level.loops[0]![0]!
    return { ...look, eye: { ...eye, x, y, yaw: 0.3 + 0.04 * turn, pitch: -0.03 }, blurSigma: 2.6 }
  }
  const moved = { x: eye.x + 0.42 * alongX + 0.12, y: eye.y + 0.42 * alongY - 0.1 }
  return {
    ...look,
    eye: {
      ...eye,
      ...nearestFree(terrain, eye, moved),
      yaw: eye.yaw + 0.13 * turn + 0.05,
      pitch: eye.pitch - 0.025,
    },
  }
}

function late({
  terrain,
  frames,
  i,
  progress,
  clip,
  alongX,
  alongY,
  turn,
  mood,
}: Moment): Omit<Flaws, 'seed'> {
  const isDip = clip === 0 && progress > 0.62 && progress < 0.74
  // In the dip it shows what was asked for some frames ago.
  const { eye } = frames[isDip ? Math.max(0, i - 4) : i]!
  const turning = Math.min(1, Math.abs(eye.yaw - frames[Math.max(0, i - 1)]!.eye.yaw) / 0.05)
  const moved = { x: eye.x + 0.05 * alongX, y: eye.y + 0.05 * alongY }
  return {
    eye: {
      ...eye,
      ...nearestFree(terrain, eye, moved),
      yaw: eye.yaw + 0.008 * turn,
      pitch: eye.pitch + 0.003 * mood,
    },
    hasPhantoms: false,
    blurSigma: 0.75 + 0.35 * turning + (isDip ? 0.9 : 0),
    gain: [1 + 0.012 * mood, 1, 0.995 - 0.01 * mood],
    grain: 2.5,
    blotches: 1.6,
  }
}

/** The moved place, or as much of the way there as leaves room for the head. */
function nearestFree(terrain: Terrain, from: { x: number; y: number }, to: { x: number; y: number }) {
  for (let share = 1; share > 0.05; share -= 0.15) {
    const place = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
    if (isFree(terrain, place.x, place.y, 0.2)) return place
  }
  return { x: from.x, y: from.y }
}

/** Noise over frames: sums of three slow waves, about -1 to 1. */
function slowNoise(random: Random): (i: number) => number {
  const waves = [31, 17, 9].map((period, k) => ({
    period: period * (0.8 + 0.4 * random()),
    phase: 7 * random(),
    size: 0.55 / (1 + k),
  }))
  return (i) =>
    waves.reduce(
      (sum, { period, phase, size }) => sum + size * Math.sin((2 * Math.PI * i) / period + phase),
      0,
    )
}

/** Tints, blotches and grain, in place. */
export function applyFlaws(rgb: Uint8Array, width: number, height: number, flaws: Flaws): void {
  const random = createRandom(flaws.seed)
  const cells = 15
  const blotch = Float32Array.from({ length: cells * cells }, () => normal(random) * flaws.blotches)
  const grains = Float32Array.from({ length: 1024 }, () => normal(random) * flaws.grain)
  const [gainR, gainG, gainB] = flaws.gain
  let state = flaws.seed | 1
  for (let y = 0, at = 0; y < height; y++) {
    const v = (y / height) * (cells - 1)
    const row = (v | 0) * cells
    const fv = v - (v | 0)
    for (let x = 0; x < width; x++, at += 3) {
      const u = (x / width) * (cells - 1)
      const near = row + (u | 0)
      const fu = u - (u | 0)
      const upper = blotch[near]! * (1 - fu) + blotch[near + 1]! * fu
      const lower = blotch[near + cells]! * (1 - fu) + blotch[near + cells + 1]! * fu
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      const added = upper * (1 - fv) + lower * fv + grains[state >>> 22]!
      rgb[at] = clampByte(rgb[at]! * gainR + added)
      rgb[at + 1] = clampByte(rgb[at + 1]! * gainG + added * 0.9)
      // Blotches lean to yellow and violet, as an undertrained decoder's do.
      rgb[at + 2] = clampByte(rgb[at + 2]! * gainB + added * 0.55)
    }
  }
}

const clampByte = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value)
