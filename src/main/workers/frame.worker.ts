import { runFrameTask, type FrameTask } from '../core/benchmark/frameTask.ts'
import type { FramePlan } from '../core/benchmark/framePlan.ts'
import { reusableBytes } from '../core/images/rgbImage.ts'
import { serveTasks } from './protocol.ts'

// A thread works on one pair at a time, so each decodes into the same memory again and again.
const memory = { reference: reusableBytes(), prediction: reusableBytes() }

serveTasks(async (task: FrameTask, plan: FramePlan) => {
  const result = await runFrameTask(task, plan, memory)
  // One buffer may serve two networks (same side and size); it moves once.
  return { result, transfer: [...new Set(result.tensors.map(({ data }) => data.buffer as ArrayBuffer))] }
})
