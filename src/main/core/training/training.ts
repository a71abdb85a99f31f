/** The training area as one part of the studio: supervised processes, the log index, GPUs, Slurm. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { training as contract } from '../../../shared/contract/training.ts'
import type { GpuFact } from '../../../shared/domain/launch/hints.ts'
import type { Db } from '../store/database.ts'
import { trainingHandlers } from './handlers.ts'
import { createLogIndex, type LogIndex } from './logs/logIndex.ts'
import type { ScanResult, ScanTask } from './logs/scanTask.ts'
import { createGpuMonitor } from './monitor/gpus.ts'
import type { SupervisorProgram } from './processes/launchSupervisor.ts'
import { createSupervisedProcesses, type SupervisedProcesses } from './processes/supervisedProcesses.ts'
import { createSlurm } from './slurm/slurm.ts'
import { createSlurmJobs } from './slurm/slurmJobs.ts'
import { submissionsRepository } from './slurm/submissions.repository.ts'
import { trainingRepository } from './training.repository.ts'

export type Training = {
  handlers: Handlers<typeof contract>
  processes: SupervisedProcesses
  index: LogIndex
  /** Reads what is new in the logs of a workspace, in the background. */
  readLogs(workspace: string): void
  /** What hints need to know of this machine's GPUs; undefined when they cannot be asked. */
  gpuFacts(): Promise<GpuFact[] | undefined>
  close(): void
}

/**
 * @param options.homeFolder the studio's own folder; processes write below it.
 * @param options.runScanTask reads one log, in a pool of `trainLog` workers.
 * @param options.supervisor file of `processes/supervisor.ts` (source or bundle) and the Node that runs it.
 */
export function createTraining(options: {
  db: Db
  homeFolder: string
  door: 'engine' | 'terminal'
  runScanTask: (task: ScanTask) => Promise<ScanResult>
  supervisor: SupervisorProgram
}): Training {
  const repository = trainingRepository(options.db)
  const gpus = createGpuMonitor()
  void gpus.read()
  const processes = createSupervisedProcesses({
    repository,
    folder: join(options.homeFolder, 'training'),
    door: options.door,
    supervisor: options.supervisor,
    gpus: () => gpus.known(),
  })
  const index = createLogIndex({
    repository,
    runTask: options.runScanTask,
    threads: availableParallelism(),
  })
  const slurm = createSlurmJobs({ slurm: createSlurm(), repository: submissionsRepository(options.db) })
  return {
    handlers: trainingHandlers({ processes, index, gpus, slurm }),
    processes,
    index,
    // What could not be read is said where the logs are shown, which reads them once more.
    readLogs: (workspace) => void index.scan(workspace).catch(() => {}),
    async gpuFacts() {
      await gpus.read()
      return gpus
        .known()
        ?.map(({ index: number, uuid, memoryUsedMiB, memoryTotalMiB, utilizationPercent }) => ({
          index: number,
          uuid,
          memoryUsedMiB: memoryUsedMiB ?? 0,
          memoryTotalMiB: memoryTotalMiB ?? 0,
          ...(utilizationPercent === null ? {} : { utilisationPercent: utilizationPercent }),
        }))
    },
    close: () => processes.close(),
  }
}
