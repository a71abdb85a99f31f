import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inspectLog } from '../../../../../src/main/core/training/logs/inspect.ts'
import { runScanTask } from '../../../../../src/main/core/training/logs/scanTask.ts'
import { stepRecord } from './samples.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-log-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const steps = (count: number) =>
  Array.from({ length: count }, (_, index) => stepRecord(index + 1, 1 / (index + 1))).join('')
const text = `训练 ✅\n${steps(40)}`
const packed = gzipSync(text)

it.each([
  ['plain', Buffer.from(text)],
  ['packed', packed],
  ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 with the high byte first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('a %s log says the same', async (_, bytes) => {
  const path = join(root, 'train.log')
  await writeFile(path, bytes)
  expect(await inspectLog(path)).toMatchObject({
    metricLines: 40,
    lastStep: 40,
    lines: 41,
    last: { Loss: 0.025, total_loss: 0.025 },
    bytes: bytes.length,
  })
})

it('a packed log that was cut off gives what could be unpacked', async () => {
  const path = join(root, 'train.log.gz')
  await writeFile(path, packed.subarray(0, packed.length - 20))
  const { metricLines } = await inspectLog(path)
  expect(metricLines).toBeGreaterThan(0)
  expect(metricLines).toBeLessThanOrEqual(40)
})

it('a UTF-16 log that grew is read anew, not from the middle', async () => {
  const path = join(root, 'train.log')
  await writeFile(path, `\ufeff${steps(3)}`, 'utf16le')
  const known = await runScanTask({ path, known: null })
  await writeFile(path, `\ufeff${steps(9)}`, 'utf16le')
  const grown = await runScanTask({ path, known })
  expect(grown?.summary).toMatchObject({ metricLines: 9, lastStep: 9 })
})
