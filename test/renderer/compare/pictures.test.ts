import { describe, expect, it } from 'vitest'
import { differencePixels } from '../../../src/renderer/src/features/compare/pictures/difference.ts'
import { mapPixels, mapRanges } from '../../../src/renderer/src/features/compare/pictures/mapColors.ts'
import { movingScale } from '../../../src/renderer/src/features/compare/pictures/movingPictures.ts'
import { createPictureCache } from '../../../src/renderer/src/features/compare/pictures/pictureCache.ts'
import { measureLink } from '../../../src/renderer/src/features/compare/pictures/linkSpeed.ts'
import {
  followHand,
  keepPace,
  positionsForHand,
  positionsWanted,
} from '../../../src/renderer/src/features/compare/pictures/prefetch.ts'
import {
  histogramOf,
  meansOf,
  waveformOf,
} from '../../../src/renderer/src/features/compare/pictures/statistics.ts'
import { fitView } from '../../../src/renderer/src/features/compare/stage/view.ts'
import { newPlayhead } from '../../../src/renderer/src/features/compare/playback/playhead.ts'

const pixels = (...values: number[]) => Uint8ClampedArray.from(values)

describe('difference pictures', () => {
  const a = pixels(10, 100, 200, 255, 0, 0, 0, 255)
  const b = pixels(13, 90, 200, 255, 255, 255, 255, 255)

  it('is black where pictures are equal, with any gain and channel', () => {
    for (const channel of ['all', 'red', 'green', 'blue', 'mean'] as const)
      expect([...differencePixels(a, a, { kind: 'absolute', gain: 32, channel })]).toEqual([
        0, 0, 0, 255, 0, 0, 0, 255,
      ])
  })

  it('multiplies the absolute difference and stops at white', () => {
    expect([...differencePixels(a, b, { kind: 'absolute', gain: 4, channel: 'all' })]).toEqual([
      12, 40, 0, 255, 255, 255, 255, 255,
    ])
  })

  it('is mid grey where equal when signed, brighter where B is brighter', () => {
    expect([...differencePixels(a, b, { kind: 'signed', gain: 2, channel: 'all' })]).toEqual([
      131, 118, 128, 255, 255, 255, 255, 255,
    ])
    expect(differencePixels(a, b, { kind: 'signed', gain: 2, channel: 'green' })[0]).toBe(118)
  })

  it('shows one channel, or the mean of three, as grey', () => {
    expect([...differencePixels(a, b, { kind: 'absolute', gain: 1, channel: 'green' }).slice(0, 4)]).toEqual([
      10, 10, 10, 255,
    ])
    expect(differencePixels(a, b, { kind: 'absolute', gain: 3, channel: 'mean' })[0]).toBe(13)
  })

  it('has no pixel where either picture has none', () => {
    expect(
      [
        ...differencePixels(a, pixels(1, 2, 3, 0, 4, 5, 6, 255), {
          kind: 'absolute',
          gain: 1,
          channel: 'all',
        }),
      ].slice(0, 4),
    ).toEqual([0, 0, 0, 0])
  })
})

describe('colours of metric maps', () => {
  it('are bright where the picture is good, in both directions', () => {
    const brightness = (rgba: Uint8ClampedArray, at: number) =>
      rgba[at * 4] + rgba[at * 4 + 1] + rgba[at * 4 + 2]
    const ssim = mapPixels(Float32Array.from([0.1, 0.9]), mapRanges.ssim)
    expect(brightness(ssim, 1)).toBeGreaterThan(brightness(ssim, 0))
    const lpips = mapPixels(Float32Array.from([0.7, 0.05]), mapRanges.lpips)
    expect(brightness(lpips, 1)).toBeGreaterThan(brightness(lpips, 0))
    expect([...mapPixels(Float32Array.from([1]), mapRanges.ssim)]).toEqual([0xfd, 0xe7, 0x25, 255])
  })
})

describe('statistics of a selection', () => {
  const size = { width: 2, height: 2 }
  const rgba = pixels(0, 10, 20, 255, 2, 10, 20, 255, 4, 10, 20, 255, 255, 255, 255, 255)

  it('counts levels inside the selection only', () => {
    const [red, green] = histogramOf(rgba, size, { x: 0, y: 0, width: 1, height: 2 })
    expect([red[0], red[4], red[2], green[10]]).toEqual([1, 1, 0, 2])
  })

  it('gives mean and deviation per channel', () => {
    const { mean, deviation } = meansOf(rgba, size, { x: 0, y: 0, width: 2, height: 1 })
    expect(mean).toEqual([1, 10, 20])
    expect(deviation).toEqual([1, 0, 0])
  })

  it('puts white at the top of its waveform column', () => {
    const counts = waveformOf(rgba, size, { x: 0, y: 0, width: 2, height: 2 }, 2)
    expect(counts[256 + 255]).toBe(1)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4)
  })
})

describe('prefetch', () => {
  const reach = (forward: number, backward: number, stride = 1) => ({ forward, backward, stride })

  it('asks for the present frame first, then those to come, with some behind', () => {
    const head = { ...newPlayhead(100, 50) }
    expect(positionsWanted(head, reach(4, 2))).toEqual([50, 51, 49, 52, 48, 53, 54])
    expect(positionsWanted({ ...head, direction: -1 }, reach(3, 0))).toEqual([50, 49, 48, 47])
  })

  it('follows a loop around its end', () => {
    expect(positionsWanted({ ...newPlayhead(100, 19), loop: [10, 20] }, reach(3, 0))).toEqual([
      19, 20, 10, 11,
    ])
  })

  it('names no frame twice and none outside', () => {
    const wanted = positionsWanted(newPlayhead(3, 1), reach(40, 40))
    expect(wanted).toHaveLength(new Set(wanted).size)
    expect(wanted.every((position) => position >= 0 && position < 3)).toBe(true)
  })

  it('keeps to the same frames while playing with a stride, in both directions', () => {
    const playing = { ...newPlayhead(100, 50), isPlaying: true }
    expect(positionsWanted(playing, reach(3, 0, 4))).toEqual([50, 52, 56, 60])
    expect(positionsWanted({ ...playing, position: 53 }, reach(2, 0, 4))).toEqual([53, 56, 60])
    expect(positionsWanted({ ...playing, direction: -1 }, reach(3, 0, 4))).toEqual([50, 48, 44, 40])
  })
})

describe('a hand on the timeline', () => {
  it('moves as fast as it did, until it rests', () => {
    const hand = followHand()
    const still = { isMoving: false, framesPerSecond: 0, direction: 1 }
    expect(hand(10, 0)).toEqual(still)
    expect(hand(18, 20)).toEqual({ isMoving: true, framesPerSecond: 400, direction: 1 })
    expect(hand(22, 40)).toEqual({ isMoving: true, framesPerSecond: 400 * 0.6 + 200 * 0.4, direction: 1 })
    expect(hand(20, 60)).toEqual({ isMoving: true, framesPerSecond: 100, direction: -1 })
    expect(hand(20, 90)).toEqual({ isMoving: true, framesPerSecond: 100, direction: -1 })
    expect(hand(20, 1000)).toEqual(still)
    expect(hand(13, 1001)).toEqual(still)
  })

  it('gets what it will come to before what it will have passed', () => {
    const motion = { isMoving: true, framesPerSecond: 50, direction: 1 as const }
    const positions = positionsForHand(newPlayhead(100, 20), motion, 100)
    expect(positions.slice(0, 3)).toEqual([26, 27, 28])
    expect(positions.slice(-6)).toEqual([20, 21, 22, 23, 24, 25])
    const back = positionsForHand(
      newPlayhead(100, 60),
      { ...motion, framesPerSecond: 240, direction: -1 },
      100,
    )
    expect(back.slice(0, 2)).toEqual([32, 28])
  })

  it('does not come around an end', () => {
    const motion = { isMoving: true, framesPerSecond: 10, direction: 1 as const }
    expect(positionsForHand(newPlayhead(100, 97), motion, 100)).toEqual([99, 97, 98])
  })

  it('gets no more than where it is when it jumps from place to place', () => {
    const motion = { isMoving: true, framesPerSecond: 50_000, direction: 1 as const }
    expect(positionsForHand(newPlayhead(100_000, 700), motion, 100)).toEqual([700])
  })
})

describe('a picture that flies past', () => {
  const stage = { width: 1280, height: 720 }
  const look = { stage, view: fitView, alignment: 'stretch' as const }

  it('is decoded as coarsely as its pane can show it', () => {
    const scaleIn = (width: number, own = stage) =>
      movingScale({ ...look, pane: { width, height: (width / 16) * 9 } }, own)
    expect([1280, 1121, 1120, 640, 561, 560, 100].map((width) => scaleIn(width))).toEqual([
      1, 1, 0.5, 0.5, 0.5, 0.25, 0.25,
    ])
    // A small prediction is enlarged to the stage: none of it can be spared.
    expect(scaleIn(640, { width: 448, height: 448 })).toBe(1)
  })

  it('is decoded whole while its size or the pane is not known, and where it is zoomed in', () => {
    const pane = { width: 640, height: 360 }
    expect(movingScale({ ...look, pane }, undefined)).toBe(1)
    expect(movingScale({ ...look, pane: undefined }, stage)).toBe(1)
    expect(movingScale({ ...look, pane, view: { zoom: 2, x: 0, y: 0 } }, stage)).toBe(1)
  })
})

describe('the pace of playing', () => {
  it('leaves frames out when pictures do not come in time, and takes them in again when they do', () => {
    const pace = keepPace()
    let stride = 1
    for (let ms = 0; ms <= 2000; ms += 100) stride = pace(10, 0, 24, ms)
    expect(stride).toBeGreaterThan(3)
    for (let ms = 2100; ms <= 12_000; ms += 100) stride = pace(10, 24, 24, ms)
    expect(stride).toBe(1)
  })

  it('tries a shorter stride less and less often where it keeps failing', () => {
    const pace = keepPace()
    const shorter: number[] = []
    let stride = 1
    for (let ms = 0; ms <= 60_000; ms += 100) {
      // Every second frame comes in time, and no more.
      const next = pace(10, stride >= 2 ? 24 : 0, 24, ms)
      if (next < stride) shorter.push(ms)
      stride = next
    }
    const pauses = shorter.slice(1).map((ms, index) => ms - shorter[index])
    expect(pauses.length).toBeGreaterThan(2)
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThan(pauses[index])
  })

  it('asks for no more frames than a screen shows', () => {
    expect(keepPace()(480, 24, 24, 0)).toBe(8)
    expect(keepPace()(60, 24, 24, 0)).toBe(1)
    expect(keepPace()(0.1, 24, 24, 0)).toBe(1)
  })
})

describe('the speed of the link', () => {
  it('is known after the first picture, and not mistaken when several share it', () => {
    const link = measureLink()
    expect(link.isSlow()).toBeUndefined()
    // Eight pictures within 200 ms, all under way together.
    for (let at = 0; at < 8; at++) link.note({ fromMs: 1000, toMs: 1025 + at * 25 })
    expect(link.isSlow()).toBe(false)
    expect(link.isQuick()).toBe(true)
  })

  it('may be neither slow nor so quick that pictures come over it which nobody asked for', () => {
    const link = measureLink()
    expect(link.isQuick()).toBe(false)
    for (let at = 0; at < 8; at++) link.note({ fromMs: 1000 + at * 100, toMs: 1090 + at * 100 })
    expect([link.isSlow(), link.isQuick()]).toEqual([false, false])
  })

  it('is slow when a picture alone takes long, and fast again afterwards', () => {
    const link = measureLink()
    link.note({ fromMs: 0, toMs: 900 })
    expect(link.isSlow()).toBe(true)
    expect(link.isQuick()).toBe(false)
    for (let at = 0; at < 30; at++) link.note({ fromMs: 1000 + at * 20, toMs: 1010 + at * 20 })
    expect(link.isSlow()).toBe(false)
  })
})

describe('the picture cache', () => {
  type Waiting = { key: string; finish(): void; fail(): void; signal: AbortSignal }
  const make = (limitBytes: number) => {
    const waiting: Waiting[] = []
    const disposed: string[] = []
    const told: boolean[] = []
    const cache = createPictureCache<string, string>({
      limitBytes,
      concurrency: 2,
      spareConcurrency: 1,
      load: (key, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')))
          waiting.push({
            key,
            signal,
            finish: () => resolve({ picture: key, bytes: 10 }),
            fail: () => reject(new Error('gone')),
          })
        }),
      dispose: (picture) => disposed.push(picture),
      onChange: (isLookedAt) => told.push(isLookedAt),
    })
    const end = (how: 'finish' | 'fail') => async (key: string) => {
      waiting.find((one) => one.key === key)![how]()
      await new Promise((resolve) => setTimeout(resolve))
    }
    const [finish, fail] = [end('finish'), end('fail')]
    const plain = { files: 1, isLookedAt: false, isFinished: false, isSpare: false }
    const want = (keys: string[], rest: Partial<typeof plain> = {}) =>
      cache.want(keys.map((key) => ({ key, task: key, ...plain, ...rest })))
    const asked = () => waiting.map(({ key }) => key)
    return { cache, want, waiting, asked, disposed, finish, fail, told }
  }

  it('loads the most urgent first, a few at a time', async () => {
    const { cache, want, asked, finish } = make(1000)
    want(['a', 'b', 'c'])
    expect(asked()).toEqual(['a', 'b'])
    await finish('a')
    expect(asked()).toEqual(['a', 'b', 'c'])
    expect(cache.peek('a')).toMatchObject({ picture: 'a' })
  })

  it('counts the files that each is made of, and lets go of those that are cancelled', async () => {
    const { want, asked, finish } = make(1000)
    want(['a', 'b'], { files: 2 })
    expect(asked()).toEqual(['a'])
    want(['c', 'd'], { files: 2 })
    expect(asked()).toEqual(['a', 'c'])
    await finish('c')
    expect(asked()).toEqual(['a', 'c', 'd'])
  })

  it('does not let what is looked at wait for others', () => {
    const { want, asked } = make(1000)
    want(['a', 'b'], { isFinished: true })
    want(['c'], { isLookedAt: true })
    expect(asked()).toEqual(['a', 'b', 'c'])
  })

  it('cancels what is no longer wanted, unless it is to be finished', async () => {
    const { cache, want, waiting, finish } = make(1000)
    want(['a', 'b'])
    want(['c'], { isFinished: true })
    expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
    want(['d'])
    expect(waiting[2].signal.aborted).toBe(false)
    await finish('c')
    expect(cache.peek('c')).toMatchObject({ picture: 'c' })
  })

  it('loads what is spare few at a time, and only into two thirds of its room', async () => {
    const { want, asked, finish, disposed } = make(60)
    for (const key of ['seen', 'looked at']) {
      want([key])
      await finish(key)
    }
    want(['looked at', 'a', 'b', 'c', 'd'], { isSpare: true })
    expect(asked().slice(2)).toEqual(['a'])
    for (const key of ['a', 'b', 'c']) await finish(key)
    expect(asked().slice(2)).toEqual(['a', 'b', 'c'])
    // What was seen elsewhere is still there.
    expect(disposed).toEqual([])
  })

  it('does not go on with what is spare where it fails, but with what is looked at', async () => {
    const { want, asked, fail } = make(1000)
    want(['a', 'b', 'c'], { isSpare: true })
    await fail('a')
    expect(asked()).toEqual(['a'])
    want(['a', 'b', 'c'])
    expect(asked()).toEqual(['a', 'b', 'c'])
  })

  it('tells whether what arrives is looked at by now', async () => {
    const { want, finish, told } = make(1000)
    want(['a', 'b'])
    await finish('a')
    want(['b'], { isLookedAt: true })
    await finish('b')
    expect(told).toEqual([false, true])
  })

  it('stays within its bytes and frees the least recently used', async () => {
    const { cache, want, disposed, finish } = make(25)
    for (const key of ['a', 'b', 'c', 'd']) {
      want([key])
      await finish(key)
      expect(cache.bytes).toBeLessThanOrEqual(25)
    }
    expect(disposed).toEqual(['a', 'b'])
    expect(cache.peek('d')).toBeDefined()
  })

  it('goes on loading ahead when it is full of pictures that nobody wants any more', async () => {
    const { cache, want, finish } = make(200)
    const names = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `${from + index}`)
    for (const key of names(0, 20)) {
      want([key])
      await finish(key)
    }
    expect(cache.bytes).toBe(200)
    want(names(100, 18))
    for (const key of names(100, 18)) await finish(key)
    for (const key of names(100, 18)) expect(cache.peek(key)).toBeDefined()
    expect(cache.bytes).toBe(200)
  })

  it('loads no more than fits, and nothing twice', async () => {
    const { want, asked, finish } = make(45)
    const keys = ['a', 'b', 'c', 'd', 'e', 'f']
    want(keys)
    for (const key of keys.slice(0, 4)) await finish(key)
    want(keys)
    expect(asked()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('keeps all that is looked at, however large, and loads it once', async () => {
    const { cache, want, asked, finish } = make(5)
    want(['a', 'b', 'c'], { isLookedAt: true })
    for (const key of ['c', 'b', 'a']) await finish(key)
    want(['a', 'b', 'c'], { isLookedAt: true })
    expect(asked()).toEqual(['a', 'b', 'c'])
    for (const key of ['a', 'b', 'c']) expect(cache.peek(key)).toBeDefined()
  })

  it('keeps the most urgent picture even when it is larger than the limit', async () => {
    const { cache, want, finish } = make(5)
    want(['a', 'b'])
    await finish('b')
    await finish('a')
    expect(cache.peek('a')).toBeDefined()
    expect(cache.peek('b')).toBeUndefined()
  })

  it('keeps a failure with its reason, and asks again only after a while', async () => {
    let [asked, now] = [0, 0]
    const cache = createPictureCache<string, string>({
      limitBytes: 100,
      concurrency: 2,
      spareConcurrency: 1,
      load: () => {
        asked++
        return Promise.reject(new Error('damaged'))
      },
      dispose: () => {},
      onChange: () => {},
      now: () => now,
    })
    const want = async () => {
      cache.want([{ key: 'a', task: 'a', files: 1, isLookedAt: true, isFinished: true, isSpare: false }])
      await new Promise((resolve) => setTimeout(resolve))
    }
    await want()
    await want()
    expect(cache.peek('a')).toMatchObject({ failure: { reason: 'damaged' } })
    expect(asked).toBe(1)
    now = 60_000
    await want()
    expect(asked).toBe(2)
  })
})
