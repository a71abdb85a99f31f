import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readGpuHistory } from '../../../../../src/main/core/training/monitor/gpuHistory.ts'
import { recordGpus } from '../../../../../src/main/core/training/processes/recordGpus.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-gpus-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('the GPU history of a run', () => {
  it('is what nvidia-smi said while it ran, by GPU', async () => {
    const program = join(root, 'nvidia-smi')
    await writeFile(
      program,
      `#!${process.execPath}\nconsole.log('0, 93, 40000, 81920\\n1, [N/A], 12, 81920')\n`,
    )
    await chmod(program, 0o755)
    recordGpus(root, { ...process.env, PATH: `${root}${delimiter}${process.env['PATH']}` })
    while ((await readFile(join(root, 'gpus.csv'), 'utf8').catch(() => '')) === '')
      await new Promise((resolve) => setTimeout(resolve, 20))
    const found = await readGpuHistory(root, () => true, 100)
    expect(found).toMatchObject([
      { index: 0, utilizationPercent: [93], memoryMiB: [40_000], memoryTotalMiB: 81_920 },
      { index: 1, utilizationPercent: [null], memoryMiB: [12] },
    ])
    expect(await readGpuHistory(root, (index) => index === 1, 100)).toHaveLength(1)
  })

  it('keeps the extremes of a long run, and skips half-written lines', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, at) => `${at * 10_000}, 0, ${at === 2500 ? 100 : 50}, 10, 100`,
    )
    await writeFile(join(root, 'gpus.csv'), `${lines.join('\n')}\n99999, 0, 1`)
    const [gpu] = await readGpuHistory(root, () => true, 200)
    expect(gpu!.x.length).toBeLessThanOrEqual(200)
    expect(Math.max(...gpu!.utilizationPercent.map(Number))).toBe(100)
    expect(gpu!.x.at(-1)).toBe(49_990)
  })

  it('is empty where there was no GPU', async () => {
    expect(await readGpuHistory(root, () => true, 100)).toEqual([])
  })
})
