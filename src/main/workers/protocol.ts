/** The messages between a pool and its worker threads, and the loop of a worker. */
import { parentPort, workerData, type Transferable } from 'node:worker_threads'
import { toAppError, type AppErrorData } from '../../shared/errors.ts'

export type TaskMessage<Task> = { seq: number; task: Task }
export type TaskReply<Result> =
  { seq: number; ok: true; result: Result } | { seq: number; ok: false; error: AppErrorData }

/** What a task gives back, and which buffers move to the caller instead of being copied. */
export type TaskOutcome<Result> = { result: Result; transfer?: Transferable[] }

/**
 * Answers every task of the pool, in the order they come.
 *
 * @param handler gets the pool's `workerData` with each task.
 */
export function serveTasks<Task, Result, Data = undefined>(
  handler: (task: Task, data: Data) => Promise<TaskOutcome<Result>> | TaskOutcome<Result>,
): void {
  const port = parentPort
  if (!port) throw new Error('This file runs as a worker thread only.')
  port.on('message', async ({ seq, task }: TaskMessage<Task>) => {
    try {
      const { result, transfer } = await handler(task, workerData as Data)
      port.postMessage({ seq, ok: true, result } satisfies TaskReply<Result>, transfer)
    } catch (caught) {
      port.postMessage({ seq, ok: false, error: toAppError(caught).toData() } satisfies TaskReply<Result>)
    }
  })
}
