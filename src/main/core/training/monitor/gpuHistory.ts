import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GpuHistory } from '../../../../shared/contract/training.ts'
import { decimateMinMax } from '../../../../shared/domain/trainLogSeries.ts'
import { files } from '../processes/runFolder.ts'

type Samples = { x: number[]; use: number[]; memory: number[]; total: number }

/**
 * Reads what `recordGpus` wrote for a run.
 *
 * @param isWanted limits it to GPUs by index.
 * @returns one entry per GPU in order; none when nothing was recorded.
 */
export async function readGpuHistory(
  folder: string,
  isWanted: (index: number) => boolean,
  maxPoints: number,
): Promise<GpuHistory[]> {
  const text = await readFile(join(folder, files.gpus), 'utf8').catch(() => '')
  const byIndex = new Map<number, Samples>()
  for (const line of text.split('\n')) {
    const [at, index, use, memory, total] = line.split(', ').map(valueOf)
    if (total === undefined || !Number.isFinite(at) || !isWanted(index!)) continue
    const samples = byIndex.get(index!) ?? { x: [], use: [], memory: [], total: NaN }
    byIndex.set(index!, samples)
    samples.x.push(at! / 1000)
    samples.use.push(use!)
    samples.memory.push(memory!)
    samples.total = total
  }
  return [...byIndex]
    .toSorted(([a], [b]) => a - b)
    .map(([index, { x, use, memory, total }]) => {
      // Use jumps from sample to sample, memory hardly does: the points that keep the one keep the other.
      const kept = Array.from(decimateMinMax(use, maxPoints))
      return {
        index,
        x: kept.map((place) => x[place]!),
        utilizationPercent: kept.map((place) => known(use[place]!)),
        memoryMiB: kept.map((place) => known(memory[place]!)),
        memoryTotalMiB: known(total),
      }
    })
}

/** `[N/A]` and the like are no values. */
const valueOf = (text: string) => (/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : NaN)
const known = (value: number) => (Number.isFinite(value) ? value : null)
