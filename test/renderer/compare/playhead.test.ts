import { describe, expect, it } from 'vitest'
import {
  advance,
  ahead,
  changeSpeed,
  neighbourTrack,
  newPlayhead,
  seek,
  setLoop,
  step,
  togglePlay,
  trackAt,
  type Playhead,
} from '../../../src/renderer/src/features/compare/playback/playhead.ts'

const always = () => true
const playing = (head: Partial<Playhead> = {}): Playhead => ({
  ...newPlayhead(100),
  isPlaying: true,
  ...head,
})

describe('the playhead', () => {
  it('keeps positions whole and inside the sequence', () => {
    const head = newPlayhead(10)
    expect(seek(head, 3.4).position).toBe(3)
    expect(seek(head, -5).position).toBe(0)
    expect(seek(head, 99).position).toBe(9)
    expect(seek(head, NaN).position).toBe(0)
  })

  it('stops when it is stepped, and holds at the ends', () => {
    expect(step(playing(), 1)).toMatchObject({ position: 1, isPlaying: false })
    expect(step(newPlayhead(10, 9), 1).position).toBe(9)
    expect(step(newPlayhead(10, 4), -10).position).toBe(0)
  })

  it('shows exactly as many frames as time has passed, whatever the screen rate', () => {
    for (const screenRate of [24, 59.94, 60, 144]) {
      let head = playing({ framesPerSecond: 10 })
      for (let tick = 0; tick < screenRate * 5; tick++) head = advance(head, 1 / screenRate, always).head
      expect(Math.abs(head.position - 50)).toBeLessThanOrEqual(1)
    }
  })

  it.each([60, 120])(
    'goes on evenly at %s frames a second on a screen that is not quite even',
    (framesPerSecond) => {
      let random = 1
      const noise = () => (random = (random * 16807) % 2147483647) / 2147483647 - 0.5
      for (const screenRate of [59.94, 60, 60.3]) {
        let head = playing({ framesPerSecond, count: 5000 })
        let [uneven, atMs, before] = [0, 0, 0]
        for (let tick = 1; tick <= 1200; tick++) {
          const now = tick / screenRate + 0.004 * noise()
          const next = advance(head, now - before, always)
          if (next.head.position - head.position !== framesPerSecond / 60) uneven++
          ;[head, before, atMs] = [next.head, now, now]
        }
        // What the screen is slower or faster in twenty seconds, and no more.
        expect(uneven).toBeLessThanOrEqual(
          Math.ceil(20 * Math.abs(screenRate - 60) * (framesPerSecond / 60)) + 1,
        )
        expect(Math.abs(head.position - atMs * framesPerSecond)).toBeLessThanOrEqual(2)
      }
    },
  )

  it.each([
    [0.1, 1],
    [0.5, 5],
    [8, 80],
  ])('plays at %s times the rate', (speed, frames) => {
    let head = playing({ speed, framesPerSecond: 10 })
    for (let tick = 0; tick < 640; tick++) head = advance(head, 1 / 640, always).head
    expect(Math.abs(head.position - frames)).toBeLessThanOrEqual(1)
  })

  it('wraps inside a loop and never leaves it', () => {
    let head: Playhead = { ...playing({ framesPerSecond: 60 }), loop: [20, 25], position: 20 }
    const seen = new Set<number>()
    for (let tick = 0; tick < 30; tick++) {
      head = advance(head, 1 / 60, always).head
      seen.add(head.position)
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([20, 21, 22, 23, 24, 25])
    expect(ahead({ ...head, position: 25 }, 1).position).toBe(20)
    expect(ahead({ ...head, position: 20, direction: -1 }, 1).position).toBe(25)
  })

  it('stops on the last frame when nothing repeats', () => {
    const { head } = advance(playing({ position: 98, isLooping: false, framesPerSecond: 10 }), 0.5, always)
    expect(head).toMatchObject({ position: 99, isPlaying: false })
    expect(togglePlay(head)).toMatchObject({ position: 0, isPlaying: true })
  })

  it('waits for pictures instead of running away, and counts frames it left out', () => {
    const none = advance(playing({ framesPerSecond: 10 }), 1, () => false)
    expect(none.head.position).toBe(0)
    const some = advance(playing({ framesPerSecond: 10 }), 0.5, (position) => position <= 3)
    expect(some).toMatchObject({ head: { position: 3 }, dropped: 2 })
    // What was waited for is shown at the next tick, not a burst of frames later.
    expect(advance(none.head, 0.001, always).head.position).toBe(1)
  })

  it('keeps its speed where only some frames come in time', () => {
    let head = playing({ framesPerSecond: 30 })
    let dropped = 0
    for (let tick = 0; tick < 120; tick++) {
      const next = advance(head, 1 / 60, (position) => position % 4 === 0, 4)
      head = next.head
      dropped += next.dropped
    }
    expect(head.position).toBe(60)
    expect(dropped).toBe(45)
  })

  it('takes a loop away when it would hold one frame', () => {
    expect(setLoop(newPlayhead(10), [4, 4]).loop).toBeUndefined()
    expect(setLoop(newPlayhead(10), [7, 2]).loop).toEqual([2, 7])
    expect(setLoop(newPlayhead(10), [-3, 40]).loop).toEqual([0, 9])
  })

  it('goes through the list of speeds and stays at its ends', () => {
    expect(changeSpeed(newPlayhead(2), 1).speed).toBe(2)
    expect(changeSpeed({ ...newPlayhead(2), speed: 0.1 }, -1).speed).toBe(0.1)
    expect(changeSpeed({ ...newPlayhead(2), speed: 8 }, 1).speed).toBe(8)
  })

  it('finds tracks, and goes to the start of this one before the previous', () => {
    const starts = [0, 10, 30]
    expect(trackAt(starts, 50, 29)).toEqual({ index: 1, from: 10, to: 29 })
    expect(trackAt(starts, 50, 49)).toEqual({ index: 2, from: 30, to: 49 })
    expect(neighbourTrack(starts, 50, 15, -1)).toBe(10)
    expect(neighbourTrack(starts, 50, 10, -1)).toBe(0)
    expect(neighbourTrack(starts, 50, 15, 1)).toBe(30)
    expect(neighbourTrack(starts, 50, 35, 1)).toBe(35)
  })
})
