/** Experiments: the lab book, launch forms, configs, and what was changed and came out. */
import { z } from 'zod'
import { commandKinds } from '../domain/launch/catalogue.ts'
import {
  commandLabels,
  labExperiment,
  labLine,
  labLink,
  labProblem,
  labSection,
  labTodo,
} from '../domain/labBook.ts'
import { score } from '../domain/score.ts'
import { command, query, type ContractPart } from './operation.ts'

/** One argument of a form as written; see `LaunchItem`. */
export const launchItem = z.object({
  id: z.number().int(),
  flag: z.string().nullable(),
  style: z.enum(['space', 'equals']),
  values: z.array(z.string()),
})
/** A command as a form; see `LaunchForm`. */
export const launchForm = z.object({
  env: z.array(z.object({ name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), value: z.string() })),
  stages: z.array(z.object({ program: z.string(), items: z.array(launchItem) })),
  script: z.string().nullable(),
  items: z.array(launchItem),
})
/** What a shell would set and pass. */
export const launchCommand = z.object({
  env: z.record(z.string(), z.string()),
  argv: z.array(z.string()).min(1),
})

/** How it is known what an experiment was built from. */
export const baseReason = z.enum(['chosen', 'copied', 'first-note', 'longer-name', 'sub-section'])
export type BaseReason = z.infer<typeof baseReason>

/** Which of the known texts a message is, and what is filled in, so that a page can say it in another language. */
const spokenText = {
  text: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
}

export const launchHint = z.object({
  id: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  hint: z.string().optional(),
  about: z.string().optional(),
  ...spokenText,
})

/** See `TrainingSize`. */
export const trainingSize = z.object({
  perDeviceBatchSize: z.number(),
  accumulationSteps: z.number(),
  worldSize: z.number().optional(),
  entriesPerStep: z.number().optional(),
  samplesPerStep: z.number().optional(),
  stepsPerEpoch: z.number().optional(),
  epochs: z.number().optional(),
  totalSteps: z.number().optional(),
  totalSamples: z.number().optional(),
  unknown: z.array(z.object({ message: z.string(), ...spokenText })),
})

export const launchDifference = z.object({
  place: z.enum(['env', 'launcher', 'script', 'argument']),
  name: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
})

/** What an import changed; names of experiments. */
export const importSummary = z.object({
  bookId: z.number().int(),
  path: z.string(),
  experiments: z.number().int(),
  commands: z.number().int(),
  lines: z.number().int(),
  added: z.array(z.string()),
  changed: z.array(z.string()),
  renamed: z.array(z.object({ from: z.string(), to: z.string() })),
  /** No longer in the file; kept with what was added to them. */
  missing: z.array(z.string()),
  problems: z.array(labProblem),
})
export type ImportSummary = z.infer<typeof importSummary>

const bookRef = { bookId: z.number().int().optional() }
/** `root` is the workspace; the folder of the newest lab book when left out. */
const rootRef = { root: z.string().optional() }

export const experimentNode = z.object({
  id: z.string(),
  name: z.string(),
  level: z.number().int(),
  parentId: z.string().nullable(),
  lines: z.tuple([z.number().int(), z.number().int()]),
  isMissing: z.boolean(),
  commands: z.record(z.enum(commandKinds), z.number().int()),
  notes: z.number().int(),
  todos: z.number().int(),
  problems: z.number().int(),
  tags: z.array(z.string()),
})
export type ExperimentNode = z.infer<typeof experimentNode>

/** Something the user added in the studio. */
export const addition = z.object({
  id: z.string(),
  kind: z.enum(['note', 'tag']),
  text: z.string(),
  commandId: z.string().nullable(),
  createdAt: z.number(),
})
export type Addition = z.infer<typeof addition>

export const experimentDetail = z.object({
  id: z.string(),
  bookId: z.number().int(),
  section: labSection,
  /** Ids of `section.commands`, in their order. */
  commandIds: z.array(z.string()),
  isMissing: z.boolean(),
  /** The experiment this one was built from, and how that is known. */
  base: z
    .object({
      name: z.string(),
      why: baseReason,
      /** The words that name it, and their line. */
      mention: z.string().optional(),
      line: z.number().int().optional(),
    })
    .nullable(),
  children: z.array(z.string()),
  links: z.array(labLink),
  backlinks: z.array(labLink),
  todos: z.array(labTodo),
  problems: z.array(labProblem),
  additions: z.array(addition),
})
export type ExperimentDetail = z.infer<typeof experimentDetail>

export const configEntry = z.object({
  key: z.string(),
  value: z.unknown(),
  raw: z.string(),
  line: z.number().int(),
  comment: z.string().optional(),
  section: z.string().optional(),
})
export const configFile = z.object({
  path: z.string(),
  text: z.string(),
  hash: z.string(),
  entries: z.array(configEntry),
  problems: z.array(z.object({ line: z.number().int(), key: z.string().optional(), message: z.string() })),
})
const configEdit = z.object({ key: z.string().min(1), raw: z.string().nullable() })
const configDifference = z.object({
  key: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
})

/** One column of the config matrix: an experiment, or one of its runs. */
export const matrixColumn = z.object({
  experimentId: z.string(),
  experiment: z.string(),
  run: z.string().nullable(),
  config: z.string().nullable(),
  /** Why the config's values are missing. */
  reason: z.string().nullable(),
  /** Index of the column it was built from. */
  base: z.number().int().nullable(),
})
/** One setting over all columns, values as written; null where it is not set. */
export const matrixRow = z.object({
  key: z.string(),
  source: z.enum(['config', 'command']),
  cells: z.array(z.string().nullable()),
})
export const configMatrix = z.object({
  columns: z.array(matrixColumn),
  rows: z.array(matrixRow),
  /** Per column what differs from its base, as indices of `rows`. */
  changes: z.array(z.array(z.number().int())),
})
export type ConfigMatrix = z.infer<typeof configMatrix>

export const labEntry = z.object({
  experiment: z.string().min(1),
  run: z.string().optional(),
  kind: z.enum(commandKinds),
  command: launchCommand,
  step: z.number().int().nonnegative().optional(),
  machine: z
    .string()
    .regex(/^\w{1,16}$/)
    .optional(),
  scores: z.record(z.string(), z.string()).optional(),
  remark: z.string().max(500).optional(),
})

export const slurmSettings = z.object({
  jobName: z.string().min(1),
  partition: z.string().optional(),
  nodes: z.number().int().positive().optional(),
  gpus: z.number().int().nonnegative().optional(),
  cpusPerTask: z.number().int().positive().optional(),
  memory: z.string().optional(),
  time: z.string().optional(),
  account: z.string().optional(),
  qos: z.string().optional(),
  nodelist: z.string().optional(),
  logFolder: z.string().optional(),
  workingFolder: z.string().optional(),
  condaEnvironment: z.string().optional(),
  /** One task for each value of an argument. */
  array: z
    .object({
      flag: z.string().min(1),
      values: z.array(z.string()).max(1000),
      atOnce: z.number().int().positive().optional(),
    })
    .optional(),
})

export const launchTemplate = z.object({
  id: z.string(),
  name: z.string(),
  form: launchForm,
  createdAt: z.number(),
})
export type LaunchTemplate = z.infer<typeof launchTemplate>

export const experiments = {
  /** Reads a lab book, or reads it again: what is known is updated, nothing is doubled. */
  'experiments.import': command({
    input: z.object({ path: z.string().min(1), ...rootRef }),
    output: importSummary,
  }),
  'experiments.books': query({
    input: z.object({}),
    output: z.array(
      z.object({
        bookId: z.number().int(),
        path: z.string(),
        root: z.string(),
        importedAt: z.number(),
        isChanged: z.boolean(),
      }),
    ),
  }),
  'experiments.forget': command({
    input: z.object({ bookId: z.number().int() }),
    output: z.object({ removed: z.boolean() }),
  }),
  /** The newest lab book, or the one given, in the documented shape. */
  'experiments.list': query({
    input: z.object(bookRef),
    output: z.object({ experiments: z.array(labExperiment) }),
  }),
  'experiments.tree': query({ input: z.object(bookRef), output: z.array(experimentNode) }),
  /** One experiment by id or name. */
  'experiments.show': query({
    input: z.object({ experiment: z.string().min(1), ...bookRef }),
    output: experimentDetail,
  }),
  /** What every line of the log became. */
  'experiments.report': query({
    input: z.object(bookRef),
    output: z.object({
      path: z.string(),
      counts: z.record(z.string(), z.number().int()),
      lines: z.array(labLine),
      /** The lines as they stand in the file; null when it was changed or removed since it was read. */
      text: z.array(z.string()).nullable(),
      problems: z.array(labProblem),
      todos: z.array(labTodo),
      /** Parts of the book that are no experiments. */
      parts: z.array(labSection),
    }),
  }),
  /** Problems of the log, and hints for every recorded command. */
  'experiments.check': query({
    input: z.object({ experiment: z.string().optional(), ...bookRef }),
    output: z.object({
      problems: z.array(labProblem),
      commands: z.array(
        z.object({
          experiment: z.string(),
          commandId: z.string(),
          line: z.number().int(),
          kind: z.enum(commandKinds),
          hints: z.array(launchHint),
        }),
      ),
    }),
  }),
  'experiments.annotate': command({
    input: z.object({
      experimentId: z.string(),
      kind: z.enum(['note', 'tag']),
      text: z.string().min(1).max(20_000),
      commandId: z.string().optional(),
    }),
    output: addition,
  }),
  'experiments.removeAddition': command({
    input: z.object({ id: z.string() }),
    output: z.object({ removed: z.boolean() }),
  }),
  /** Says which experiment one was built from; null goes back to what the log says. */
  'experiments.setBase': command({
    input: z.object({ experimentId: z.string(), base: z.string().nullable() }),
    output: z.object({ base: z.string().nullable() }),
  }),

  /** A recorded command, a command, or a line from a terminal as a form. */
  'experiments.form': query({
    input: z.union([
      z.object({ commandId: z.string() }),
      launchCommand,
      z.object({ text: z.string().min(1).max(100_000) }),
    ]),
    output: z.object({
      form: launchForm,
      kind: z.enum(commandKinds).nullable(),
      labels: commandLabels.nullable(),
      experiment: z.string().nullable(),
    }),
  }),
  'experiments.command': query({
    input: z.object({ form: launchForm, against: launchForm.optional() }),
    output: z.object({
      env: z.record(z.string(), z.string()),
      argv: z.array(z.string()),
      shell: z.string(),
      differences: z.array(launchDifference),
    }),
  }),
  'experiments.debugCopy': query({
    input: z.object({ form: launchForm }),
    output: z.object({ form: launchForm, differences: z.array(launchDifference) }),
  }),
  'experiments.slurm': query({
    input: z.object({ form: launchForm, settings: slurmSettings }),
    output: z.object({ script: z.string() }),
  }),
  /** Hints and sizes of a form, with the facts of this machine and workspace. */
  'experiments.hints': query({
    input: z.object({ form: launchForm, experiment: z.string().optional(), ...rootRef }),
    output: z.object({
      hints: z.array(launchHint),
      size: trainingSize.nullable(),
      entries: z.number().int().nullable(),
      checkpointSteps: z.array(z.number().int()),
    }),
  }),
  'experiments.freePort': query({
    input: z.object({ from: z.number().int().min(1024).max(65_000).default(29_500) }),
    output: z.object({ port: z.number().int() }),
  }),

  'experiments.config.list': query({ input: z.object(rootRef), output: z.array(z.string()) }),
  'experiments.config.read': query({
    input: z.object({ path: z.string().min(1), ...rootRef }),
    output: configFile,
  }),
  /** The text an edit would give, and its diff; writes nothing. */
  'experiments.config.preview': query({
    input: z.object({ path: z.string().min(1), edits: z.array(configEdit), ...rootRef }),
    output: z.object({ text: z.string(), patch: z.string(), hash: z.string() }),
  }),
  /** Applies edits, or a whole text, to the file that has `hash`. */
  'experiments.config.save': command({
    input: z.object({
      path: z.string().min(1),
      hash: z.string(),
      edits: z.array(configEdit).optional(),
      text: z.string().optional(),
      ...rootRef,
    }),
    output: configFile,
  }),
  /** A new config as a copy of another, with edits; never overwrites. */
  'experiments.config.create': command({
    input: z.object({
      from: z.string().min(1),
      path: z.string().min(1),
      edits: z.array(configEdit).default([]),
      ...rootRef,
    }),
    output: configFile,
  }),
  'experiments.config.diff': query({
    input: z.object({ before: z.string().min(1), after: z.string().min(1), ...rootRef }),
    output: z.object({ differences: z.array(configDifference), patch: z.string() }),
  }),
  'experiments.matrix': query({ input: z.object({ ...bookRef, ...rootRef }), output: configMatrix }),
  /** What was changed between experiments and what came out, side by side. */
  'experiments.compare': query({
    input: z.object({ experiments: z.array(z.string().min(1)).min(2).max(50), ...bookRef, ...rootRef }),
    output: z.object({
      columns: z.array(matrixColumn),
      /** Settings that are not the same in all columns. */
      changed: z.array(matrixRow),
      /** Losses and scores noted in the log, by name; one list of values per column. */
      noted: z.array(
        z.object({
          name: z.string(),
          cells: z.array(z.array(z.object({ line: z.number().int(), value: z.number() }))),
        }),
      ),
      /** Scores known to the studio. */
      scores: z.array(z.object({ name: z.string(), cells: z.array(score.nullable()) })),
    }),
  }),

  /** The change a finished run would make to the log; writes nothing. */
  'experiments.propose': query({
    input: z.object({ entry: labEntry, ...bookRef }),
    output: z.object({ before: z.string(), after: z.string(), patch: z.string(), hash: z.string() }),
  }),
  /** Writes the proposed change when the file still has `hash`, and reads it again. */
  'experiments.append': command({
    input: z.object({ entry: labEntry, hash: z.string(), ...bookRef }),
    output: z.object({ patch: z.string(), import: importSummary }),
  }),

  'experiments.templates.list': query({ input: z.object({}), output: z.array(launchTemplate) }),
  'experiments.templates.save': command({
    input: z.object({ name: z.string().min(1).max(200), form: launchForm }),
    output: launchTemplate,
  }),
  'experiments.templates.remove': command({
    input: z.object({ id: z.string() }),
    output: z.object({ removed: z.boolean() }),
  }),
} satisfies ContractPart
