/** Training: supervised processes, their logs as curves, checkpoints, GPUs, Slurm jobs. */
import { z } from 'zod'
import { command, query, stream, type ContractPart } from './operation.ts'

/** A logged number. JSON has no NaN and no infinities; a diverged loss is the string. */
export const logNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
export type LogNumber = z.infer<typeof logNumber>

/** Something in a log worth a look. `note`: a fact; `warning`: may be wrong; `error`: is wrong. */
export const logAnomaly = z.object({
  code: z.enum([
    'empty-file',
    'no-metrics',
    'several-processes',
    'several-writers',
    'resumed',
    'end-of-training',
    'ends-without-summary',
    'no-other-info',
    'no-total-loss',
    'two-kinds',
    'non-finite',
    'loss-explosion',
    'stall',
    'regular-pauses',
    'clock-backwards',
    'steps-backwards',
    'steps-repeated',
    'traceback',
    'binary',
    'cut-line',
  ]),
  severity: z.enum(['note', 'warning', 'error']),
  message: z.string(),
  /** What the sentence of this code needs in any language. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  key: z.string().optional(),
  /** Line of the file, counted from 1. */
  line: z.number().optional(),
  step: z.number().optional(),
})
export type LogAnomaly = z.infer<typeof logAnomaly>

/** A tqdm bar as it stood last. */
export const progressBar = z.object({
  name: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  elapsedSeconds: z.number(),
  remainingSeconds: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
})

/** What a log says besides metrics. Values are Python literals as JSON; secrets are masked. */
export const logFacts = z.object({
  modelArgs: z.record(z.string(), z.unknown()).optional(),
  dataArgs: z.record(z.string(), z.unknown()).optional(),
  trainingArgs: z.record(z.string(), z.string()).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  totalEntries: z.number().optional(),
  splits: z.array(z.string()).optional(),
  totalParameters: z.number().optional(),
  trainableParameters: z.number().optional(),
  trainablePercent: z.number().optional(),
  gradientAccumulationSteps: z.number().optional(),
  outputDir: z.string().optional(),
  callbacks: z.array(z.string()).optional(),
  notes: z.array(z.string()).optional(),
})
export type LogFacts = z.infer<typeof logFacts>

/** A key that can be plotted. `id` names it in `training.series`; `name` is what the log calls it. */
export const seriesKey = z.object({
  id: z.string(),
  name: z.string(),
  table: z.enum(['step', 'loss', 'indices', 'console', 'state']),
  section: z.enum(['line', 'info', 'timing']),
})
export type SeriesKey = z.infer<typeof seriesKey>

/**
 * One log. A metric line is a `[ Step N ]` or a `total_loss:` record; `keys`, `first` and `last` cover them (and the
 * dicts HF prints on the console, where a file has those). Times are seconds since 1970 of the log's own clock, which
 * names no time zone; `spanSeconds` is last minus first record.
 */
export const logInspection = z.object({
  metricLines: z.number(),
  keys: z.array(z.string()),
  first: z.record(z.string(), logNumber),
  last: z.record(z.string(), logNumber),
  /** First and last value of each key by kind of line; keys inside Other Info and Timing are `other_info.x` and `timing.x`. */
  firstLast: z.record(z.string(), z.record(z.string(), z.tuple([logNumber, logNumber]))),
  spanSeconds: z.number().nullable(),
  anomalies: z.array(logAnomaly),
  stepLines: z.number(),
  lossLines: z.number(),
  indicesLines: z.number(),
  consoleLines: z.number(),
  firstStep: z.number().nullable(),
  lastStep: z.number().nullable(),
  firstTime: z.number().nullable(),
  lastTime: z.number().nullable(),
  bytes: z.number(),
  lines: z.number(),
  processIds: z.array(z.number()),
  warnings: z.array(z.object({ level: z.string(), text: z.string(), count: z.number(), line: z.number() })),
  facts: logFacts,
  progress: progressBar.nullable(),
  /** Optimizer steps per second over the newest 100 step lines. */
  stepsPerSecond: z.number().nullable(),
  /** Median time between two metric lines. */
  usualGapSeconds: z.number().nullable(),
  /** How many micro-batches `Loss` adds up; 1 when it is a mean. */
  lossSum: z.number().nullable(),
  /** What can be plotted of it. */
  series: z.array(seriesKey),
})
export type LogInspection = z.infer<typeof logInspection>

/** What a scan of a workspace's logs did. `readBytes` counts only what was new. */
export const logScan = z.object({
  files: z.number(),
  readFiles: z.number(),
  readBytes: z.number(),
  removedFiles: z.number(),
  seconds: z.number(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
})
export type LogScan = z.infer<typeof logScan>

/** One start of a training script: one log file. `siblingOf` marks the near-empty log of another rank of that launch. */
export const launch = z.object({
  path: z.string(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  bytes: z.number(),
  metricLines: z.number(),
  firstStep: z.number().nullable(),
  lastStep: z.number().nullable(),
  hasEnded: z.boolean(),
  siblingOf: z.string().nullable(),
  gradientAccumulationSteps: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
  usualGapSeconds: z.number().nullable(),
  lossSum: z.number().nullable(),
  /** When the file was last written to, milliseconds since 1970 of this machine's clock. */
  modifiedAt: z.number(),
})
export type Launch = z.infer<typeof launch>

/** All launches of one experiment, oldest first. */
export const trainingRun = z.object({
  /** Folder of the launches, relative to the workspace with forward slashes. */
  id: z.string(),
  experiment: z.string(),
  launches: z.array(launch),
  keys: z.array(seriesKey),
  metricLines: z.number(),
  firstStep: z.number().nullable(),
  lastStep: z.number().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  lastLoss: logNumber.nullable(),
  outputDirs: z.array(z.string()),
  facts: logFacts,
  anomalies: z.array(logAnomaly.extend({ path: z.string() })),
})
export type TrainingRun = z.infer<typeof trainingRun>

export const seriesRequest = z.object({
  workspace: z.string(),
  /** Id of a run of `training.runs` or `training.monitor`. */
  run: z.string(),
  /** Key ids or plain names. */
  keys: z.array(z.string()).min(1),
  /** Only this stretch of the x axis: steps, or seconds since 1970. */
  from: z.number().optional(),
  to: z.number().optional(),
  maxPoints: z.number().int().min(4).max(1_000_000).default(2000),
  x: z.enum(['step', 'time']).default('step'),
  /** EMA weight of the past, 0 (off) up to but not 1; one number for all keys or one per key. */
  smoothing: z.union([z.number(), z.record(z.string(), z.number())]).default(0),
  /** Divide `Loss` by the number of micro-batches it adds up (`lossSum`). */
  perMicroBatch: z.boolean().default(false),
})

/** One curve. `x` is the optimizer step, or seconds since 1970 (log clock); `y` is null where a NaN breaks the line. */
export const series = z.object({
  key: seriesKey,
  x: z.array(z.number()),
  y: z.array(z.number().nullable()),
  smoothed: z.array(z.number().nullable()).optional(),
  /** Points before thinning out. */
  points: z.number(),
  /** Values that are no numbers: the first hundred, and the last of all. */
  nonFinite: z.array(z.object({ x: z.number(), value: logNumber })),
  /** What `x` counts when the log has no step numbers. */
  stepSource: z.enum(['logged', 'counted']),
})
export type Series = z.infer<typeof series>

/** A checkpoint folder. `willBeDeleted`: `save_total_limit` removes it at the next save. */
export const checkpoint = z.object({
  path: z.string(),
  step: z.number(),
  bytes: z.number(),
  modifiedAt: z.number(),
  hasModel: z.boolean(),
  hasTrainerState: z.boolean(),
  /** Has what a resume needs: model, optimizer and scheduler. */
  canResume: z.boolean(),
  willBeDeleted: z.boolean(),
  isLatest: z.boolean(),
})
export type Checkpoint = z.infer<typeof checkpoint>

export const checkpointFolder = z.object({
  outputDir: z.string(),
  checkpoints: z.array(checkpoint),
  saveSteps: z.number().nullable(),
  saveTotalLimit: z.number().nullable(),
  /** Steps where a checkpoint was due and is gone, pruned or never written. */
  gaps: z.array(z.number()),
  nextSaveStep: z.number().nullable(),
  /** Whether training has written its end result into the folder itself. */
  hasFinalModel: z.boolean(),
  /** Saved at the end of epochs, not every `saveSteps`. */
  isByEpoch: z.boolean(),
})
export type CheckpointFolder = z.infer<typeof checkpointFolder>

/** How a process ended. `text` says it in English; `kind`, `detail` and `hints` are what a page needs to say it in any language. */
export const exitReason = z.object({
  kind: z.enum(['finished', 'failed', 'killed', 'out-of-memory', 'stopped', 'lost', 'not-started']),
  text: z.string(),
  /** What the program or the system said: an exception, or the last line. */
  detail: z.string().nullable().default(null),
  hints: z
    .array(
      z.enum([
        'maybe-memory',
        'not-memory',
        'memory-limit',
        'native-crash',
        'native-abort',
        'shared-memory',
        'terminal-closed',
        'disk-full',
        'last-words',
        'from-queue',
      ]),
    )
    .default([]),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  traceback: z.string().nullable(),
})
export type ExitReason = z.infer<typeof exitReason>
export type ExitHint = ExitReason['hints'][number]

export const processStatus = z.enum(['queued', 'starting', 'running', 'stopping', 'ended'])

/** A supervised training process. Arguments and environment are masked. Times are milliseconds since 1970. */
export const trainingProcess = z.object({
  id: z.string(),
  title: z.string(),
  workspace: z.string(),
  cwd: z.string(),
  /** As it was asked for, so that it can be compared with the record and started again. */
  argv: z.array(z.string()),
  /** Path of the program that was really started, after the PATH and the chosen Python. */
  program: z.string().optional(),
  /** What was set on top of the engine's environment. */
  env: z.record(z.string(), z.string()),
  gpus: z.array(z.string()),
  status: processStatus,
  pid: z.number().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  reason: exitReason.nullable(),
  /** How many processes it started still run although it has ended. */
  leftBehind: z.number(),
  stdoutPath: z.string(),
  stderrPath: z.string(),
  /** Why it waits, while queued. */
  waitsFor: z.array(z.string()),
})
export type TrainingProcess = z.infer<typeof trainingProcess>

/** Bytes of a live file as text. `offset` is where the next piece begins. */
export const tailPiece = z.object({
  text: z.string(),
  offset: z.number(),
  isEnd: z.boolean(),
  /** Where the stream began, on its first piece: what stands before was left out. */
  beginsAt: z.number().optional(),
})
export type TailPiece = z.infer<typeof tailPiece>

export const gpu = z.object({
  index: z.number(),
  uuid: z.string(),
  name: z.string(),
  utilizationPercent: z.number().nullable(),
  memoryUsedMiB: z.number().nullable(),
  memoryTotalMiB: z.number().nullable(),
  temperatureCelsius: z.number().nullable(),
  powerWatts: z.number().nullable(),
  powerLimitWatts: z.number().nullable(),
  processes: z.array(z.object({ pid: z.number(), memoryMiB: z.number().nullable() })),
})
export type Gpu = z.infer<typeof gpu>
/** `reason` says why the list is empty. */
export const gpuReport = z.object({ gpus: z.array(gpu), at: z.number(), reason: z.string().optional() })
export type GpuReport = z.infer<typeof gpuReport>

export const python = z.object({
  path: z.string(),
  kind: z.enum(['venv', 'conda', 'path']),
  /** Name of the environment, for people. */
  name: z.string(),
  version: z.string().nullable(),
  /** Why it cannot be used. */
  problem: z.string().optional(),
  isActive: z.boolean(),
})
export type Python = z.infer<typeof python>

export const slurmJob = z.object({
  jobId: z.string(),
  /** Number of the job itself: every task of an array has one of its own. */
  ownId: z.string(),
  /** Slurm's word: PENDING, RUNNING, COMPLETED, FAILED, OUT_OF_MEMORY, … */
  state: z.string(),
  isOver: z.boolean(),
  name: z.string(),
  elapsed: z.string(),
  node: z.string(),
  /** Why it waits or ended. */
  reason: z.string(),
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
})
export type SlurmJob = z.infer<typeof slurmJob>

/** A script handed to Slurm here, with the tasks it became, as Slurm told last. Times are milliseconds since 1970. */
export const slurmSubmission = z.object({
  jobId: z.string(),
  cluster: z.string().nullable(),
  name: z.string(),
  workspace: z.string(),
  script: z.string(),
  cwd: z.string(),
  /** Where its output goes; `%a` and `%j` stand for what differs between the tasks of an array. */
  stdoutPath: z.string(),
  stderrPath: z.string(),
  isArray: z.boolean(),
  submittedAt: z.number(),
  /** One for a plain job; empty while Slurm has not told yet. */
  tasks: z.array(slurmJob),
  isOver: z.boolean(),
  /** Slurm forgets ended jobs; the last known state stays. */
  isForgotten: z.boolean(),
})
export type SlurmSubmission = z.infer<typeof slurmSubmission>

/** How far a supervised process is. */
export const processMonitor = z.object({
  /** The run it logs into: of its workspace, or (`process:<id>`) its console output; null while neither says anything. */
  run: trainingRun.nullable(),
  /** Its own start in that run. */
  launch: launch.nullable(),
  /** The bar it draws on its console, as it stood last. */
  bar: progressBar.nullable(),
  /** Set when nothing was logged for much longer than a step takes. */
  silence: z.object({ seconds: z.number(), usualSeconds: z.number() }).nullable(),
})
export type ProcessMonitor = z.infer<typeof processMonitor>

/** Use of one GPU while a process ran; x in seconds since 1970, values null where the driver does not say. */
export const gpuHistory = z.object({
  index: z.number(),
  x: z.array(z.number()),
  utilizationPercent: z.array(z.number().nullable()),
  memoryMiB: z.array(z.number().nullable()),
  memoryTotalMiB: z.number().nullable(),
})
export type GpuHistory = z.infer<typeof gpuHistory>

const inWorkspace = z.object({ workspace: z.string() })
const processRef = z.object({ id: z.string() })

export const training = {
  /** Starts a script, or queues it while another process uses one of its GPUs. */
  'training.start': command({
    input: z.object({
      workspace: z.string(),
      argv: z.array(z.string()).min(1),
      env: z.record(z.string(), z.string()).default({}),
      /** Default: the workspace. */
      cwd: z.string().optional(),
      title: z.string().optional(),
      /** Python to use in place of `python`/`python3`, and whose folder comes first on PATH. */
      python: z.string().optional(),
      /** Start at once although a GPU is taken. */
      force: z.boolean().default(false),
    }),
    output: trainingProcess,
  }),
  'training.list': query({
    input: z.object({ workspace: z.string().optional() }),
    output: z.array(trainingProcess),
  }),
  'training.show': query({ input: processRef, output: trainingProcess }),
  /** SIGINT, then SIGTERM, then SIGKILL to the whole group; `now` goes straight to SIGKILL. Answers when it is over. */
  'training.stop': command({
    input: processRef.extend({ now: z.boolean().default(false) }),
    output: trainingProcess,
  }),
  'training.forget': command({ input: processRef, output: z.object({ removed: z.boolean() }) }),
  /** The process each time it changes, all of them without `id`. Begins with the present state. */
  'training.watch': stream({ input: z.object({ id: z.string().optional() }), output: trainingProcess }),
  /** Output as it is written, in whole characters and without gaps. Ends with the process unless `follow` is off. */
  'training.tail': stream({
    input: processRef.extend({
      stream: z.enum(['stdout', 'stderr']).default('stdout'),
      /** Byte to begin at; or the last `lastBytes` of what is there. */
      fromOffset: z.number().int().nonnegative().optional(),
      lastBytes: z.number().int().positive().optional(),
      follow: z.boolean().default(true),
    }),
    output: tailPiece,
  }),
  /** What runs and what waits, in order. */
  'training.queue': query({
    input: z.object({}),
    output: z.object({ running: z.array(trainingProcess), queued: z.array(trainingProcess) }),
  }),
  'training.runs': query({ input: inWorkspace, output: z.array(trainingRun) }),
  'training.series': query({ input: seriesRequest, output: z.array(series) }),
  'training.checkpoints': query({
    input: inWorkspace.extend({ run: z.string().optional(), outputDir: z.string().optional() }),
    output: z.array(checkpointFolder),
  }),
  /** How far a process is: its run, its progress bar, whether it has gone silent. */
  'training.monitor': query({ input: processRef, output: processMonitor }),
  /** Use and memory of the GPUs a process may see, from its start to its end. */
  'training.gpuHistory': query({
    input: processRef.extend({ maxPoints: z.number().int().min(4).max(100_000).default(1000) }),
    output: z.array(gpuHistory),
  }),
  'training.gpus': query({ input: z.object({}), output: gpuReport }),
  'training.pythons': query({ input: inWorkspace, output: z.array(python) }),
  'logs.inspect': query({ input: z.object({ path: z.string() }), output: logInspection }),
  /** Reads what is new in the logs of a workspace. */
  'logs.index': command({ input: inWorkspace, output: logScan }),
  /** Whether `sbatch` is here. */
  'slurm.available': query({
    input: z.object({}),
    output: z.object({
      available: z.boolean(),
      version: z.string().nullable(),
      reason: z.string().optional(),
    }),
  }),
  /** Hands a script to Slurm and keeps it in the list. */
  'slurm.submit': command({
    input: z.object({
      workspace: z.string(),
      script: z.string(),
      cwd: z.string().optional(),
      /** Written to `script` first; a file that is there already is never replaced. */
      text: z.string().max(1_000_000).optional(),
      name: z.string().optional(),
      /** Secrets of the command: the job inherits them, no file and no argument holds them. */
      env: z.record(z.string(), z.string()).default({}),
    }),
    output: slurmSubmission,
  }),
  /** What was submitted from a workspace, newest first, with states as squeue and sacct tell them now. */
  'slurm.list': query({
    input: inWorkspace,
    output: z.object({
      jobs: z.array(slurmSubmission),
      /** Why the states may be old. */
      problem: z.string().optional(),
    }),
  }),
  'slurm.jobs': query({ input: z.object({ jobIds: z.array(z.string()) }), output: z.array(slurmJob) }),
  /** A whole job, or one task of an array (`12_3`). */
  'slurm.cancel': command({
    input: z.object({ jobId: z.string() }),
    output: z.object({ cancelled: z.boolean() }),
  }),
  /** Takes an ended job off the list; its files stay. */
  'slurm.forget': command({
    input: z.object({ jobId: z.string() }),
    output: z.object({ removed: z.boolean() }),
  }),
  /** Output of a job or a task of an array, from its file, waiting for the file and for the job to end. */
  'slurm.tail': stream({
    input: z.object({
      jobId: z.string(),
      stream: z.enum(['stdout', 'stderr']).default('stdout'),
      fromOffset: z.number().int().nonnegative().optional(),
      lastBytes: z.number().int().positive().optional(),
      follow: z.boolean().default(true),
    }),
    output: tailPiece,
  }),
} satisfies ContractPart
