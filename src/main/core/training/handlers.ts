import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { CheckpointFolder, training as contract } from '../../../shared/contract/training.ts'
import { formFromCommand, valueOf, type LaunchCommand } from '../../../shared/domain/launch/launchForm.ts'
import { outputFolders, readCheckpoints } from './logs/checkpoints.ts'
import { inspectLog } from './logs/inspect.ts'
import type { LogIndex } from './logs/logIndex.ts'
import type { ParsedLog } from './logs/readLog.ts'
import { assembleRuns, resolveOutput, type AssembledRun } from './logs/runs.ts'
import { readSeries } from './logs/series.ts'
import { readTrainerState } from './logs/trainerState.ts'
import { readGpuHistory } from './monitor/gpuHistory.ts'
import type { GpuMonitor } from './monitor/gpus.ts'
import { createProcessRuns, isProcessRun, withoutPaths } from './processRuns.ts'
import { allGpus } from './processes/gpuSets.ts'
import { detectPythons } from './processes/pythons.ts'
import type { SupervisedProcesses } from './processes/supervisedProcesses.ts'
import { logFolders } from './slurm/logPaths.ts'
import type { SlurmJobs } from './slurm/slurmJobs.ts'

/** What the operations work with. */
export type TrainingParts = {
  processes: SupervisedProcesses
  index: LogIndex
  gpus: GpuMonitor
  slurm: SlurmJobs
}

/** Answers the `training.*`, `logs.*` and `slurm.*` operations. */
export function trainingHandlers(parts: TrainingParts): Handlers<typeof contract> {
  const { processes, index, gpus, slurm } = parts
  const processRuns = createProcessRuns({ processes, index })

  async function runOf(workspace: string, id: string): Promise<AssembledRun> {
    if (isProcessRun(id)) return processRuns.consoleRun(id)
    const run = assembleRuns(workspace, index.logs(workspace)).find((candidate) => candidate.id === id)
    if (!run)
      throw new AppError('not-found', `There is no training run ${id} in ${workspace}.`, {
        hint: 'parallax logs index reads the logs again.',
      })
    return run
  }

  /** The log as it is on disk now: what was added since the last look is read first. */
  async function current(workspace: string, path: string): Promise<ParsedLog> {
    try {
      await index.refresh(workspace, path)
    } catch (caught) {
      // A log that was removed can still be shown as it was.
      const known = index.load(path)
      if (!known) throw caught
      return known
    }
    return index.load(path)!
  }

  return {
    'training.start': ({ workspace, argv, env, cwd, title, python, force }) =>
      processes.start({
        workspace,
        argv,
        env,
        cwd: cwd ?? workspace,
        title: title ?? nameOf({ argv, env }),
        python,
        force,
      }),
    'training.list': ({ workspace }) => processes.list(workspace),
    'training.show': ({ id }) => processes.show(id),
    'training.stop': ({ id, now }) => processes.stop(id, { now }),
    'training.forget': ({ id }) => {
      processRuns.forget(id)
      return { removed: processes.forget(id) }
    },
    'training.watch': ({ id }, signal) => processes.watch(id, signal),
    'training.tail': ({ id, ...which }, signal) => processes.tail(id, which, signal),
    'training.queue': () => processes.queue(),

    'training.runs': ({ workspace }) =>
      assembleRuns(resolve(workspace), index.logs(resolve(workspace))).map(withoutPaths),
    'training.series': async ({ workspace: given, run: id, ...options }) => {
      const workspace = resolve(given)
      const run = await runOf(workspace, id)
      // What a process prints is indexed apart from its workspace.
      const owner = isProcessRun(id) ? id : workspace
      return readSeries(await Promise.all(run.seriesPaths.map((path) => current(owner, path))), options)
    },
    'training.checkpoints': async ({ workspace: given, run: id, outputDir }) => {
      const workspace = resolve(given)
      if (id === undefined && outputDir === undefined)
        throw new AppError('usage', 'No run and no output folder was named.')
      const run = id === undefined ? undefined : await runOf(workspace, id)
      const folders = run ? run.outputDirs : [outputDir!]
      const found = (
        await Promise.all(folders.map((folder) => outputFolders(resolveOutput(workspace, folder))))
      ).flat()
      const facts = run?.facts
      return Promise.all(
        [...new Set(found)].map(async (folder): Promise<CheckpointFolder> => {
          const known = { facts, lastStep: run?.lastStep, hasEnded: run?.launches.at(-1)?.hasEnded }
          const plain = await readCheckpoints(folder, known)
          const bestCheckpoint = await bestCheckpointOf(plain, facts?.trainingArgs?.['metric_for_best_model'])
          return bestCheckpoint === null ? plain : readCheckpoints(folder, { ...known, bestCheckpoint })
        }),
      )
    },
    'training.monitor': ({ id }) => processRuns.monitor(id),
    'training.gpuHistory': async ({ id, maxPoints }) => {
      const { gpus: used } = processes.show(id)
      const isWanted = (number: number) => {
        const uuid = gpus.known()?.find((gpu) => gpu.index === number)?.uuid
        return [allGpus, String(number), uuid].some((name) => name !== undefined && used.includes(name))
      }
      return readGpuHistory(processes.folder(id), isWanted, maxPoints)
    },
    'training.gpus': () => gpus.read(),
    'training.pythons': ({ workspace }) => detectPythons(workspace),

    'logs.inspect': ({ path }) => inspectLog(resolve(path)),
    'logs.index': ({ workspace }) => index.scan(resolve(workspace)),

    'slurm.available': () => slurm.available(),
    'slurm.submit': async ({ workspace: given, script, cwd, text: written, name, env }) => {
      const workspace = resolve(given)
      const folder = resolve(cwd ?? workspace)
      const path = resolve(folder, script)
      if (written !== undefined) await writeNewScript(allowed(path, workspace), written)
      const text = await readFile(path, 'utf8').catch((caught: unknown) => {
        throw toAppError(caught, path)
      })
      // Slurm does not make the folders of its logs, and then the job ends without a word.
      for (const logFolder of logFolders(text, folder)) await mkdir(logFolder, { recursive: true })
      return slurm.submit({
        workspace,
        script: path,
        text,
        cwd: folder,
        env,
        ...(name === undefined ? {} : { name }),
      })
    },
    'slurm.list': ({ workspace }) => slurm.list(resolve(workspace)),
    'slurm.jobs': ({ jobIds }) => slurm.jobs(jobIds),
    'slurm.cancel': async ({ jobId }) => {
      await slurm.cancel(jobId)
      return { cancelled: true }
    },
    'slurm.forget': ({ jobId }) => ({ removed: slurm.forget(jobId) }),
    'slurm.tail': ({ jobId, ...which }, signal) => slurm.tail(jobId, which, signal),
  }
}

/** What people call a command: the folder it writes into, if it names one. */
function nameOf(command: LaunchCommand): string | undefined {
  const folder = valueOf(formFromCommand(command), '--output_dir')
  return folder === undefined ? undefined : basename(resolve(folder)) || undefined
}

/** @throws AppError `conflict` when the file exists, or what the system says. */
async function writeNewScript(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
  } catch (caught) {
    throw toAppError(caught, path)
  }
}

/** best_model_checkpoint of the newest checkpoint, when the run keeps a best one. */
async function bestCheckpointOf(
  folder: CheckpointFolder,
  metric: string | undefined,
): Promise<string | null> {
  const latest = folder.checkpoints.findLast(({ hasTrainerState }) => hasTrainerState)
  if (!latest || metric === undefined || metric === 'None') return null
  const { fields } = await readTrainerState(join(latest.path, 'trainer_state.json'))
  const best = fields['best_model_checkpoint']
  return typeof best === 'string' ? best : null
}

/** @throws AppError `permission` for a path outside the workspace. */
function allowed(path: string, workspace: string): string {
  const full = resolve(path)
  const way = relative(workspace, full)
  if (way !== '..' && !way.startsWith(`..${sep}`)) return full
  throw new AppError('permission', `${full} lies outside the workspace.`, {
    hint: 'Choose a file inside the folder of the workspace.',
  })
}
