import { runSetTask, type SetTask } from '../core/benchmark/setTask.ts'
import { serveTasks } from './protocol.ts'

serveTasks(async (task: SetTask) => ({ result: await runSetTask(task) }))
