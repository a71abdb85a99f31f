import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clearAbandonedParts, partOf } from '../../../../src/main/core/videos/partFiles.ts'
import { range, temporaryFolder, workerEntry, writeCounterFrames, make } from './counterFrames.ts'

const source = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href)

describe('files that are being written', () => {
  it('stay while their process lives, and go when it is gone', async () => {
    const folder = await temporaryFolder()
    const own = partOf(join(folder, 'a.mp4'))
    expect(basename(own)).toMatch(/^\.a\.mp4\..*\.part$/)
    const ofTheDead = own.replace(`-${process.pid}-`, '-999999999-')
    for (const file of [own, ofTheDead, join(folder, '.other.part'), join(folder, 'a.mp4')])
      await writeFile(file, '')
    await clearAbandonedParts(folder)
    expect((await readdir(folder)).sort()).toEqual([basename(own), '.other.part', 'a.mp4'].sort())
  })

  it('of another machine go only when nothing was written for a quarter of an hour', async () => {
    const folder = await temporaryFolder()
    const own = partOf(join(folder, 'a.mp4'))
    const foreign = own.replace(/\.[0-9a-f]{8}-\d+-/, '.00000000-1-')
    expect(foreign).not.toBe(own)
    await writeFile(foreign, '')
    await clearAbandonedParts(folder)
    expect(await readdir(folder)).toEqual([basename(foreign)])
    const longAgo = Date.now() / 1000 - 3600
    await utimes(foreign, longAgo, longAgo)
    await clearAbandonedParts(folder)
    expect(await readdir(folder)).toEqual([])
  })

  it('of a killed process are gone when the same videos are made again, and its finished clips are kept', async () => {
    const folder = await temporaryFolder()
    for (const recording of [1, 2, 3])
      await writeCounterFrames(join(folder, 'pred'), recording, range(1, recording === 1 ? 10 : 400))
    const script = `
      import { makeVideos } from ${source('main/core/videos/makeVideos.ts')}
      import { videoRequest } from ${source('shared/contract/videos.ts')}
      await makeVideos(videoRequest.parse({ workspace: process.argv[2], predictionDir: 'pred', outputDir: 'out', maxDurationSeconds: 1000 }), {
        signal: new AbortController().signal,
        cacheDir: process.argv[2] + '/cache',
        workerEntry: () => new URL(${JSON.stringify(String(workerEntry('clip')))}),
        onProgress: ({ done }) => process.stdout.write(done + '\\n'),
      })`
    // In a file: threads take over the options of their process, and none can begin with a script among them.
    await writeFile(join(folder, 'make.mjs'), script)
    const child = spawn(process.execPath, [join(folder, 'make.mjs'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Frames wait in the pipe until ffmpeg has opened its file, on a busy machine more than sixty of them. The first clip
    // is finished; the others must both have theirs, or the later one would still be made by an ffmpeg that outlives its parent for a moment.
    const isWriting = () => {
      const names = readdirSync(join(folder, 'out'))
      return ['track_1_', '.track_2_', '.track_3_'].every((start) =>
        names.some((name) => name.startsWith(start)),
      )
    }
    child.stdout.on('data', (text: Buffer) => {
      if (Number(text.toString().trim().split('\n').at(-1)) >= 60 && isWriting()) child.kill('SIGKILL')
    })
    await once(child, 'exit')
    const left = await readdir(join(folder, 'out'))
    expect(left.filter((name) => name.endsWith('.part'))).not.toEqual([])
    expect(left).toContain('track_1_f1_to_f10.mp4')

    const { clips } = await make(folder, { predictionDir: 'pred', maxDurationSeconds: 1000 })
    expect(clips.map(({ frames }) => frames)).toEqual([10, 400, 400])
    expect((await readdir(join(folder, 'out'))).sort()).toEqual([
      'track_1_f1_to_f10.mp4',
      'track_2_f1_to_f400.mp4',
      'track_3_f1_to_f400.mp4',
    ])
  })
})
