import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  colourAt,
  decode,
  make,
  range,
  readCounter,
  temporaryFolder,
  writeCounterFrames,
} from './counterFrames.ts'

async function writeFlat(dir: string, colour: string, size = { width: 160, height: 120 }): Promise<void> {
  await mkdir(dir, { recursive: true })
  const png = await sharp({ create: { ...size, channels: 3, background: colour } })
    .png()
    .toBuffer()
  for (const n of range(1, 6)) await writeFile(join(dir, `file_num1_frame_${n}.png`), png)
}

describe('layouts', () => {
  it('diff shows the absolute difference, amplified and clipped, in a third panel', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'pred'), 'rgb(100, 60, 200)')
    await writeFlat(join(folder, 'gt'), 'rgb(90, 80, 100)')
    const { clips } = await make(folder, {
      predictionDir: 'pred',
      referenceDir: 'gt',
      layout: 'diff',
      minFrames: 2,
    })
    expect(clips[0]).toMatchObject({
      width: 500,
      height: 120,
      file: join(folder, 'out', 'diff_file1_f1_to_f6.mp4'),
    })
    const clip = decode(clips[0].file)
    const [r, g, b] = colourAt(clip, clip.frames[2], 420, 60)
    expect(Math.abs(r - 40)).toBeLessThan(3)
    expect(Math.abs(g - 80)).toBeLessThan(3)
    expect(b).toBeGreaterThan(251)
  })

  it.each(['draft', 'good', 'archive'] as const)(
    'keep colours within two levels in every panel (%s), each where it belongs',
    async (preset) => {
      const folder = await temporaryFolder()
      const map = join(folder, 'data/preprocessed_data/de_open')
      const colours = {
        prediction: [200, 100, 50],
        reference: [17, 200, 90],
        b: [250, 128, 114],
        c: [0, 0, 255],
        radar: [40, 44, 160],
      }
      const rgb = ([r, g, b]: number[]) => `rgb(${r}, ${g}, ${b})`
      await writeFlat(join(folder, 'de_open'), rgb(colours.prediction))
      await writeFlat(join(map, 'imgs'), rgb(colours.reference))
      await writeFlat(join(folder, 'b'), rgb(colours.b))
      await writeFlat(join(folder, 'c'), rgb(colours.c))
      await mkdir(join(map, 'splits_20000_5000'))
      await writeFile(
        join(map, 'splits_20000_5000/test_split.json'),
        JSON.stringify([{ x: 900, y: 900, angle_h: 0, file_frame: 'file_num1_frame_1' }]),
      )
      const radar = sharp({
        create: { width: 256, height: 256, channels: 3, background: rgb(colours.radar) },
      })
      await writeFile(join(map, 'de_open_radar_psd.png'), await radar.png().toBuffer())
      const difference = colours.prediction.map((value, c) => 2 * Math.abs(value - colours.reference[c]))
      const expected = {
        single: [colours.prediction],
        pair: [colours.prediction, colours.reference],
        diff: [colours.prediction, colours.reference, difference.map((value) => Math.min(255, value))],
        runs: [colours.prediction, colours.b, colours.c, colours.reference],
        'three-column': [colours.reference, colours.prediction, colours.radar],
      }
      for (const [layout, panels] of Object.entries(expected)) {
        const { clips } = await make(folder, {
          predictionDir: 'de_open',
          referenceDir: 'data/preprocessed_data/de_open/imgs',
          otherDirs: layout === 'runs' ? ['b', 'c'] : [],
          layout: layout as keyof typeof expected,
          ...{ preset, minFrames: 2, amplify: 2, drawText: false },
        })
        const clip = decode(clips[0].file)
        for (const [index, colour] of panels.entries()) {
          const shown = colourAt(clip, clip.frames[3], index * 170 + 40, 40)
          const worst = Math.max(...shown.map((value, c) => Math.abs(value - colour[c])))
          expect(worst, `${layout}, panel ${index + 1}`).toBeLessThanOrEqual(2)
        }
      }
    },
  )

  it('diff compares on the grid of the prediction where proportions differ, not with black bars', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'pred'), 'rgb(100, 60, 200)', { width: 120, height: 120 })
    await writeFlat(join(folder, 'gt'), 'rgb(90, 60, 200)', { width: 320, height: 180 })
    const request = { predictionDir: 'pred', referenceDir: 'gt', layout: 'diff' as const, drawText: false }
    const { clips } = await make(folder, { ...request, minFrames: 2 })
    const clip = decode(clips[0].file)
    const [reference, difference] = [130, 260]
    // The ground truth is fitted: black above it. The difference is the same everywhere.
    expect(Math.max(...colourAt(clip, clip.frames[2], reference + 60, 10))).toBeLessThan(12)
    for (const y of [10, 60, 110]) {
      const [r, g, b] = colourAt(clip, clip.frames[2], difference + 60, y)
      expect(Math.abs(r - 40)).toBeLessThan(4)
      expect(Math.max(g, b)).toBeLessThan(12)
    }
  })

  it('runs puts up to four runs and the ground truth side by side, each with its own frames', async () => {
    const folder = await temporaryFolder()
    const run = (name: string) => `outputs_eval/${name}/test_1/gen_imgs/de_x`
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
      await writeCounterFrames(join(folder, run(name)), 1, range(1, 4), 100 * (index + 1))
    await writeCounterFrames(join(folder, 'gt'), 1, range(1, 4), 1000)
    const { clips } = await make(folder, {
      predictionDir: run('a'),
      otherDirs: [run('b'), run('c'), run('d')],
      referenceDir: 'gt',
      minFrames: 2,
    })
    expect(clips[0]).toMatchObject({
      width: 5 * 160 + 40,
      file: join(folder, 'out', 'runs_file1_f1_to_f4.mp4'),
    })
    const { frames } = decode(clips[0].file)
    const counters = [0, 1, 2, 3, 4].map((panel) => readCounter(frames[2], 840, panel * 170))
    expect(counters).toEqual([103, 203, 303, 403, 1003])
  })

  it('three-column shows ground truth, prediction, and the radar with the way so far and the pose', async () => {
    const folder = await temporaryFolder()
    const map = join(folder, 'data/preprocessed_data/de_open')
    await writeCounterFrames(join(folder, 'de_open'), 4, range(1, 8))
    await writeCounterFrames(join(map, 'imgs'), 4, range(1, 8), 500)
    await mkdir(join(map, 'splits_20000_5000'))
    const poses = range(1, 8).map((n) => ({
      x: 100 * n,
      y: 512,
      z: 0,
      angle_h: 0,
      angle_v: 1.57,
      map: 'de_open',
      file_frame: `file_num4_frame_${n}`,
    }))
    // Python writes NaN bare; a pose that is not a number is no pose.
    const text = JSON.stringify(poses).replace('"x":300', '"x":NaN')
    await writeFile(join(map, 'splits_20000_5000/test_split.json'), text)
    const blue = await sharp({
      create: { width: 2048, height: 2048, channels: 3, background: 'rgb(20, 30, 90)' },
    })
      .png()
      .toBuffer()
    await writeFile(join(map, 'de_open_radar_psd.png'), blue)
    const { clips, warnings } = await make(folder, {
      predictionDir: 'de_open',
      referenceDir: 'data/preprocessed_data/de_open/imgs',
      layout: 'three-column',
      minFrames: 2,
      preset: 'archive',
    })
    expect(warnings).toEqual([])
    expect(clips[0].file).toBe(join(folder, 'out', 'three_column_video_de_open_file4_f1_to_f8.mp4'))
    expect(clips[0]).toMatchObject({ width: 160 + 10 + 160 + 10 + 120, height: 120 })
    const clip = decode(clips[0].file)
    expect(clip.frames.map((rgb) => readCounter(rgb, 460))).toEqual(range(501, 508))
    expect(clip.frames.map((rgb) => readCounter(rgb, 460, 170))).toEqual(range(1, 8))
    // Radar units are 1024 over 120 pixels: frame 6 stands at x 600, the way behind it is green, ahead is bare radar.
    const last = clip.frames[5]
    const pixel = (unitsX: number, unitsY = 512) => {
      const at = (Math.round((unitsY * 120) / 1024) * 460 + 340 + Math.round((unitsX * 120) / 1024)) * 3
      return [...last.subarray(at, at + 3)]
    }
    const [red, green, blueOf] = pixel(600)
    expect(red - Math.max(green, blueOf)).toBeGreaterThan(40)
    const trail = pixel(450)
    const ahead = pixel(900)
    expect(trail[1] - ahead[1]).toBeGreaterThan(60)
    expect(Math.abs(ahead[0] - 20) + Math.abs(ahead[1] - 30) + Math.abs(ahead[2] - 90)).toBeLessThan(12)
    // Looking east: brighter before the point than behind it, where nothing was walked yet at this height.
    expect(pixel(650)[0]).toBeGreaterThan(pixel(600, 600)[0] + 15)
  })

  it('three-column without poses names the folder it looked in', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'de_open'), '#888888')
    await writeFlat(join(folder, 'gt/de_open/imgs'), '#888888')
    const request = {
      predictionDir: 'de_open',
      referenceDir: 'gt/de_open/imgs',
      layout: 'three-column' as const,
      minFrames: 2,
    }
    await expect(make(folder, request)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('splits_20000_5000') as unknown,
    })
  })

  it('burns in scores on request, on the prediction', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'pred'), '#404040')
    const request = { predictionDir: 'pred', scores: ['PSNR'], minFrames: 2, preset: 'archive' as const }
    const scores = new Map([['file_num1_frame_3', [{ name: 'PSNR', value: 24.153 }]]])
    const { clips, warnings } = await make(folder, request, { frameScores: () => scores })
    expect(warnings).toEqual([])
    const { frames } = decode(clips[0].file)
    const brightest = (rgb: Uint8Array) => Math.max(...rgb.subarray(160 * 90 * 3))
    expect(brightest(frames[2])).toBeGreaterThan(180)
    expect(brightest(frames[1])).toBeLessThan(90)
  })

  it('burns in the scores of each run on its own panel', async () => {
    const folder = await temporaryFolder()
    for (const name of ['pred', 'other', 'third']) await writeFlat(join(folder, name), '#404040')
    const scoresOf = (dir: string) =>
      dir.endsWith('third') ? new Map() : new Map([['file_num1_frame_3', [{ name: 'PSNR', value: 20 }]]])
    const { clips, warnings } = await make(
      folder,
      {
        ...{ predictionDir: 'pred', otherDirs: ['other', 'third'], scores: ['PSNR'] },
        ...{ minFrames: 2, preset: 'archive' as const },
      },
      { frameScores: scoresOf },
    )
    expect(warnings.join()).toContain(join(folder, 'third'))
    const clip = decode(clips[0].file)
    // Scores stand above the frame number in the first panel, alone in the others.
    const brightest = (frame: number, panel: number, top: number, bottom: number) => {
      let most = 0
      for (let y = top; y < bottom; y++)
        for (let x = panel * 170; x < panel * 170 + 160; x++)
          most = Math.max(most, clip.frames[frame][(y * 500 + x) * 3])
      return most
    }
    expect(brightest(2, 0, 72, 94)).toBeGreaterThan(180)
    expect(brightest(1, 0, 72, 94)).toBeLessThan(90)
    expect(brightest(2, 1, 96, 120)).toBeGreaterThan(180)
    expect(brightest(1, 1, 96, 120)).toBeLessThan(90)
    expect(brightest(2, 2, 96, 120)).toBeLessThan(90)
  })

  it('says when there are no scores to burn in', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'pred'), '#404040')
    const { clips, warnings } = await make(folder, { predictionDir: 'pred', scores: ['PSNR'], minFrames: 2 })
    expect(clips).toHaveLength(1)
    expect(warnings.join()).toContain('parallax benchmark')
  })

  it('makes smaller panels on request, with their proportions kept', async () => {
    const folder = await temporaryFolder()
    await writeFlat(join(folder, 'pred'), '#404040')
    await writeFlat(join(folder, 'gt'), '#808080', { width: 320, height: 240 })
    const { clips } = await make(folder, {
      predictionDir: 'pred',
      referenceDir: 'gt',
      panelWidth: 80,
      minFrames: 2,
    })
    expect(clips[0]).toMatchObject({ width: 170, height: 60 })
  })
})
