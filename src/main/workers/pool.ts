/** A fixed number of worker threads that share a queue of tasks. */
import { Worker, type Transferable } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import type { TaskMessage, TaskReply } from './protocol.ts'

/** The worker files there are; hosts know where each one lies (source or bundle). */
export type WorkerName = 'frame' | 'network' | 'sets' | 'clip' | 'trainLog' | 'sampleFrames' | 'metricMap'
export type WorkerEntry = (name: WorkerName) => URL | string

export type Pool<Task, Result> = {
  /** Runs a task on the next free thread. Buffers in `transfer` move and can no longer be used here. */
  run(task: Task, transfer?: Transferable[]): Promise<Result>
  /** Ends all threads; waiting tasks are refused. */
  close(): Promise<void>
}

type Waiting<Task, Result> = {
  task: Task
  transfer: Transferable[]
  resolve: (result: Result) => void
  reject: (error: AppError) => void
}

/**
 * @param entry file of the worker.
 * @param size number of threads; each works on one task at a time.
 * @param data given to every thread at its start.
 */
export function createPool<Task, Result>(options: {
  entry: URL | string
  size: number
  data?: unknown
}): Pool<Task, Result> {
  type Slot = { worker: Worker; current: Waiting<Task, Result> | undefined }
  const queue: Waiting<Task, Result>[] = []
  const slots: Slot[] = []
  let seq = 0
  let isClosed = false

  function addSlot(): Slot {
    const slot: Slot = { worker: new Worker(options.entry, { workerData: options.data }), current: undefined }
    slot.worker.on('message', (reply: TaskReply<Result>) => {
      const current = slot.current
      slot.current = undefined
      if (reply.ok) current?.resolve(reply.result)
      else current?.reject(AppError.fromData(reply.error))
      feed(slot)
    })
    // A thread that dies (out of memory, a file that does not load) fails its task alone; a new one takes its place.
    let cause: unknown
    slot.worker.on('error', (error) => (cause = error))
    slot.worker.on('exit', () => {
      slots.splice(slots.indexOf(slot), 1)
      if (isClosed) return
      const reason = cause instanceof Error ? cause.message : 'it ended without a word'
      slot.current?.reject(new AppError('internal', `A worker thread stopped: ${reason}.`, { cause }))
      if (queue.length > 0) feed(addSlot())
    })
    slots.push(slot)
    return slot
  }

  function feed(slot: Slot): void {
    if (slot.current || isClosed) return
    const next = queue.shift()
    if (!next) return
    slot.current = next
    slot.worker.postMessage({ seq: seq++, task: next.task } satisfies TaskMessage<Task>, next.transfer)
  }

  return {
    run: (task, transfer = []) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new AppError('cancelled', 'The work was stopped.'))
        queue.push({ task, transfer, resolve, reject })
        const free = slots.find(({ current }) => current === undefined)
        if (free) feed(free)
        else if (slots.length < options.size) feed(addSlot())
      }),
    async close() {
      isClosed = true
      const stopped = new AppError('cancelled', 'The work was stopped.')
      for (const waiting of queue.splice(0)) waiting.reject(stopped)
      for (const { current } of slots) current?.reject(stopped)
      await Promise.all(slots.map(({ worker }) => worker.terminate()))
    },
  }
}
