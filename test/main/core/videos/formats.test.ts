import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../../../src/main/core/ffmpeg/findFfmpeg.ts'
import {
  colourAt,
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

/** Four by three patches of known colours. */
async function writePatches(dir: string): Promise<void> {
  await mkdir(dir)
  const data = Buffer.alloc(4 * patch * 3 * patch * 3)
  for (let y = 0, at = 0; y < 3 * patch; y++) {
    for (let x = 0; x < 4 * patch; x++, at += 3)
      data.set(colours[Math.floor(y / patch) * 4 + Math.floor(x / patch)], at)
  }
  const png = await sharp(data, { raw: { width: 4 * patch, height: 3 * patch, channels: 3 } })
    .png()
    .toBuffer()
  for (const n of range(1, 5)) await writeFile(join(dir, `file_num1_frame_${n}.png`), png)
}

describe.each(builds)('with the %s ffmpeg', (_, ffmpeg) => {
  const environment = { FFMPEG_PATH: ffmpeg }

  it.each([
    ['mp4', 'draft', 2],
    ['mp4', 'good', 2],
    ['mp4', 'archive', 2],
    ['webm', 'good', 2],
    ['mkv', 'good', 0],
    ['gif', 'good', 2],
  ] as const)('%s %s keeps known colours', async (format, preset, tolerance) => {
    const folder = await temporaryFolder()
    await writePatches(join(folder, 'pred'))
    const request = { predictionDir: 'pred', format, preset, minFrames: 5, drawText: false }
    const { clips } = await make(folder, request, { environment })
    const clip = decode(clips[0].file, usual)
    expect(clip.frames).toHaveLength(5)
    for (const [index, colour] of colours.entries()) {
      const [x, y] = [(index % 4) * patch + patch / 2, Math.floor(index / 4) * patch + patch / 2]
      const worst = Math.max(
        ...colourAt(clip, clip.frames[3], x, y).map((value, c) => Math.abs(value - colour[c])),
      )
      expect(worst, `patch ${colour.join()}`).toBeLessThanOrEqual(tolerance)
    }
    if (format === 'mp4') expect(clip.about).toMatch(/h264.*yuv420p\(tv, bt709/)
    if (format === 'webm') expect(clip.about).toMatch(/vp9.*yuv420p\(tv, bt709/)
    if (format === 'mkv') expect(clip.about).toMatch(/ffv1/)
  })

  it.each(['webm', 'mkv', 'gif'] as const)(
    '%s has every frame in order at the right rate',
    async (format) => {
      const folder = await temporaryFolder()
      await writeCounterFrames(join(folder, 'pred'), 1, range(1, 12))
      const { clips } = await make(folder, { predictionDir: 'pred', format, fps: 12.5 }, { environment })
      expect(clips[0]).toMatchObject({ frames: 12, fps: 12.5, durationSeconds: 0.96 })
      const clip = decode(clips[0].file, usual)
      expect(clip.frames.map((rgb) => readCounter(rgb, 160))).toEqual(range(1, 12))
      expect(clip.about).toMatch(/12\.50? fps/)
      expect(clip.about).toContain('Duration: 00:00:00.96')
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
