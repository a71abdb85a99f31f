import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../../../src/main/core/ffmpeg/findFfmpeg.ts'
import {
  colourAt,
  counterFrame,
  decode,
  installedFfmpeg,
  make,
  range,
  readCounter,
  temporaryFolder,
  writeCounterFrames,
} from './counterFrames.ts'

// The old build inside npm and, where there is another one, the machine's own: both must understand our arguments.
const usual = (await findFfmpeg()).path
const builds =
  usual === installedFfmpeg
    ? [['npm', installedFfmpeg]]
    : [
        ['npm', installedFfmpeg],
        ['usual', usual],
      ]

const colours = [
  [0, 0, 0],
  [255, 255, 255],
  [128, 128, 128],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
  [200, 100, 50],
  [17, 200, 90],
  [250, 128, 114],
]
const patch = 40

/** Four by three patches of known colours, and below them the number of the frame. */
async function writePatches(dir: string): Promise<void> {
  await mkdir(dir)
  const size = { width: 160, height: 240 }
  for (const n of numbers) {
    const counter = await sharp(await counterFrame(n))
      .raw()
      .toBuffer()
    const data = Buffer.alloc(size.width * size.height * 3)
    for (let y = 0, at = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++, at += 3) {
        if (y < 120) counter.copy(data, at, (y * 160 + x) * 3, (y * 160 + x) * 3 + 3)
        else data.set(colours[Math.floor((y - 120) / patch) * 4 + Math.floor(x / patch)], at)
      }
    }
    const png = sharp(data, { raw: { ...size, channels: 3 } }).png({ compressionLevel: 1 })
    await writeFile(join(dir, `file_num1_frame_${n}.png`), await png.toBuffer())
  }
}

const numbers = range(5, 14)

describe.each(builds)('with the %s ffmpeg', (_, ffmpeg) => {
  const environment = { FFMPEG_PATH: ffmpeg }

  it.each([
    ['mp4', 'draft', 2, /h264.*yuv420p\(tv, bt709/],
    ['mp4', 'good', 2, /h264.*yuv420p\(tv, bt709/],
    ['mp4', 'archive', 2, /h264.*yuv420p\(tv, bt709/],
    ['webm', 'good', 2, /vp9.*yuv420p\(tv, bt709/],
    ['mkv', 'good', 0, /ffv1/],
    ['gif', 'good', 2, /gif/],
  ] as const)(
    '%s %s keeps colours within %i levels, every frame, order and rate',
    async (format, preset, tolerance, codec) => {
      const folder = await temporaryFolder()
      await writePatches(join(folder, 'pred'))
      const request = { predictionDir: 'pred', format, preset, fps: 12.5, drawText: false }
      const { clips } = await make(folder, request, { environment })
      expect(clips[0]).toMatchObject({ frames: 10, fps: 12.5, durationSeconds: 0.8, width: 160, height: 240 })
      const clip = decode(clips[0].file, usual)
      expect(clip.about).toMatch(codec)
      expect(clip.about).toMatch(/12\.50? fps/)
      expect(clip.about).toContain('Duration: 00:00:00.80')
      expect(clip.frames.map((rgb) => readCounter(rgb, 160))).toEqual(numbers)
      for (const [index, colour] of colours.entries()) {
        const [x, y] = [(index % 4) * patch + patch / 2, 120 + Math.floor(index / 4) * patch + patch / 2]
        const worst = Math.max(
          ...colourAt(clip, clip.frames[3], x, y).map((value, c) => Math.abs(value - colour[c])),
        )
        expect(worst, `patch ${colour.join()}`).toBeLessThanOrEqual(tolerance)
      }
    },
  )

  it('webp has every frame in order at the right rate', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 12))
    const { clips } = await make(
      folder,
      { predictionDir: 'pred', format: 'webp', fps: 12.5 },
      { environment },
    )
    const { pages, delay, loop } = await sharp(clips[0].file, { animated: true }).metadata()
    expect({ pages, loop }).toEqual({ pages: 12, loop: 0 })
    expect(delay?.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 80))
    for (const page of [0, 5, 11]) {
      const rgb = await sharp(clips[0].file, { page }).removeAlpha().raw().toBuffer()
      expect(readCounter(rgb, 160)).toBe(page + 1)
    }
  })
})

describe('findFfmpeg', () => {
  it('prefers FFMPEG_PATH, then the system, then the one inside npm', async () => {
    expect(await findFfmpeg({ FFMPEG_PATH: installedFfmpeg })).toMatchObject({
      path: installedFfmpeg,
      source: 'FFMPEG_PATH',
    })
    const { source, encoders, version } = await findFfmpeg({ PATH: '' })
    expect(['ffmpeg-static', '@ffmpeg-installer/ffmpeg']).toContain(source)
    expect(encoders.has('libx264')).toBe(true)
    expect(version).not.toBe('')
  })

  it('does not pass over a FFMPEG_PATH that does not work', async () => {
    const wrong = { code: 'missing-program', message: expect.stringContaining('FFMPEG_PATH') as unknown }
    await expect(findFfmpeg({ FFMPEG_PATH: '/no/such/ffmpeg' })).rejects.toMatchObject(wrong)
    await expect(findFfmpeg({ FFMPEG_PATH: process.execPath })).rejects.toMatchObject(wrong)
  })
})
