import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGpuMonitor, parseGpus } from '../../../../../src/main/core/training/monitor/gpus.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-gpus-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function program(script: string): Promise<string> {
  const path = join(root, 'nvidia-smi')
  await writeFile(path, `#!${process.execPath}\n${script}`)
  await chmod(path, 0o755)
  return path
}

describe('parseGpus', () => {
  it('reads rows, values a GPU does not have, and names with commas', () => {
    expect(
      parseGpus(
        '0, GPU-1, NVIDIA H100 80GB HBM3, 97, 70123, 81559, 63, 512.33, 700.00\r\n1, GPU-2, Odd, Name, [N/A], 1, 2, [Not Supported], [Unknown Error], 5\nwarning: x\n',
      ),
    ).toMatchObject([
      {
        index: 0,
        uuid: 'GPU-1',
        name: 'NVIDIA H100 80GB HBM3',
        utilizationPercent: 97,
        memoryUsedMiB: 70123,
        memoryTotalMiB: 81559,
        temperatureCelsius: 63,
        powerWatts: 512.33,
        powerLimitWatts: 700,
      },
      {
        index: 1,
        name: 'Odd, Name',
        utilizationPercent: null,
        memoryUsedMiB: 1,
        temperatureCelsius: null,
        powerWatts: null,
        powerLimitWatts: 5,
      },
    ])
  })
})

describe('createGpuMonitor', () => {
  it('asks for GPUs and their processes', async () => {
    const path = await program(
      `console.log(process.argv[2].startsWith('--query-gpu') ? '0, GPU-1, A, 1, 2, 3, 4, 5, 6' : 'GPU-1, 4242, 1000\\nGPU-1, [N/A], 5')`,
    )
    const monitor = createGpuMonitor(path)
    expect(monitor.known()).toBeUndefined()
    expect((await monitor.read()).gpus).toMatchObject([
      { index: 0, processes: [{ pid: 4242, memoryMiB: 1000 }] },
    ])
    expect(monitor.known()).toHaveLength(1)
  })

  it('says why there are none', async () => {
    const without = createGpuMonitor(join(root, 'none'))
    expect(await without.read()).toMatchObject({
      gpus: [],
      reason: 'No NVIDIA driver here: nvidia-smi was not found.',
    })
    expect(without.known()).toEqual([])
    const failing = createGpuMonitor(
      await program(
        `console.error('Failed to initialize NVML: Driver/library version mismatch'); process.exit(18)`,
      ),
    )
    expect(await failing.read()).toMatchObject({
      gpus: [],
      reason: expect.stringContaining('version mismatch') as string,
    })
    expect(failing.known()).toBeUndefined()
  })
})
