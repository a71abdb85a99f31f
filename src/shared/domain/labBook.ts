/** What a lab book (a Markdown log of experiments) is read into. Schemas first; the types follow from them. */
import { z } from 'zod'
import { commandKinds } from './launch/catalogue.ts'

/** Facts found in the label of a command. Every field is left out when the label does not say it. */
export const commandLabels = z.object({
  /** The label texts as written, outermost first. */
  text: z.array(z.string()).optional(),
  /** The label one level further out, such as `**continuous gen** step=65000` above a nested benchmark. */
  under: z.string().optional(),
  /** The run that a bullet opened. */
  run: z.string().optional(),
  steps: z.array(z.number()).optional(),
  /** Machines, as in `65:8000` and `fst:4000`. */
  machines: z.array(z.string()).optional(),
  /** As written: `1e-4`. */
  learningRates: z.array(z.string()).optional(),
  batchSizes: z.array(z.number()).optional(),
  /** State words: todo, running, training, debug, failed … */
  states: z.array(z.string()).optional(),
  /** Observed losses: `masked_loc_loss: 0.853434`. */
  losses: z.record(z.string(), z.number()).optional(),
  /** Other observed scores: `FID: 14.7`. */
  scores: z.record(z.string(), z.number()).optional(),
  /** Loss names that are written without a value yet. */
  pending: z.array(z.string()).optional(),
  /** Other named values as written: `alpha_loc_loss: 10`. */
  settings: z.record(z.string(), z.string()).optional(),
  dates: z.array(z.string()).optional(),
  /** What is left of the label: the user's own words. */
  remarks: z.array(z.string()).optional(),
})
export type CommandLabels = z.infer<typeof commandLabels>

/** One command of the log. Lines count from 1. */
export const labCommand = z.object({
  line: z.number().int(),
  kind: z.enum(commandKinds),
  /** Only what the command line itself sets. */
  env: z.record(z.string(), z.string()),
  /** Launcher, launcher arguments, script and arguments, exactly as a POSIX shell passes them. */
  argv: z.array(z.string()),
  labels: commandLabels,
  todo: z.boolean(),
})
export type LabCommand = z.infer<typeof labCommand>

/** One line of notes, markup kept. Pages show it as text. */
export const labNote = z.object({
  line: z.number().int(),
  /** As written, without the list marker. */
  text: z.string(),
  kind: z.enum(['bullet', 'text', 'group', 'label', 'table', 'code', 'comment']),
  /** Title line above it, as written. */
  group: z.string().optional(),
  /** Notes without a blank line between them have the same number. */
  block: z.number().int(),
  /** ISO day found in the note or in its group's title. */
  date: z.string().optional(),
  struck: z.boolean(),
  todo: z.boolean(),
  /** Number of columns in front of the text. */
  indent: z.number().int(),
  run: z.string().optional(),
})
export type LabNote = z.infer<typeof labNote>

/** One experiment: a section or sub-section of the log. */
export const labExperiment = z.object({
  name: z.string(),
  /** Heading level: 2 for `##`; 0 for commands in front of every heading. */
  level: z.number().int(),
  parent: z.string().nullable(),
  /** Heading line and last line before the next heading, counted from 1. */
  lines: z.tuple([z.number().int(), z.number().int()]),
  notes: z.array(labNote),
  commands: z.array(labCommand),
})
export type LabExperiment = z.infer<typeof labExperiment>

/** A run that a bullet opened inside a section. */
export const labRun = z.object({
  name: z.string(),
  line: z.number().int(),
  text: z.string(),
  todo: z.boolean(),
})
export type LabRun = z.infer<typeof labRun>

/** A connection between two experiments. `to` is null when the log has no such experiment. */
export const labLink = z.object({
  line: z.number().int(),
  from: z.string(),
  to: z.string().nullable(),
  /** The words that name the target, such as `exp4_5_1_lr1e-4` or a config path. */
  mention: z.string(),
  kind: z.enum(['mention', 'copied-from', 'config', 'output', 'checkpoint', 'result']),
})
export type LabLink = z.infer<typeof labLink>

/** Something still to do. */
export const labTodo = z.object({
  line: z.number().int(),
  experiment: z.string().nullable(),
  text: z.string(),
})
export type LabTodo = z.infer<typeof labTodo>

/** What may be the matter with a line. */
export const problemCodes = [
  'unbalanced',
  'expansion',
  'compound',
  'here-document',
  'syntax',
  'unfinished',
  'open-fence',
  'open-span',
  'command-in-text',
  'unknown-script',
  'command-inside',
  'commented-command',
  'other-language',
  'shell-only',
  'curly-quotes',
  'odd-blank',
  'odd-dash',
  'backslash',
  'blank-behind-backslash',
  'stray-arguments',
  'encoding',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** Something in the log that could not be read exactly, or deserves a look. */
export const labProblem = z.object({
  line: z.number().int(),
  severity: z.enum(['error', 'warning', 'info']),
  code: z.enum(problemCodes),
  message: z.string(),
  /** The text it is about, as written. */
  text: z.string().optional(),
  experiment: z.string().nullable(),
})
export type LabProblem = z.infer<typeof labProblem>

/** What a line became. */
export const lineKinds = [
  'blank',
  'heading',
  'command',
  'command-continued',
  'command-problem',
  'shell',
  'fence',
  'environment',
  'label',
  'run',
  'note',
  'note-group',
  'table',
  'code',
  'comment',
  'rule',
  'front-matter',
] as const
export const labLine = z.object({
  line: z.number().int(),
  kind: z.enum(lineKinds),
  experiment: z.string().nullable(),
})
export type LabLine = z.infer<typeof labLine>

/** More about one section than `list` shows. */
export const labSection = labExperiment.extend({
  isExperiment: z.boolean(),
  runs: z.array(labRun),
  /** Lines that only set variables, such as `MASTER_ADDR=127.0.0.1 …`. */
  environment: z.array(
    z.object({ line: z.number().int(), text: z.string(), settings: z.record(z.string(), z.string()) }),
  ),
  /** Shell commands that launch nothing the studio knows, such as `pip install …`. */
  shell: z.array(z.object({ line: z.number().int(), text: z.string() })),
})
export type LabSection = z.infer<typeof labSection>

/** A whole lab book. */
export const labBook = z.object({
  sections: z.array(labSection),
  links: z.array(labLink),
  todos: z.array(labTodo),
  problems: z.array(labProblem),
  lines: z.array(labLine),
})
export type LabBook = z.infer<typeof labBook>

/** The experiments of a book in the shape of `experiments list --json`. */
export function listExperiments(book: LabBook): { experiments: LabExperiment[] } {
  return {
    experiments: book.sections
      .filter(({ isExperiment }) => isExperiment)
      .map((section) => labExperiment.parse(section)),
  }
}

/**
 * The identifier at the start of a section's or run's name: `exp4_5_1` in `exp4_5_1_lr1e-4_locditproj + exp7`,
 * `exp4_3~6` in itself. Undefined when the name does not begin with letters and a number.
 */
export function experimentId(name: string): string | undefined {
  return /^[A-Za-z]+[-_]?\d+(?:[a-z](?![A-Za-z0-9]))?(?:[_.-]\d+(?![A-Za-z\d]))*(?:~\d+)?/.exec(
    name.trim(),
  )?.[0]
}
