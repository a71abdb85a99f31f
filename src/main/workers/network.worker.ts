import { createNetworkTasks, type NetworkTask } from '../core/networks/networkTask.ts'
import { serveTasks } from './protocol.ts'

const runTask = createNetworkTasks()

serveTasks(async (task: NetworkTask) => {
  const result = await runTask(task)
  return { result, transfer: result.type === 'rows' ? [result.rows.buffer as ArrayBuffer] : [] }
})
