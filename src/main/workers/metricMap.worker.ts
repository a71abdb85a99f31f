import { createMapTasks, type MapTask } from '../core/compare/mapTask.ts'
import { serveTasks } from './protocol.ts'

const runTask = createMapTasks()

serveTasks(async (task: MapTask) => {
  const result = await runTask(task)
  return { result, transfer: [result.values.buffer] }
})
