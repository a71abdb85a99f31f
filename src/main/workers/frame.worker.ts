import { runFrameTask, type FrameTask } from '../core/benchmark/frameTask.ts'
import type { FramePlan } from '../core/benchmark/framePlan.ts'
import { serveTasks } from './protocol.ts'

serveTasks(async (task: FrameTask, plan: FramePlan) => {
  const result = await runFrameTask(task, plan)
  // One buffer may serve two networks (same side and size); it moves once.
  return { result, transfer: [...new Set(result.tensors.map(({ data }) => data.buffer as ArrayBuffer))] }
})
