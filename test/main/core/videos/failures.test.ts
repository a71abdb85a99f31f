import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  decode,
  installedFfmpeg,
  make,
  range,
  readCounter,
  temporaryFolder,
  writeCounterFrames,
} from './counterFrames.ts'

const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0

/** A program that answers `-encoders` as ffmpeg does and otherwise runs `script` (CommonJS, in Node). */
async function fakeFfmpeg(folder: string, script: string): Promise<string> {
  const file = join(folder, 'ffmpeg-fake')
  const answer = `if (process.argv.includes('-encoders')) { console.error('ffmpeg version fake-1.0'); console.log(' V..... libx264  x'); process.exit(0) }`
  await writeFile(file, `#!${process.execPath}\n${answer}\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

describe('makeVideos when things go wrong', () => {
  it('is cancelled in the middle: ends ffmpeg, keeps finished clips, leaves no half file', async () => {
    const folder = await temporaryFolder()
    for (const recording of [1, 2, 3])
      await writeCounterFrames(join(folder, 'pred'), recording, range(1, recording === 1 ? 10 : 60))
    const controller = new AbortController()
    const making = make(
      folder,
      { predictionDir: 'pred', maxDurationSeconds: 100 },
      { signal: controller.signal, onProgress: ({ done }) => done >= 30 && controller.abort() },
    )
    await expect(making).rejects.toMatchObject({ code: 'cancelled' })
    const left = await readdir(join(folder, 'out'))
    expect(left.filter((name) => name !== 'track_1_f1_to_f10.mp4')).toEqual([])
    for (const name of left) expect(decode(join(folder, 'out', name)).frames).toHaveLength(10)
  })

  it('does nothing when cancelled before it began', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await expect(
      make(folder, { predictionDir: 'pred' }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(join(folder, 'out'))).toEqual([])
  })

  it('finishes the other clips when one fails', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeCounterFrames(join(folder, 'pred'), 2, range(1, 10))
    for (const n of range(1, 10)) await writeFile(join(folder, 'pred', `file_num1_frame_${n}.png`), '')
    // A folder stands where the second clip of recording 3 should go.
    await writeCounterFrames(join(folder, 'pred'), 3, range(1, 10))
    await mkdir(join(folder, 'out', 'track_3_f1_to_f10.mp4', 'x'), { recursive: true })
    const { clips, failedClips } = await make(folder, { predictionDir: 'pred' })
    expect(clips.map(({ file }) => file)).toEqual([join(folder, 'out', 'track_2_f1_to_f10.mp4')])
    expect(failedClips).toHaveLength(2)
    expect(failedClips.find(({ file }) => file.includes('track_1'))?.error).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('None of its 10 frames') as unknown,
    })
    expect((await readdir(join(folder, 'out'))).filter((name) => name.startsWith('.'))).toEqual([])
    expect(decode(clips[0].file).frames.map((rgb) => readCounter(rgb, 160))).toEqual(range(1, 10))
  })

  it('fails with the reason when no clip could be made', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'pred'))
    for (const n of range(1, 10)) await writeFile(join(folder, 'pred', `file_num1_frame_${n}.png`), 'x')
    await expect(make(folder, { predictionDir: 'pred' })).rejects.toMatchObject({ code: 'unreadable' })
  })

  it.skipIf(isWindows)(
    'shows the last lines of an ffmpeg that fails, and keeps what was there before',
    async () => {
      const folder = await temporaryFolder()
      await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
      await mkdir(join(folder, 'out'))
      await writeFile(join(folder, 'out', 'track_1_f1_to_f10.mp4'), 'older clip')
      const path = await fakeFfmpeg(
        folder,
        `console.error('[libx264 @ 0x1] broken on purpose'); process.exit(187)`,
      )
      const making = make(folder, { predictionDir: 'pred' }, { environment: { FFMPEG_PATH: path } })
      await expect(making).rejects.toMatchObject({
        code: 'process-failed',
        message: expect.stringMatching(/exit code 187:\n.*broken on purpose/) as unknown,
      })
      expect(await readdir(join(folder, 'out'))).toEqual(['track_1_f1_to_f10.mp4'])
      expect(await readFile(join(folder, 'out', 'track_1_f1_to_f10.mp4'), 'utf8')).toBe('older clip')
    },
  )

  it.skipIf(isWindows)('names a full disk, though ffmpeg dies in the middle of the stream', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 40))
    const script = `
      require('fs').writeFileSync(process.argv.at(-1), 'half a file')
      process.stdin.once('data', () => { console.error('av_interleaved_write_frame(): No space left on device'); process.exit(1) })`
    const making = make(
      folder,
      { predictionDir: 'pred' },
      { environment: { FFMPEG_PATH: await fakeFfmpeg(folder, script) } },
    )
    await expect(making).rejects.toMatchObject({
      code: 'disk-full',
      hint: expect.stringContaining('Free some space') as unknown,
    })
    expect(await readdir(join(folder, 'out'))).toEqual([])
  })

  it('says how to get ffmpeg when there is none', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const making = make(
      folder,
      { predictionDir: 'pred' },
      { environment: { FFMPEG_PATH: join(folder, 'nothing') } },
    )
    await expect(making).rejects.toMatchObject({
      code: 'missing-program',
      hint: expect.stringContaining('FFMPEG_PATH') as unknown,
    })
  })

  it('refuses a hardware encoder that is not there, with the reason, and falls back only when told to choose', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const environment = { FFMPEG_PATH: installedFfmpeg }
    // The build inside npm knows no VideoToolbox on Linux, and no Quick Sync on a Mac.
    const encoder = process.platform === 'darwin' ? 'qsv' : 'videotoolbox'
    await expect(make(folder, { predictionDir: 'pred', encoder }, { environment })).rejects.toMatchObject({
      code: 'unsupported',
    })
    const { clips } = await make(folder, { predictionDir: 'pred', encoder: 'auto' }, { environment })
    expect(clips[0].encoder).toMatch(/264/)
  })

  it('refuses what contradicts itself before anything is started', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const usage = { code: 'usage' }
    await expect(make(folder, { predictionDir: 'pred', layout: 'pair' })).rejects.toMatchObject(usage)
    await expect(make(folder, { predictionDir: 'pred', layout: 'runs' })).rejects.toMatchObject(usage)
    await expect(make(folder, { predictionDir: 'pred', pattern: 'nonsense' })).rejects.toMatchObject(usage)
    await expect(
      make(folder, { predictionDir: 'pred', format: 'gif', encoder: 'nvenc' }),
    ).rejects.toMatchObject(usage)
    await expect(make(folder, { predictionDir: 'nothing' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(make(folder, { predictionDir: 'pred/file_num1_frame_1.png' })).rejects.toMatchObject(usage)
    expect(await readdir(folder)).toEqual(['pred'])
  })

  it('explains a folder whose names it does not know, and an empty one', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'pred'))
    await mkdir(join(folder, 'empty'))
    for (const n of range(1, 12)) await writeFile(join(folder, 'pred', `${n}.png`), '')
    await expect(make(folder, { predictionDir: 'pred' })).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('--pattern numbered') as unknown,
    })
    await expect(make(folder, { predictionDir: 'empty' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('holds no pictures') as unknown,
    })
  })

  it('names a folder inside when the frames lie one level deeper, and a track that is not there', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'gen_imgs/de_nuke'), 1, range(1, 10))
    await expect(make(folder, { predictionDir: 'gen_imgs' })).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining(join('gen_imgs', 'de_nuke')) as unknown,
    })
    await expect(make(folder, { predictionDir: 'gen_imgs/de_nuke', trackIndex: 1 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no track 1') as unknown,
    })
  })

  it('refuses a GIF that viewers would play at another speed', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await expect(make(folder, { predictionDir: 'pred', format: 'gif', fps: 60 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('50 pictures a second') as unknown,
    })
    expect((await make(folder, { predictionDir: 'pred', format: 'gif', fps: 50 })).clips).toHaveLength(1)
  })

  it('says so when the encoder that was left to choose is the processor', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const lines: string[] = []
    const environment = { FFMPEG_PATH: installedFfmpeg }
    const log = (text: string) => void lines.push(text)
    const { clips, warnings } = await make(
      folder,
      { predictionDir: 'pred', encoder: 'auto' },
      { environment, log },
    )
    const isSoftware = clips[0].encoder === 'libx264'
    expect(warnings.join().includes('No hardware encoder')).toBe(isSoftware)
    expect(lines).toEqual(warnings)
  })

  it('gives no clips, and says why, when every track is too short', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, [1, 2, 3])
    const { clips, skippedTracks } = await make(folder, { predictionDir: 'pred' })
    expect(clips).toEqual([])
    expect(skippedTracks).toEqual([
      {
        track: '1',
        firstFrame: 1,
        lastFrame: 3,
        frames: 3,
        cause: 'short-track',
        fewestFrames: 10,
        reason: 'Shorter than 10 frames.',
      },
    ])
  })

  it('warns when the ground-truth folder shares no frame with the predictions', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeCounterFrames(join(folder, 'gt'), 2, range(1, 10))
    const { clips, warnings } = await make(folder, { predictionDir: 'pred', referenceDir: 'gt' })
    expect(clips[0].missing).toBe(10)
    expect(warnings.join()).toContain('right folders')
  })

  it('refuses an output folder that is a file', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await writeFile(join(folder, 'out'), '')
    await expect(make(folder, { predictionDir: 'pred' })).rejects.toMatchObject({ code: 'usage' })
    await expect(make(folder, { predictionDir: 'pred', outputDir: 'out/deeper' })).rejects.toMatchObject({
      code: 'usage',
    })
  })

  it.skipIf(isRoot || isWindows)('refuses an output folder that may not be written to', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    await mkdir(join(folder, 'out'), { mode: 0o500 })
    await expect(make(folder, { predictionDir: 'pred' })).rejects.toMatchObject({ code: 'permission' })
  })

  it.skipIf(isWindows)('shows a panel for a frame that vanished between listing and reading', async () => {
    const folder = await temporaryFolder()
    await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
    const gone = join(folder, 'pred', 'file_num1_frame_6.png')
    await rm(gone)
    await symlink(join(folder, 'nowhere.png'), gone)
    const { clips } = await make(folder, { predictionDir: 'pred' })
    expect(clips[0]).toMatchObject({ frames: 10, unreadable: [gone] })
  })
})
