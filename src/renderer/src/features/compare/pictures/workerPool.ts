/** A few picture workers that share the work. */
import type {
  PictureReply,
  PictureRequest,
  PictureResult,
  PictureSource,
  PictureTask,
  Way,
} from './workerMessages.ts'

export type PictureWorkers = {
  /** Never rejects but when aborted. */
  run(task: PictureTask, way: Way, signal: AbortSignal): Promise<PictureResult>
  close(): void
}

/** Pictures in one request. More save little, and the first is shown later. */
export const bundleSize = 4

/** A task that no worker has yet, or that one works on. */
type Asked = { id: number; task: PictureTask; way: Way; slot?: Slot }
type Slot = { worker: Worker; busy: number }

/** @param count number of threads. */
export function startPictureWorkers(count: number): PictureWorkers {
  const answers = new Map<number, (result: PictureResult) => void>()
  let nextId = 1
  /** Pictures asked for at this moment, which come together. */
  let gathered: Asked[] = []
  const slots = Array.from({ length: count }, (): Slot => {
    const worker = new Worker(new URL('./pictures.worker.ts', import.meta.url), { type: 'module' })
    const slot = { worker, busy: 0 }
    worker.onmessage = ({ data }: MessageEvent<PictureReply[]>) => {
      slot.busy -= data.length
      for (const { id, result } of data) {
        answers.get(id)?.(result)
        answers.delete(id)
      }
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

  const leastBusy = () => slots.reduce((least, other) => (other.busy < least.busy ? other : least))

  /** Differences with the same first picture go to the same worker, which then decodes it once. */
  function slotOfFirst({ path }: PictureSource): Slot {
    let hash = 0
    for (let at = 0; at < path.length; at++) hash = (Math.imul(hash, 31) + path.charCodeAt(at)) >>> 0
    return slots[hash % slots.length]
  }

  function send(slot: Slot, asked: readonly Asked[]): void {
    slot.busy += asked.length
    for (const one of asked) one.slot = slot
    const tasks = asked.map(({ id, task }) => ({ id, task }))
    slot.worker.postMessage({ tasks, way: asked[0].way } satisfies PictureRequest)
  }

  function sendGathered(): void {
    const [first] = gathered
    if (!first) return
    // Only one engine answers a request, and the page may just have gone to another.
    const together = gathered.filter(({ way }) => way.address === first.way.address).slice(0, bundleSize)
    gathered = gathered.filter((one) => !together.includes(one))
    send(leastBusy(), together)
    sendGathered()
  }

  function begin(asked: Asked): void {
    const { task, way } = asked
    if (task.type === 'difference') return send(slotOfFirst(task.a), [asked])
    if (task.type !== 'decode' || !way.isFast) return send(leastBusy(), [asked])
    gathered.push(asked)
    if (gathered.length === 1) setTimeout(sendGathered)
  }

  return {
    run(task, way, signal) {
      return new Promise((resolve, reject) => {
        const asked: Asked = { id: nextId++, task, way }
        const { id } = asked
        const cancel = () => {
          if (asked.slot) asked.slot.worker.postMessage({ cancel: id } satisfies PictureRequest)
          else {
            gathered = gathered.filter((one) => one !== asked)
            answers.delete(id)
          }
          reject(new DOMException('No longer wanted.', 'AbortError'))
        }
        answers.set(id, (result) => {
          signal.removeEventListener('abort', cancel)
          if (signal.aborted && result.ok) result.bitmap.close()
          resolve(result)
        })
        signal.addEventListener('abort', cancel, { once: true })
        begin(asked)
      })
    },
    close: () => slots.forEach(({ worker }) => worker.terminate()),
  }
}
