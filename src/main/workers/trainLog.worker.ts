import { runScanTask, type ScanTask } from '../core/training/logs/scanTask.ts'
import { serveTasks } from './protocol.ts'

serveTasks(async (task: ScanTask) => {
  const result = await runScanTask(task)
  return { result, transfer: result ? [result.tables.buffer as ArrayBuffer] : [] }
})
