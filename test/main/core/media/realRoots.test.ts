import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { realRoots } from '../../../../src/main/core/media/realRoots.ts'
import { temporaryFolder } from '../../../support/frames.ts'

const root = realpathSync(temporaryFolder('roots'))
const [first, second] = [join(root, 'first'), join(root, 'second')]
mkdirSync(first)
mkdirSync(second)

describe('folders that pages may see into', () => {
  it('let in what lies inside, and neither themselves nor a neighbour of like name', async () => {
    const isAllowed = realRoots(() => [first, join(root, 'gone')])
    expect(await isAllowed(join(first, 'a.png'))).toBe(true)
    expect(await isAllowed(join(first, '..hidden', 'a.png'))).toBe(true)
    for (const path of [first, root, `${first}s/a.png`, join(second, 'a.png'), join(root, 'gone/a.png')])
      expect([path, await isAllowed(path)]).toEqual([path, false])
  })

  it('are followed through links', async () => {
    const link = join(root, 'link')
    symlinkSync(second, link)
    expect(await realRoots(() => [link])(join(second, 'a.png'))).toBe(true)
  })

  it('let a new one in at once and keep one that was given up out after a second', async () => {
    const folders = [first]
    const isAllowed = realRoots(() => folders)
    expect(await isAllowed(join(second, 'a.png'))).toBe(false)
    folders.push(second)
    expect(await isAllowed(join(second, 'a.png'))).toBe(true)
    folders.length = 0
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1001)
    expect(await isAllowed(join(second, 'a.png'))).toBe(false)
    now.mockRestore()
  })

  it('are asked for once, however many pictures are wanted', async () => {
    const folders = vi.fn(() => [first])
    const isAllowed = realRoots(folders)
    for (let at = 0; at < 50; at++) await isAllowed(join(first, `${at}.png`))
    expect(folders.mock.calls.length).toBe(1)
  })
})
