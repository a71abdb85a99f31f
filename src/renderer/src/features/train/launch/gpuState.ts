import type { Gpu } from '../../../../../shared/contract/training.ts'

const gigabytes = (mebibytes: number) => (mebibytes / 1024).toFixed(mebibytes < 10_240 ? 1 : 0)

/** A GPU in one line, such as `12 / 80 GB · 34 %`; busy from a tenth of its memory or time on. */
export function gpuState({ memoryUsedMiB, memoryTotalMiB, utilizationPercent }: Gpu): {
  text: string
  isBusy: boolean
} {
  const hasMemory = memoryUsedMiB !== null && memoryTotalMiB !== null
  const memory = hasMemory ? `${gigabytes(memoryUsedMiB)} / ${gigabytes(memoryTotalMiB)} GB` : undefined
  const use = utilizationPercent === null ? undefined : `${utilizationPercent} %`
  return {
    text: [memory, use].filter((part) => part !== undefined).join(' · '),
    isBusy:
      (hasMemory && memoryUsedMiB > 0.1 * memoryTotalMiB) ||
      (utilizationPercent !== null && utilizationPercent > 10),
  }
}
