import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runScanTask } from '../../../../../src/main/core/training/logs/scanTask.ts'
import { stepRecord } from './samples.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parallax-scan-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const lines = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => stepRecord(first + index, 0.5)).join('')

describe('runScanTask', () => {
  it('finds the same in a log however it is stored', async () => {
    const text = lines(1, 3000)
    const stored = {
      'train.log': Buffer.from(text),
      'train.log.gz': gzipSync(text),
      'utf16.log': Buffer.from(`\ufeff${text}`, 'utf16le'),
    }
    const found = await Promise.all(
      Object.entries(stored).map(async ([name, bytes]) => {
        const path = join(folder, name)
        await writeFile(path, bytes)
        return runScanTask({ path, known: null })
      }),
    )
    for (const result of found) {
      expect(result!.tables).toEqual(found[0]!.tables)
      expect(result!.summary).toMatchObject({ stepLines: 3000, lastStep: 3000 })
    }
  })

  it('goes on where it stopped, in the middle of a line', async () => {
    const path = join(folder, 'train.log')
    const text = lines(1, 2000)
    await writeFile(path, text.slice(0, 123_456))
    const before = await runScanTask({ path, known: null })
    await appendFile(path, text.slice(123_456))
    const after = await runScanTask({ path, known: before })
    await rm(path)
    await writeFile(path, text)
    const whole = await runScanTask({ path, known: null })
    expect(after!.tables).toEqual(whole!.tables)
    expect(after!.state).toBe(whole!.state)
    expect(before!.readBytes + after!.readBytes).toBe(text.length)
  })

  it('says what is wrong with a log that cannot be read', async () => {
    await expect(runScanTask({ path: join(folder, 'none.log'), known: null })).rejects.toThrow('none.log')
    await expect(runScanTask({ path: folder, known: null })).rejects.toThrow()
  })
})
