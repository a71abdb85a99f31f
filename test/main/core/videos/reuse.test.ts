import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase, databaseVersion } from '../../../../src/main/core/store/database.ts'
import { migrations } from '../../../../src/main/core/store/migrations/index.ts'
import { clipsRepository } from '../../../../src/main/core/videos/clips.repository.ts'
import { findFfmpeg } from '../../../../src/main/core/ffmpeg/findFfmpeg.ts'
import {
  counterFrame,
  decode,
  installedFfmpeg,
  make,
  range,
  temporaryFolder,
  writeCounterFrames,
} from './counterFrames.ts'

async function prepared() {
  const folder = await temporaryFolder()
  await writeCounterFrames(join(folder, 'pred'), 1, range(1, 10))
  const repository = clipsRepository(openDatabase(':memory:'))
  const request = { predictionDir: 'pred' }
  return { folder, repository, request }
}

describe('clips that were made before', () => {
  it('are not made again from the same inputs and settings', async () => {
    const { folder, repository, request } = await prepared()
    const [first] = (await make(folder, request, { repository })).clips
    const { mtimeMs } = await stat(first.file)
    const [second] = (await make(folder, request, { repository })).clips
    expect(second).toEqual({ ...first, isReused: true })
    expect((await stat(first.file)).mtimeMs).toBe(mtimeMs)
    expect(repository.list(10)).toHaveLength(1)
    expect(repository.list(10)[0]).toMatchObject({
      layout: 'single',
      track: { track: '1', firstFrame: 1, lastFrame: 10, frames: 10 },
      settings: { format: 'mp4', preset: 'good' },
      clip: { width: 160, height: 120 },
    })
    expect(repository.folders()).toEqual([join(folder, 'out')])
  })

  it('are made again when asked, when a setting or an input changed, or when the file was touched', async () => {
    const { folder, repository, request } = await prepared()
    const isReused = async (extra = {}) =>
      (await make(folder, { ...request, ...extra }, { repository })).clips[0].isReused
    expect(await isReused()).toBe(false)
    expect(await isReused({ fresh: true })).toBe(false)
    expect(await isReused({ fps: 12 })).toBe(false)
    expect(await isReused({ fps: 12 })).toBe(true)
    await writeFile(join(folder, 'pred', 'file_num1_frame_3.png'), await counterFrame(99))
    expect(await isReused({ fps: 12 })).toBe(false)
    await utimes(join(folder, 'out', 'track_1_f1_to_f10.mp4'), 1, 1)
    expect(await isReused({ fps: 12 })).toBe(false)
    await rm(join(folder, 'out'), { recursive: true })
    expect(await isReused({ fps: 12 })).toBe(false)
  })

  it('are made again when a frame was replaced by one of the same size and time', async () => {
    const { folder, repository, request } = await prepared()
    const frame = join(folder, 'pred', 'file_num1_frame_3.png')
    const [first] = (await make(folder, request, { repository })).clips
    const { atime, mtime, size } = await stat(frame)
    const bytes = await readFile(frame)
    bytes[bytes.length - 20] ^= 1
    await writeFile(frame, bytes)
    await utimes(frame, atime, mtime)
    expect(await stat(frame)).toMatchObject({ size, mtime })
    const [second] = (await make(folder, request, { repository })).clips
    expect([first.isReused, second.isReused]).toEqual([false, false])
  })

  it('are made again by another ffmpeg', async () => {
    const { folder, repository, request } = await prepared()
    const usual = await findFfmpeg()
    const isReused = async (FFMPEG_PATH: string) =>
      (await make(folder, request, { repository, environment: { FFMPEG_PATH } })).clips[0].isReused
    expect(await isReused(usual.path)).toBe(false)
    expect(await isReused(usual.path)).toBe(true)
    const other = await findFfmpeg({ FFMPEG_PATH: installedFfmpeg })
    expect(await isReused(installedFfmpeg)).toBe(other.version === usual.version)
  })

  it('are made again when their small pictures are gone, or the file was replaced by hand', async () => {
    const { folder, repository, request } = await prepared()
    const [first] = (await make(folder, request, { repository })).clips
    await rm(join(folder, 'cache'), { recursive: true })
    const [second] = (await make(folder, request, { repository })).clips
    expect(second.isReused).toBe(false)
    expect((await stat(second.poster!)).size).toBeGreaterThan(0)
    await writeFile(first.file, Buffer.alloc(first.bytes))
    const [third] = (await make(folder, request, { repository })).clips
    expect(third.isReused).toBe(false)
    expect(decode(third.file).frames).toHaveLength(10)
  })

  it('are copied when they are wanted in another folder', async () => {
    const { folder, repository, request } = await prepared()
    const [first] = (await make(folder, request, { repository })).clips
    const [copy] = (await make(folder, { ...request, outputDir: 'elsewhere' }, { repository })).clips
    expect(copy).toMatchObject({ isReused: true, file: join(folder, 'elsewhere', 'track_1_f1_to_f10.mp4') })
    expect(await readFile(copy.file)).toEqual(await readFile(first.file))
    expect(repository.list(10)).toHaveLength(2)
  })
})

describe('the clips migration', () => {
  it('adds its table to a database of version 1', () => {
    const before = openDatabase(
      ':memory:',
      migrations.filter(({ version }) => version <= 1),
    )
    expect(() => before.prepare('SELECT * FROM clips')).toThrow('no such table')
    for (const step of migrations.filter(({ version }) => version === 2)) step.up(before)
    expect(before.prepare('SELECT * FROM clips').all()).toEqual([])
    expect(databaseVersion(openDatabase(':memory:'))).toBeGreaterThanOrEqual(2)
  })

  it('finds clips by identity through an index', () => {
    const db = openDatabase(':memory:')
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN SELECT * FROM clips WHERE identity = 'x' ORDER BY created_at DESC`)
      .all() as { detail: string }[]
    expect(plan[0].detail).toContain('clips_by_identity')
  })
})
