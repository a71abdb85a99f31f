import { existsSync } from 'node:fs'
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noteUse, pruneThumbnails, pruneWhenIdle } from '../../../../src/main/core/media/thumbnailCache.ts'
import { temporaryFolder } from '../../../support/frames.ts'

const hour = 3_600_000

/** Ten files of 100 bytes, the first used longest ago. */
async function cacheOfTen(): Promise<{ folder: string; files: string[] }> {
  const folder = temporaryFolder('thumbnails')
  const files: string[] = []
  for (let index = 0; index < 10; index++) {
    const sub = join(folder, `a${index % 3}`)
    await mkdir(sub, { recursive: true })
    const file = join(sub, `${index}.jpg`)
    await writeFile(file, Buffer.alloc(100))
    const used = (Date.now() - (20 - index) * hour) / 1000
    await utimes(file, used, used)
    files.push(file)
  }
  return { folder, files }
}

describe('the cache of thumbnails', () => {
  it('loses those used longest ago when it is larger than its limit, and some more for room', async () => {
    const { folder, files } = await cacheOfTen()
    expect(await pruneThumbnails(folder, 750)).toBe(600)
    expect(files.map((file) => existsSync(file))).toEqual([...Array(4).fill(false), ...Array(6).fill(true)])
  })

  it('keeps one that was looked at again, whose tag does not change by that', async () => {
    const { folder, files } = await cacheOfTen()
    const before = await stat(files[0])
    await noteUse(files[0])
    expect((await stat(files[0])).mtimeMs).toBe(before.mtimeMs)
    await pruneThumbnails(folder, 500)
    expect(existsSync(files[0])).toBe(true)
    expect(existsSync(files[1])).toBe(false)
  })

  it('is left alone below its limit, and where there is none', async () => {
    const { folder, files } = await cacheOfTen()
    expect(await pruneThumbnails(folder, 1000)).toBe(1000)
    expect(files.every((file) => existsSync(file))).toBe(true)
    expect(await pruneThumbnails(join(folder, 'none'), 10)).toBe(0)
    await noteUse(join(folder, 'none.jpg'))
  })

  it('is pruned once nothing was added for a moment', async () => {
    const { folder, files } = await cacheOfTen()
    const hasGrown = pruneWhenIdle(folder, 250, 20)
    hasGrown()
    hasGrown()
    await expect.poll(() => files.filter((file) => existsSync(file)).length).toBe(2)
  })
})
