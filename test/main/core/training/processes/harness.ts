import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../../../../src/main/core/store/database.ts'
import { foundation } from '../../../../../src/main/core/store/migrations/0001-foundation.ts'
import { training } from '../../../../../src/main/core/store/migrations/0004-training.ts'
import { slurm } from '../../../../../src/main/core/store/migrations/0006-slurm.ts'
import type { StopDelays } from '../../../../../src/main/core/training/processes/endFamily.ts'
import { createSupervisedProcesses } from '../../../../../src/main/core/training/processes/supervisedProcesses.ts'
import { trainingRepository } from '../../../../../src/main/core/training/training.repository.ts'

/** Path of a small program of the fixtures folder. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

/** A database with the tables of this area. */
export const openTestDatabase = (file: string) => openDatabase(file, [foundation, training, slurm])

/** Supervised processes on a database of their own. */
export function startProcesses(options: {
  database: string
  folder: string
  delays?: Partial<StopDelays>
  environment?: Record<string, string | undefined>
  gpus?: { index: number; uuid: string }[]
}) {
  const db = openTestDatabase(options.database)
  const processes = createSupervisedProcesses({
    repository: trainingRepository(db),
    folder: options.folder,
    door: 'engine',
    supervisor: {
      file: fileURLToPath(
        new URL('../../../../../src/main/core/training/processes/supervisor.ts', import.meta.url),
      ),
      node: process.execPath,
    },
    delays: { interruptMs: 300, terminateMs: 300, killMs: 5000, ...options.delays },
    ...(options.environment ? { environment: options.environment } : {}),
    gpus: () => options.gpus,
  })
  return {
    db,
    processes,
    close: () => {
      processes.close()
      db.close()
    },
  }
}
