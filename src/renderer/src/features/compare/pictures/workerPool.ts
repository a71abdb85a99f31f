/** A few picture workers that share the work. */
import type { PictureReply, PictureRequest, PictureResult, PictureTask } from './workerMessages.ts'

export type PictureWorkers = {
  /**
   * Never rejects but when aborted.
   *
   * @param isStored whether the browser keeps the files as they came.
   */
  run(task: PictureTask, isStored: boolean, signal: AbortSignal): Promise<PictureResult>
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
        answer({ ok: false, message: event.message || 'A picture worker stopped.' })
        answers.delete(id)
      }
    }
    return slot
  })

  /** Differences with the same first picture go to the same worker, which then decodes it once. */
  function slotFor(task: PictureTask) {
    if (task.type !== 'difference')
      return workers.reduce((least, other) => (other.busy < least.busy ? other : least))
    let hash = 0
    for (let at = 0; at < task.a.length; at++) hash = (Math.imul(hash, 31) + task.a.charCodeAt(at)) >>> 0
    return workers[hash % workers.length]
  }

  return {
    run(task, isStored, signal) {
      return new Promise((resolve, reject) => {
        const slot = slotFor(task)
        const id = nextId++
        slot.busy++
        const cancel = () => {
          slot.worker.postMessage({ id, cancel: true } satisfies PictureRequest)
          reject(new DOMException('No longer wanted.', 'AbortError'))
        }
        answers.set(id, (result) => {
          signal.removeEventListener('abort', cancel)
          if (signal.aborted && result.ok) result.bitmap.close()
          resolve(result)
        })
        signal.addEventListener('abort', cancel, { once: true })
        slot.worker.postMessage({ id, task, isStored } satisfies PictureRequest)
      })
    },
    close: () => workers.forEach(({ worker }) => worker.terminate()),
  }
}
