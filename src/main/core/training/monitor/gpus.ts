/** GPU use from `nvidia-smi`. Where there is none, the list is empty and says why. */
import { AppError } from '../../../../shared/errors.ts'
import { runProcess } from '../../processes/runProcess.ts'
import type { Gpu, GpuReport } from '../../../../shared/contract/training.ts'

const fields = [
  'index',
  'uuid',
  'name',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'power.limit',
]
const format = '--format=csv,noheader,nounits'
const timeoutMs = 10_000
/** Asking takes a tenth of a second on a busy machine; callers within this time share one answer. */
const freshMs = 1000

/**
 * Reads the answer to `--query-gpu` with the fields above. Values a GPU does not have (`[N/A]`, `[Not Supported]`,
 * `[Unknown Error]`) are null. Lines that are no CSV row, such as warnings, are skipped.
 */
export function parseGpus(csv: string): Gpu[] {
  return csv.split(/\r?\n/).flatMap((line): Gpu[] => {
    const cells = line.split(', ').map((cell) => cell.trim())
    // A name may hold ", ": it takes what is too much.
    const extra = cells.length - fields.length
    if (extra < 0 || !/^\d+$/.test(cells[0]!)) return []
    const [utilization, used, total, temperature, power, limit] = cells.slice(3 + extra).map(numberOrNull)
    return [
      {
        index: Number(cells[0]),
        uuid: cells[1]!,
        name: cells.slice(2, 3 + extra).join(', '),
        utilizationPercent: utilization!,
        memoryUsedMiB: used!,
        memoryTotalMiB: total!,
        temperatureCelsius: temperature!,
        powerWatts: power!,
        powerLimitWatts: limit!,
        processes: [],
      },
    ]
  })
}

/** Adds the answer to `--query-compute-apps=gpu_uuid,pid,used_memory`. */
export function addGpuProcesses(gpus: readonly Gpu[], csv: string): void {
  for (const line of csv.split(/\r?\n/)) {
    const [uuid, pid, memory] = line.split(', ').map((cell) => cell.trim())
    if (pid === undefined || !/^\d+$/.test(pid)) continue
    gpus
      .find((gpu) => gpu.uuid === uuid)
      ?.processes.push({ pid: Number(pid), memoryMiB: numberOrNull(memory ?? '') })
  }
}

export type GpuMonitor = ReturnType<typeof createGpuMonitor>

/** Asks `nvidia-smi`, at most once a second however many callers there are. */
export function createGpuMonitor(program = 'nvidia-smi') {
  let latest: Promise<GpuReport> | undefined
  let askedAt = -Infinity
  let known: GpuReport | undefined

  async function ask(): Promise<GpuReport> {
    const at = Date.now()
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const { stdout } = await runProcess(
        { file: program, args: [`--query-gpu=${fields.join(',')}`, format] },
        { signal },
      )
      const gpus = parseGpus(stdout)
      const apps = await runProcess(
        { file: program, args: ['--query-compute-apps=gpu_uuid,pid,used_memory', format] },
        { signal },
      ).catch(() => null)
      if (apps) addGpuProcesses(gpus, apps.stdout)
      return { gpus, at, ...(gpus.length === 0 ? { reason: 'nvidia-smi lists no GPU.' } : {}) }
    } catch (caught) {
      return { gpus: [], at, reason: reasonOf(caught) }
    }
  }

  return {
    read(): Promise<GpuReport> {
      if (!latest || performance.now() - askedAt > freshMs) {
        askedAt = performance.now()
        latest = ask().then((report) => (known = report))
      }
      return latest
    },
    /** The GPUs of the last answer; `undefined` before the first, and when it failed for another reason than a missing driver. */
    known(): readonly Gpu[] | undefined {
      return known && (known.gpus.length > 0 || known.reason === noDriver) ? known.gpus : undefined
    },
  }
}

const noDriver = 'No NVIDIA driver here: nvidia-smi was not found.'

function reasonOf(caught: unknown): string {
  if (!(caught instanceof AppError)) return String(caught)
  if (caught.code === 'missing-program') return noDriver
  if (caught.code === 'cancelled') return `nvidia-smi did not answer within ${timeoutMs / 1000} s.`
  return caught.message
}

function numberOrNull(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
