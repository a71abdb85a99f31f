/** Workspaces: a user's repository root and what was found in it. */
import { z } from 'zod'
import { command, query, type ContractPart } from './operation.ts'

const evaluationRun = z.object({
  /** Absolute path of the folder that holds `gen_imgs`. */
  path: z.string(),
  experiment: z.string(),
  timestamp: z.string(),
  maps: z.array(
    z.object({
      map: z.string(),
      predictionDir: z.string(),
      frames: z.number(),
      referenceDir: z.string().optional(),
      benchmarked: z.number(),
    }),
  ),
})

export const workspaceReport = z.object({
  root: z.string(),
  name: z.string(),
  openedAt: z.number(),
  maps: z.array(
    z.object({
      map: z.string(),
      referenceDir: z.string(),
      frames: z.number(),
      radar: z.string().optional(),
      splits: z.array(z.string()),
    }),
  ),
  evaluationRuns: z.array(evaluationRun),
  localizationRuns: z.array(z.object({ path: z.string(), experiment: z.string(), timestamp: z.string() })),
  configs: z.array(z.string()),
  trainingRuns: z.array(
    z.object({
      experiment: z.string(),
      logDir: z.string().optional(),
      outputDir: z.string().optional(),
      checkpoints: z.array(z.number()),
    }),
  ),
  labBook: z.string().optional(),
  /** What is not there or cannot be used, each with what to do. */
  missing: z.array(z.object({ what: z.string(), hint: z.string() })),
})
export type WorkspaceReport = z.infer<typeof workspaceReport>

export const workspaces = {
  /** Scans the folder and remembers it among the recent ones. */
  'workspaces.open': command({ input: z.object({ root: z.string().min(1) }), output: workspaceReport }),
  'workspaces.list': query({
    input: z.object({}),
    output: z.array(
      z.object({ root: z.string(), name: z.string(), openedAt: z.number(), exists: z.boolean() }),
    ),
  }),
  'workspaces.forget': command({
    input: z.object({ root: z.string() }),
    output: z.object({ removed: z.boolean() }),
  }),
  /** Folders below a path, for the folder picker of the browser door. */
  'workspaces.browse': query({
    input: z.object({ path: z.string().optional() }),
    output: z.object({
      path: z.string(),
      parent: z.string().optional(),
      folders: z.array(z.object({ name: z.string(), isWorkspace: z.boolean() })),
    }),
  }),
  /** What a folder that somebody dropped is good for, and how many pictures lie right in it. */
  'workspaces.describe': query({
    input: z.object({ path: z.string().min(1) }),
    output: z.object({
      path: z.string(),
      kind: z.enum(['workspace', 'frames', 'folder', 'file']),
      frames: z.number(),
    }),
  }),
  /** Makes the sample workspace, as `parallax demo` does. The job's result is `{ root }`. */
  'workspaces.createSample': command({
    input: z.object({ root: z.string().optional(), framesPerMap: z.number().int().optional() }),
    output: z.object({ jobId: z.string() }),
  }),
} satisfies ContractPart
