import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  colourAt,
  counterFrame,
  decode,
  frameSize,
  make,
  range,
  readCounter,
  temporaryFolder,
  writeCounterFrames,
} from './counterFrames.ts'

describe('makeVideos', () => {
  it('shows every frame once, in order, prediction left and ground truth right', async () => {
    const folder = await temporaryFolder()
    const numbers = range(95, 133, 2)
    await writeCounterFrames(join(folder, 'pred'), 7, numbers)
    await writeCounterFrames(join(folder, 'gt'), 7, range(90, 140), 2000)
    const { clips, skippedTracks } = await make(folder, { predictionDir: 'pred', referenceDir: 'gt' })
    expect(skippedTracks).toEqual([])
    const file = join(folder, 'out', 'compare_file7_f95_to_f133.mp4')
    expect(clips).toMatchObject([
      { file, frames: 20, fps: 10, width: 330, height: 120, durationSeconds: 2, missing: 0, unreadable: [] },
    ])
    const clip = decode(file)
    expect([clip.width, clip.height]).toEqual([330, 120])
    expect(clip.about).toContain('Duration: 00:00:02.00')
    expect(clip.about).toContain('10 fps')
    expect(clip.frames.map((rgb) => readCounter(rgb, 330))).toEqual(numbers)
    expect(clip.frames.map((rgb) => readCounter(rgb, 330, 170))).toEqual(numbers.map((n) => n + 2000))
    // The divider is black, from top to bottom.
    for (const y of [2, 60, 117])
      expect(Math.max(...clip.frames[9].subarray((y * 330 + 163) * 3, (y * 330 + 167) * 3))).toBeLessThan(12)
  })

  it('cuts tracks as frames_to_video.py does and names the pieces so', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 3, [...range(1, 25), ...range(40, 45), 200])
    await writeCounterFrames(join(folder, 'pred'), 11, range(5, 10))
    const { clips, skippedTracks } = await make(folder, {
      predictionDir: 'pred',
      fps: 5,
      maxDurationSeconds: 2,
      minFrames: 6,
    })
    expect(clips.map(({ file, frames }) => [file.split('/').at(-1), frames])).toEqual([
      ['track_3_f1_to_f10.mp4', 10],
      ['track_3_f11_to_f20.mp4', 10],
      ['track_3_f21_to_f25.mp4', 5],
      ['track_3_f40_to_f45.mp4', 6],
      ['track_11_f5_to_f10.mp4', 6],
    ])
    expect(skippedTracks).toMatchObject([{ track: '3', firstFrame: 200, lastFrame: 200, frames: 1 }])
    expect(decode(clips[1].file).frames.map((rgb) => readCounter(rgb, 160))).toEqual(range(11, 20))
  })

  it('says in the picture where a counterpart is missing, and still shows the prediction', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeCounterFrames(
      join(folder, 'gt'),
      1,
      range(1, 10).filter((n) => n !== 5),
    )
    const { clips } = await make(folder, { predictionDir: 'pred', referenceDir: 'gt' })
    expect(clips[0]).toMatchObject({ frames: 10, missing: 1 })
    const { frames } = decode(clips[0].file)
    expect(frames.map((rgb) => readCounter(rgb, 330))).toEqual(range(1, 10))
    const right = (rgb: Uint8Array) => rgb[(20 * 330 + 300) * 3]
    expect(right(frames[3])).toBeGreaterThan(80)
    expect(right(frames[4])).toBeLessThan(40)
    // Red words in the middle of the panel: some pixel has far more red than blue.
    const middle = [...Array(160).keys()].map((x) => (60 * 330 + 170 + x) * 3)
    expect(middle.some((at) => frames[4][at] - frames[4][at + 2] > 60)).toBe(true)
  })

  it('shows a panel for an unreadable frame in the middle and reports it', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const broken = join(folder, 'pred', 'file_num1_frame_4.png')
    await writeFile(broken, (await readFile(broken)).subarray(0, 200))
    const { clips } = await make(folder, { predictionDir: 'pred' })
    expect(clips[0]).toMatchObject({ frames: 10, unreadable: [broken] })
    const { frames } = decode(clips[0].file)
    expect(frames.map((rgb) => readCounter(rgb, 160))[4]).toBe(5)
    expect(frames).toHaveLength(10)
  })

  it('takes the size of the first readable frame and fits others into it without stretching', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeFile(join(folder, 'pred', 'file_num1_frame_1.png'), 'not a picture')
    const wide = { create: { width: 320, height: 120, channels: 3 as const, background: '#c03030' } }
    await writeFile(join(folder, 'pred', 'file_num1_frame_6.png'), await sharp(wide).png().toBuffer())
    const { clips } = await make(folder, { predictionDir: 'pred', drawText: false })
    expect(clips[0]).toMatchObject(frameSize)
    const rgb = decode(clips[0].file).frames[5]
    const red = (x: number, y: number) => rgb[(y * 160 + x) * 3]
    expect([red(80, 60), red(4, 60), red(155, 60)].every((value) => Math.abs(value - 0xc0) < 6)).toBe(true)
    expect(red(80, 10)).toBeLessThan(12)
    expect(red(80, 110)).toBeLessThan(12)
    const stretched = await make(folder, {
      predictionDir: 'pred',
      drawText: false,
      stretch: true,
      fresh: true,
    })
    expect(decode(stretched.clips[0].file).frames[5][(10 * 160 + 80) * 3]).toBeGreaterThan(180)
  })

  it('pads odd sizes to even ones', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 5))
    for (const n of range(1, 5)) {
      await writeFile(
        join(folder, 'pred', `file_num1_frame_${n}.png`),
        await counterFrame(n, { width: 161, height: 121 }),
      )
    }
    const { clips } = await make(folder, { predictionDir: 'pred', minFrames: 5, drawText: false })
    expect(clips[0]).toMatchObject({ width: 162, height: 122 })
    expect(decode(clips[0].file).frames.map((rgb) => readCounter(rgb, 162))).toEqual(range(1, 5))
  })

  it('makes a clip of a single frame when asked to', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 2, [41])
    const { clips } = await make(folder, { predictionDir: 'pred', minFrames: 1 })
    expect(clips).toMatchObject([
      { file: join(folder, 'out', 'track_2_f41_to_f41.mp4'), frames: 1, durationSeconds: 0.1 },
    ])
    expect(decode(clips[0].file).frames.map((rgb) => readCounter(rgb, 160))).toEqual([41])
  })

  it('keeps a rational rate exactly', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 30))
    const { clips } = await make(folder, { predictionDir: 'pred', fps: '30000/1001' })
    expect(clips[0].fps).toBeCloseTo(29.97, 3)
    expect(clips[0].durationSeconds).toBeCloseTo(1.001, 6)
    const { about, frames } = decode(clips[0].file)
    expect(about).toContain('29.97 fps')
    expect(about).toContain('00:00:01.00')
    expect(frames).toHaveLength(30)
  })

  it('reads numbered frames, one folder being one track, by pattern', async () => {
    const folder = await temporaryFolder()
    for (const [dir, offset] of [
      ['pred/walk', 0],
      ['pred/run', 100],
      ['gt/walk', 1000],
    ] as const) {
      await writeCounterFrames(join(folder, dir), 0, [])
      for (const n of range(0, 50, 10))
        await writeFile(
          join(folder, dir, `${String(n).padStart(4, '0')}.png`),
          await counterFrame(n + offset),
        )
    }
    const { clips } = await make(folder, {
      predictionDir: 'pred',
      referenceDir: 'gt',
      pattern: 'numbered',
      minFrames: 4,
    })
    expect(clips.map(({ file, missing }) => [file.split('/').at(-1), missing])).toEqual([
      ['compare_run_f0_to_f50.mp4', 6],
      ['compare_walk_f0_to_f50.mp4', 0],
    ])
    const walk = decode(clips[1].file)
    expect(walk.frames.map((rgb) => readCounter(rgb, 330))).toEqual(range(0, 50, 10))
    expect(walk.frames.map((rgb) => readCounter(rgb, 330, 170))).toEqual(range(1000, 1050, 10))
  })

  it('writes a file that can start playing before it is loaded, and previews beside the cache', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 12))
    const [clip] = (await make(folder, { predictionDir: 'pred' })).clips
    const bytes = await readFile(clip.file)
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
    expect((await stat(clip.file)).size).toBe(clip.bytes)
    expect(await sharp(clip.poster).metadata()).toMatchObject({ format: 'jpeg', ...frameSize })
    expect(clip.strip).toMatchObject({ tileWidth: 120, tileHeight: 90, frames: range(0, 11) })
    expect(await sharp(clip.strip!.file).metadata()).toMatchObject({ width: 12 * 120, height: 90 })
    const poster = await sharp(clip.poster).raw().toBuffer()
    expect(readCounter(poster, 160)).toBe(7)
    expect(await readdir(join(folder, 'out'))).toEqual(['track_1_f1_to_f12.mp4'])
  })

  it('shows pictures of every kind as they look: 16-bit and grey, CMYK, palette, alpha, turned by EXIF', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'pred'))
    const grey16 = Uint16Array.from({ length: 160 * 120 }, () => 0x9020)
    const flat = (background: string) =>
      sharp({ create: { width: 160, height: 120, channels: 3, background } })
    const [r, g, b] = [180, 60, 40]
    const kinds: [string, Buffer, number[]][] = [
      ['png', await flat(`rgb(${r}, ${g}, ${b})`).png().toBuffer(), [r, g, b]],
      [
        'png',
        await sharp(grey16, { raw: { width: 160, height: 120, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
        [144, 144, 144],
      ],
      ['png', await flat('rgb(77, 77, 77)').toColourspace('b-w').png().toBuffer(), [77, 77, 77]],
      ['png', await flat(`rgb(${r}, ${g}, ${b})`).png({ palette: true }).toBuffer(), [r, g, b]],
      ['png', await flat(`rgb(${r}, ${g}, ${b})`).ensureAlpha(0.2).png().toBuffer(), [r, g, b]],
      ['png', await flat(`rgb(${r}, ${g}, ${b})`).toColourspace('rgb16').png().toBuffer(), [r, g, b]],
      ['jpg', await flat('rgb(120, 120, 120)').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(), []],
      ['webp', await flat(`rgb(${r}, ${g}, ${b})`).webp({ lossless: true }).toBuffer(), [r, g, b]],
    ]
    for (const [index, [extension, bytes]] of kinds.entries())
      await writeFile(join(folder, 'pred', `file_num1_frame_${index + 1}.${extension}`), bytes)
    const { clips } = await make(folder, { predictionDir: 'pred', minFrames: 2, drawText: false })
    expect(clips[0]).toMatchObject({ frames: kinds.length, unreadable: [] })
    const clip = decode(clips[0].file)
    for (const [index, [, , colour]] of kinds.entries()) {
      const shown = colourAt(clip, clip.frames[index], 80, 60)
      for (const [channel, value] of colour.entries())
        expect(Math.abs(shown[channel] - value), `frame ${index + 1}`).toBeLessThanOrEqual(2)
    }
  })

  it('reports progress by frames up to the last one', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeCounterFrames(join(folder, 'pred'), 2, range(1, 10))
    const seen: number[] = []
    await make(
      folder,
      { predictionDir: 'pred' },
      { onProgress: ({ done, total }) => seen.push(total === 20 ? done : NaN) },
    )
    expect(seen).toEqual(range(0, 20))
  })

  const referenceData = process.env.PARALLAX_REFERENCE_DATA
  it.skipIf(referenceData === undefined)(
    'makes the expected clips of the reference frames (needs PARALLAX_REFERENCE_DATA)',
    async () => {
      const folder = await temporaryFolder()
      const frames = join(referenceData ?? '', 'data/frames')
      const request = {
        predictionDir: join(frames, 'pred/de_open_a'),
        referenceDir: join(frames, 'gt/de_open_a/imgs'),
      }
      const { clips, skippedTracks } = await make(folder, request)
      expect(
        clips.map(({ file, frames: count, missing }) => [file.split('/').at(-1), count, missing]),
      ).toEqual([
        ['compare_file3_f7_to_f33.mp4', 14, 0],
        ['compare_file8_f107_to_f131.mp4', 13, 0],
      ])
      expect(skippedTracks).toMatchObject([{ track: '98', frames: 1 }])
      for (const { file, frames: count, width, height } of clips) {
        expect(decode(file)).toMatchObject({ width, height, frames: { length: count } })
      }
    },
  )
})
