import { describe, expect, it } from 'vitest'
import { differencePixels } from '../../../src/renderer/src/features/compare/pictures/difference.ts'
import { mapPixels, mapRanges } from '../../../src/renderer/src/features/compare/pictures/mapColors.ts'
import { createPictureCache } from '../../../src/renderer/src/features/compare/pictures/pictureCache.ts'
import { positionsWanted } from '../../../src/renderer/src/features/compare/pictures/prefetch.ts'
import {
  histogramOf,
  meansOf,
  waveformOf,
} from '../../../src/renderer/src/features/compare/pictures/statistics.ts'
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
  it('asks for the present frame first, then those to come, with some behind', () => {
    const head = { ...newPlayhead(100, 50) }
    expect(positionsWanted(head, 4, 2)).toEqual([50, 51, 49, 52, 48, 53, 54])
    expect(positionsWanted({ ...head, direction: -1 }, 3, 0)).toEqual([50, 49, 48, 47])
  })

  it('follows a loop around its end', () => {
    expect(positionsWanted({ ...newPlayhead(100, 19), loop: [10, 20] }, 3, 0)).toEqual([19, 20, 10, 11])
  })

  it('names no frame twice and none outside', () => {
    const wanted = positionsWanted(newPlayhead(3, 1), 40, 40)
    expect(wanted).toHaveLength(new Set(wanted).size)
    expect(wanted.every((position) => position >= 0 && position < 3)).toBe(true)
  })
})

describe('the picture cache', () => {
  type Waiting = { key: string; finish(): void; signal: AbortSignal }
  const make = (limitBytes: number, needs?: (key: string) => string[]) => {
    const waiting: Waiting[] = []
    const disposed: string[] = []
    const cache = createPictureCache<string>({
      limitBytes,
      concurrency: 2,
      load: (key, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')))
          waiting.push({ key, signal, finish: () => resolve({ picture: key, bytes: 10 }) })
        }),
      dispose: (picture) => disposed.push(picture),
      onChange: () => {},
      ...(needs ? { needs } : {}),
    })
    const finish = async (key: string) => {
      waiting.find((one) => one.key === key)!.finish()
      await new Promise((resolve) => setTimeout(resolve))
    }
    return { cache, waiting, disposed, finish }
  }

  it('loads the most urgent first, a few at a time', async () => {
    const { cache, waiting, finish } = make(1000)
    cache.want(['a', 'b', 'c'])
    expect(waiting.map(({ key }) => key)).toEqual(['a', 'b'])
    await finish('a')
    expect(waiting.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    expect(cache.peek('a')).toMatchObject({ picture: 'a' })
  })

  it('cancels what is no longer wanted', () => {
    const { cache, waiting } = make(1000)
    cache.want(['a', 'b'])
    cache.want(['c'])
    expect(waiting.slice(0, 2).every(({ signal }) => signal.aborted)).toBe(true)
    expect(waiting.at(-1)!.key).toBe('c')
  })

  it('stays within its bytes and frees the least recently used', async () => {
    const { cache, disposed, finish } = make(25)
    for (const key of ['a', 'b', 'c', 'd']) {
      cache.want([key])
      await finish(key)
      expect(cache.bytes).toBeLessThanOrEqual(25)
    }
    expect(disposed).toEqual(['a', 'b'])
    expect(cache.peek('d')).toBeDefined()
  })

  it('keeps the most urgent picture even when it is larger than the limit', async () => {
    const { cache, finish } = make(5)
    cache.want(['a', 'b'])
    await finish('b')
    await finish('a')
    expect(cache.peek('a')).toBeDefined()
    expect(cache.peek('b')).toBeUndefined()
  })

  it('waits with a picture until those it is made of are there', async () => {
    const { cache, waiting, finish } = make(1000, (key) => (key === 'diff' ? ['a', 'b'] : []))
    cache.want(['diff', 'a', 'b'])
    expect(waiting.map(({ key }) => key)).toEqual(['a', 'b'])
    await finish('a')
    expect(waiting).toHaveLength(2)
    await finish('b')
    expect(waiting.at(-1)!.key).toBe('diff')
  })

  it('keeps a failure with its reason and does not ask again', async () => {
    let asked = 0
    const cache = createPictureCache<string>({
      limitBytes: 100,
      concurrency: 2,
      load: () => {
        asked++
        return Promise.reject(new Error('damaged'))
      },
      dispose: () => {},
      onChange: () => {},
    })
    cache.want(['a'])
    await new Promise((resolve) => setTimeout(resolve))
    cache.want(['a'])
    expect(cache.peek('a')).toEqual({ failure: { reason: 'damaged' }, bytes: 64 })
    expect(asked).toBe(1)
  })
})
