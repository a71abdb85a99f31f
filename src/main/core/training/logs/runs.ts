/**
 * Runs from logs. Every start of the training script writes a log folder of its own, so one experiment has several
 * launches: failed starts, restarts, resumed ones, and the near-empty logs of ranks other than the first.
 */
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { Launch, LogInspection, SeriesKey, TrainingRun } from '../../../../shared/contract/training.ts'
import type { IndexedLog } from '../training.repository.ts'

const launchFolder = /^train_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/
/** Ranks of one launch open their folders within seconds of each other (0 to 6 s seen). */
const siblingSeconds = 15

/** A run with the logs its curves come from, oldest first. */
export type AssembledRun = TrainingRun & { seriesPaths: string[] }

/**
 * Groups the logs of a workspace into runs, newest activity first.
 *
 * @param workspace absolute path; ids and experiment names are relative to it.
 */
export function assembleRuns(workspace: string, logs: readonly IndexedLog[]): AssembledRun[] {
  const groups = new Map<string, IndexedLog[]>()
  for (const log of logs.filter(({ path }) => !path.endsWith('.json'))) {
    const id = runIdOf(workspace, log.path)
    groups.set(id, [...(groups.get(id) ?? []), log])
  }
  const runs = [...groups].map(([id, members]) => assembleRun(id, members))
  for (const state of logs.filter(({ path }) => path.endsWith('.json'))) attachState(workspace, runs, state)
  return runs.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || a.id.localeCompare(b.id))
}

/** `logs/group/exp/train_<time>/train.log` belongs to `logs/group/exp`; other `train.log` files to their folder; console logs stand alone. */
export function runIdOf(workspace: string, path: string): string {
  const folder = dirname(path)
  const owner = !/^train\.log(\.gz)?$/.test(basename(path))
    ? path
    : launchFolder.test(basename(folder))
      ? dirname(folder)
      : folder
  return relative(workspace, owner).split(sep).join('/') || '.'
}

/** One run from its logs. */
export function assembleRun(id: string, members: readonly IndexedLog[]): AssembledRun {
  const launches = members
    .map(toLaunch)
    .toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || a.path.localeCompare(b.path))
  markSiblings(launches, new Map(members.map((member) => [member.path, member])))
  const ordered = launches.map((launch) => members.find(({ path }) => path === launch.path)!)
  const measured = ordered.filter(({ summary }) => summary.metricLines + summary.consoleLines > 0)
  const told = ordered.findLast(({ summary }) => summary.facts.trainingArgs !== undefined) ?? ordered.at(-1)!
  const latest = measured.at(-1)?.summary
  const steps = measured.flatMap(({ summary }) =>
    summary.firstStep === null ? [] : [summary.firstStep, summary.lastStep ?? summary.firstStep],
  )
  return {
    id,
    experiment: basename(id).replace(/\.(log|out|err)(\.gz)?$/, ''),
    launches,
    keys: mergeKeys(ordered),
    metricLines: ordered.reduce((sum, { summary }) => sum + summary.metricLines, 0),
    firstStep: least(steps),
    lastStep: greatest(steps),
    startedAt: least(launches.flatMap(({ startedAt }) => startedAt ?? [])),
    endedAt: greatest(launches.flatMap(({ endedAt }) => endedAt ?? [])),
    lastLoss: latest?.last['Loss'] ?? latest?.last['total_loss'] ?? latest?.last['loss'] ?? null,
    outputDirs: [...new Set(ordered.flatMap(({ summary }) => summary.facts.outputDir ?? []))],
    facts: told.summary.facts,
    anomalies: ordered.flatMap(({ path, summary }) =>
      summary.anomalies.map((anomaly) => ({ ...anomaly, path })),
    ),
    seriesPaths: measured.map(({ path }) => path),
  }
}

function toLaunch({ path, summary, modifiedMs }: IndexedLog): Launch {
  return {
    path,
    startedAt: folderTime(path) ?? summary.firstTime,
    endedAt: summary.lastTime ?? folderTime(path),
    bytes: summary.bytes,
    metricLines: summary.metricLines,
    firstStep: summary.firstStep,
    lastStep: summary.lastStep,
    hasEnded: summary.anomalies.some(({ code }) => code === 'end-of-training'),
    siblingOf: null,
    gradientAccumulationSteps: summary.facts.gradientAccumulationSteps ?? null,
    stepsPerSecond: summary.stepsPerSecond,
    usualGapSeconds: summary.usualGapSeconds,
    lossSum: summary.lossSum,
    modifiedAt: modifiedMs,
  }
}

/** A log without arguments and metrics that was opened within seconds of one that has them is another rank's. */
function markSiblings(launches: Launch[], members: ReadonlyMap<string, IndexedLog>): void {
  const isMain = (launch: Launch) => members.get(launch.path)!.summary.facts.trainingArgs !== undefined
  const mains = launches.filter(isMain)
  for (const launch of launches) {
    if (isMain(launch) || launch.metricLines > 0 || launch.startedAt === null) continue
    const apart = (main: Launch) => Math.abs((main.startedAt ?? Infinity) - launch.startedAt!)
    const nearest = mains.toSorted((a, b) => apart(a) - apart(b))[0]
    if (nearest && apart(nearest) <= siblingSeconds) launch.siblingOf = nearest.path
  }
}

/** trainer_state.json goes to the run that wrote into its folder, else stands for a run of its own. */
function attachState(workspace: string, runs: AssembledRun[], state: IndexedLog): void {
  const folder = dirname(state.path)
  const outputDir = /^checkpoint-\d+$/.test(basename(folder)) ? dirname(folder) : folder
  const owner = runs.find((run) =>
    run.outputDirs.some((written) => resolveOutput(workspace, written) === outputDir),
  )
  if (owner) {
    owner.seriesPaths.push(state.path)
    owner.keys = mergeKeys([{ summary: { series: owner.keys } }, state])
    return
  }
  const id = relative(workspace, outputDir).split(sep).join('/') || '.'
  const run = assembleRun(id, [state])
  runs.push({ ...run, outputDirs: [id], endedAt: state.modifiedMs / 1000, seriesPaths: [state.path] })
}

/** The output folder as an absolute path; logs name it relative to the workspace, or as it was on another machine. */
export function resolveOutput(workspace: string, outputDir: string): string {
  return resolve(workspace, outputDir)
}

function mergeKeys(logs: readonly { summary: Pick<LogInspection, 'series'> }[]): SeriesKey[] {
  return [...new Map(logs.flatMap(({ summary }) => summary.series.map((key) => [key.id, key]))).values()]
}

/** The time in the name of the log's folder, in seconds of the log's own clock. */
function folderTime(path: string): number | null {
  const parts = launchFolder.exec(basename(dirname(path)))
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) / 1000
}

const least = (values: number[]) => (values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b)))
const greatest = (values: number[]) => (values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b)))
