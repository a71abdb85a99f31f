/**
 * What a supervised process has logged so far: the training log it writes into its workspace, and its console output,
 * which is all there is of a script that writes no log.
 */
import { resolve } from 'node:path'
import type {
  Launch,
  ProcessMonitor,
  TrainingProcess,
  TrainingRun,
} from '../../../shared/contract/training.ts'
import { formFromCommand, valueOf } from '../../../shared/domain/launch/launchForm.ts'
import type { SupervisedProcesses } from './processes/supervisedProcesses.ts'
import type { LogIndex } from './logs/logIndex.ts'
import { stallLimitSeconds } from './logs/pace.ts'
import { assembleRun, assembleRuns, type AssembledRun } from './logs/runs.ts'
import type { IndexedLog } from './training.repository.ts'

/** A log begins with its process or a little later; clocks of log and system are read at different moments. */
const toleranceSeconds = 5
/** While the log of a process has not been found, its whole workspace is looked through again after so long. */
const searchEveryMs = 15_000
const prefix = 'process:'

export type ProcessRuns = ReturnType<typeof createProcessRuns>

/** Whether a run of `training.series` is the console output of a process. */
export const isProcessRun = (run: string): boolean => run.startsWith(prefix)

export function createProcessRuns({ processes, index }: { processes: SupervisedProcesses; index: LogIndex }) {
  /** Workspace run of each process, with the logs of that run, once it was found. */
  const found = new Map<string, { runId: string; paths: Set<string> }>()
  const searchedAt = new Map<string, number>()

  /** The console output of a process as a run of its own: stdout and stderr. */
  async function consoleRun(runId: string): Promise<AssembledRun> {
    const { title, stdoutPath, stderrPath } = processes.show(runId.slice(prefix.length))
    // Kept apart from every workspace, so that a scan does not take them for logs that are gone.
    for (const path of [stdoutPath, stderrPath]) await index.refresh(runId, path)
    return { ...assembleRun(runId, index.logs(runId)), experiment: title }
  }

  /** The run of the workspace whose output folder the command names. */
  async function workspaceRun(process: TrainingProcess): Promise<AssembledRun | undefined> {
    const { id, workspace, status } = process
    const known = found.get(id)
    if (known) {
      for (const path of known.paths) await index.refresh(workspace, path).catch(() => {})
      const run = assembleRuns(
        workspace,
        index.logs(workspace, (path) => known.paths.has(path)),
      ).find(({ id: runId }) => runId === known.runId)
      if (run && (launchOf(run, process) || status === 'ended')) return run
    }
    const isDue = Date.now() - (searchedAt.get(id) ?? -Infinity) > searchEveryMs
    if (!isDue && known) return undefined
    if (isDue) {
      searchedAt.set(id, Date.now())
      await index.scan(workspace)
    }
    const run = matchingRun(assembleRuns(workspace, index.logs(workspace)), process)
    if (run && launchOf(run, process))
      found.set(id, {
        runId: run.id,
        paths: new Set([...run.launches.map(({ path }) => path), ...run.seriesPaths]),
      })
    return run
  }

  return {
    /** The console output of a process as a run. @param runId `process:<id>`. */
    consoleRun,
    /** Forgets what a process has printed. */
    forget: (id: string) => index.forget(prefix + id),

    /** How far a process is; see `processMonitor` of the contract. @throws AppError `not-found`. */
    async monitor(id: string): Promise<ProcessMonitor> {
      const process = processes.show(id)
      const own = await workspaceRun(process)
      const printed = await consoleRun(prefix + id)
      const launch = own && launchOf(own, process)
      const run = launch && own.keys.length > 0 ? own : printed.keys.length > 0 ? printed : (own ?? null)
      return {
        run: run && withoutPaths(run),
        launch: launch ?? null,
        bar: barOf(index.logs(prefix + id)),
        silence: process.status === 'running' ? silenceOf(launch ? [launch] : printed.launches) : null,
      }
    },
  }
}

/** A run for pages: where its series come from is the engine's own. */
export function withoutPaths({ seriesPaths: _, ...run }: AssembledRun): TrainingRun {
  return run
}

/** The run that writes into the output folder of a command; of a log that names none, the run of the same name. */
export function matchingRun<Run extends TrainingRun>(
  runs: readonly Run[],
  { argv, env, cwd }: Pick<TrainingProcess, 'argv' | 'env' | 'cwd'>,
): Run | undefined {
  const written = valueOf(formFromCommand({ argv, env }), '--output_dir')
  if (written === undefined) return undefined
  const folder = resolve(cwd, written)
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  return (
    runs.find(({ outputDirs }) => outputDirs.some((other) => resolve(cwd, other) === folder)) ??
    runs.find(({ experiment, outputDirs }) => outputDirs.length === 0 && experiment === name)
  )
}

/**
 * The launch of a run that a process has made: the first one that began when the process did, by the log's clock, which is this
 * machine's; where that shows another zone, the newest one that was written to since.
 */
export function launchOf(
  run: Pick<TrainingRun, 'launches'>,
  { startedAt, createdAt, endedAt }: Pick<TrainingProcess, 'startedAt' | 'createdAt' | 'endedAt'>,
): Launch | undefined {
  const beganMs = startedAt ?? createdAt
  const main = run.launches.filter(({ siblingOf }) => siblingOf === null)
  const [from, to] = [logClock(beganMs) - toleranceSeconds, logClock(endedAt ?? Infinity)]
  return (
    main.find(({ startedAt: at }) => at !== null && at >= from && at <= to) ??
    main.findLast(
      ({ modifiedAt }) =>
        modifiedAt >= beganMs && (endedAt === null || modifiedAt <= endedAt + toleranceSeconds * 1000),
    )
  )
}

/** What a clock of this machine shows at a moment, counted in seconds as logs are. */
function logClock(ms: number): number {
  return Number.isFinite(ms) ? ms / 1000 - new Date(ms).getTimezoneOffset() * 60 : ms
}

/** The bar of the output that was written to last. */
function barOf(logs: readonly IndexedLog[]): ProcessMonitor['bar'] {
  return (
    logs.toSorted((a, b) => a.modifiedMs - b.modifiedMs).findLast(({ summary }) => summary.progress)?.summary
      .progress ?? null
  )
}

/** Set when the log that has a pace was not written to for much longer than that. */
function silenceOf(launches: readonly Launch[]): ProcessMonitor['silence'] {
  const paced = launches.find(({ usualGapSeconds }) => usualGapSeconds !== null)
  if (!paced) return null
  const [seconds, usualSeconds] = [(Date.now() - paced.modifiedAt) / 1000, paced.usualGapSeconds!]
  return seconds > stallLimitSeconds(usualSeconds) ? { seconds, usualSeconds } : null
}
