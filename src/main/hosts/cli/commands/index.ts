import type { Command } from '../command.ts'
import { benchmark } from './benchmark.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { experimentsCommands } from './experiments.ts'
import { framesToVideo } from './framesToVideo.ts'
import { inspect } from './inspect.ts'
import { jobsCommands } from './jobs.ts'
import { logsCommands } from './logs.ts'
import { modelsCommands } from './models.ts'
import { runsCommands } from './runs.ts'
import { serve } from './serve.ts'
import { trainCommands } from './train.ts'

/** Every command, in the order the overview shows them. */
export const commands: readonly Command[] = [
  demo,
  benchmark,
  framesToVideo,
  inspect,
  ...runsCommands,
  ...experimentsCommands,
  ...trainCommands,
  ...logsCommands,
  ...modelsCommands,
  ...jobsCommands,
  serve,
  doctor,
]
