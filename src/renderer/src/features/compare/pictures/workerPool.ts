/** A few picture workers that share the work. */
import type { PictureReply, PictureRequest, PictureResult, PictureTask } from './workerMessages.ts'

export type PictureWorkers = {
  /** Never rejects but when aborted. Bitmaps in the task are copied, map values move. */
  run(task: PictureTask, signal?: AbortSignal): Promise<PictureResult>
  close(): void
}

/** @param count number of threads. */
export function startPictureWorkers(count: number): PictureWorkers {
  const answers = new Map<number, (result: PictureResult) => void>()
  let nextId = 1
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./pictures.worker.ts', import.meta.url), { type: 'module' })
    const slot = { worker, busy: 0 }
    worker.onmessage = ({ data }: MessageEvent<PictureReply>) => {
      slot.busy--
      answers.get(data.id)?.(data.result)
      answers.delete(data.id)
    }
    worker.onerror = (event) => {
      slot.busy = 0
      for (const [id, answer] of answers) {
        answer({
          ok: false,
          isInexact: false,
          isGone: false,
          message: event.message || 'A picture worker stopped.',
        })
        answers.delete(id)
      }
    }
    return slot
  })
  return {
    run(task, signal) {
      return new Promise((resolve, reject) => {
        const slot = workers.reduce((least, other) => (other.busy < least.busy ? other : least))
        const id = nextId++
        slot.busy++
        const cancel = () => {
          slot.worker.postMessage({ id, cancel: true } satisfies PictureRequest)
          reject(new DOMException('No longer wanted.', 'AbortError'))
        }
        answers.set(id, (result) => {
          signal?.removeEventListener('abort', cancel)
          if (signal?.aborted && result.ok) result.bitmap.close()
          resolve(result)
        })
        signal?.addEventListener('abort', cancel, { once: true })
        const transfer = task.type === 'map' ? [task.values.buffer] : []
        slot.worker.postMessage({ id, task } satisfies PictureRequest, transfer)
      })
    },
    close: () => workers.forEach(({ worker }) => worker.terminate()),
  }
}
