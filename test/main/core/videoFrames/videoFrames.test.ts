import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg, passThroughArguments } from '../../../../src/main/core/ffmpeg/findFfmpeg.ts'
import { createVideoFrames } from '../../../../src/main/core/videoFrames/videoFrames.ts'
import { createVideoIndexes, type VideoFile } from '../../../../src/main/core/videoFrames/videoIndexes.ts'
import { temporaryFolder } from '../../../support/frames.ts'
import { numberOf, videoKinds, writeNumberedVideo } from '../../../support/numberedVideo.ts'

const root = temporaryFolder('video-frames')
const frames = 90
const source = { width: 160, height: 96, ground: [40, 90, 140] as [number, number, number] }
const written = new Map<string, VideoFile>()
const indexes = createVideoIndexes(() => findFfmpeg(), join(root, 'index'))
const decoded = createVideoFrames(() => findFfmpeg(), indexes)

async function describeFile(path: string): Promise<VideoFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, size, modifiedMs: mtimeMs }
}

beforeAll(async () => {
  for (const [at, kind] of videoKinds.entries()) {
    const path = join(root, `${at}.${kind.extension}`)
    if (await writeNumberedVideo(path, source, frames, kind)) written.set(kind.name, await describeFile(path))
  }
}, 60_000)

function randomFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('frames of videos', () => {
  it.each(videoKinds.map(({ name }) => name))('are the ones asked for, in any order: %s', async (name) => {
    const file = written.get(name)
    if (!file) return void console.warn(`Skipped: this ffmpeg cannot write ${name}.`)
    const index = await indexes.indexOf(file)
    expect([index.checksums.length, index.width, index.height]).toEqual([frames, 160, 96])
    const random = randomFrom(7)
    // A store that remembers nothing, so that every frame is really sought.
    for (let turn = 0; turn < 12; turn++) {
      const fresh = createVideoFrames(() => findFfmpeg(), indexes)
      const frame = random(frames)
      expect([turn, numberOf(await fresh.frame(file, frame))]).toEqual([turn, frame])
    }
    const all = await Promise.all(Array.from({ length: frames }, (_, frame) => decoded.frame(file, frame)))
    expect(all.map(numberOf)).toEqual(all.map((_, frame) => frame))
  })

  it('are exactly the stored pixels where the codec loses nothing', async () => {
    const file = written.get('FFV1')
    if (!file) return void console.warn('Skipped: this ffmpeg cannot write FFV1.')
    const { numberedPixels } = await import('../../../support/numberedFrames.ts')
    const { data } = await decoded.frame(file, 41)
    expect(Buffer.compare(Buffer.from(data), Buffer.from(numberedPixels(source, 41)))).toBe(0)
  })

  it('beyond the end are refused, and so is a file that is no video', async () => {
    const file = [...written.values()][0]
    await expect(decoded.frame(file, frames)).rejects.toMatchObject({ code: 'not-found' })
    const path = join(root, 'words.mp4')
    await writeFile(path, 'not a video')
    await expect(decoded.frame(await describeFile(path), 0)).rejects.toMatchObject({ code: 'unreadable' })
  })

  it('that nobody waits for any more are given up, and can be asked for again', async () => {
    const file = [...written.values()][0]
    const fresh = createVideoFrames(() => findFfmpeg(), indexes)
    const stop = new AbortController()
    const asked = fresh.frame(file, 70, stop.signal)
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
    expect(numberOf(await fresh.frame(file, 70))).toBe(70)
  })
})

describe('the option that passes frames through', () => {
  it.each([
    ['4.4.1-0ubuntu', '-vsync'],
    ['5.0', '-vsync'],
    ['5.1.9-0+deb12u1', '-fps_mode'],
    ['7.1', '-fps_mode'],
    ['N-112233-gabcdef', '-fps_mode'],
    ['n4.3', '-vsync'],
  ])('of ffmpeg %s is %s', (version, option) => {
    expect(passThroughArguments(version)[0]).toBe(option)
  })
})
