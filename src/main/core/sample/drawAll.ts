import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import type { DrawRequest, FrameDone } from './drawFrames.ts'

export type DrawOptions = {
  signal?: AbortSignal
  /** Called with pictures written and pictures in all. */
  onProgress?: (done: number, total: number) => void
  /** Built worker `sampleFrames.worker`; default: the source. */
  workerEntry?: string | URL
}

/** Draws every map in threads of its own. Gives the thumbnails of each request by frame name. */
export async function drawAll(
  requests: DrawRequest[],
  options: DrawOptions,
): Promise<Map<string, Uint8Array>[]> {
  const entry = options.workerEntry ?? new URL('../../workers/sampleFrames.worker.ts', import.meta.url)
  const total = requests.reduce((sum, { tasks }) => sum + tasks.length, 0)
  let done = 0
  const thumbnails = requests.map(() => new Map<string, Uint8Array>())
  // A map's light and textures take a second to make, so a map is shared by few threads.
  const threadsPerMap = Math.min(4, Math.max(1, Math.floor(availableParallelism() / requests.length)))
  const workers: Worker[] = []
  try {
    await Promise.all(
      requests.flatMap(({ map, tasks }, i) =>
        Array.from({ length: threadsPerMap }, (_, thread) => {
          const share = tasks.filter((_, k) => k % threadsPerMap === thread)
          const worker = new Worker(entry, { workerData: { map, tasks: share } satisfies DrawRequest })
          workers.push(worker)
          return finished(worker, options.signal, (frame) => {
            if (frame.thumbnail) thumbnails[i]!.set(frame.name, frame.thumbnail)
            options.onProgress?.(++done, total)
          })
        }),
      ),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return thumbnails
}

/** Resolves when the thread has ended well; rejects with its error, or when the signal is aborted. */
function finished(
  worker: Worker,
  signal: AbortSignal | undefined,
  onFrame: (done: FrameDone) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(cancelled())
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    worker.on('message', onFrame)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', cancel)
      if (code === 0) resolve()
      else reject(new AppError('internal', `A thread that draws the sample frames ended with code ${code}.`))
    })
  })
}

/** The error of a sample that was cancelled. */
export const cancelled = () =>
  new AppError('cancelled', 'The sample workspace was cancelled; what was written is removed.')
/** @throws AppError `cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}
