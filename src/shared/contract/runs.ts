/** Benchmark runs: what was measured, with which recipe, and what came out. */
import { z } from 'zod'
import { score } from '../domain/score.ts'
import { protocol } from '../domain/protocol.ts'
import { benchmarkOptions, coverage } from './benchmark.ts'
import { errorData } from './jobs.ts'
import { command, query, type ContractPart } from './operation.ts'

/** Everything besides the files that a score depends on; stored with every run. */
export const recipe = benchmarkOptions
  .extend({ protocol, batchSize: z.number() })
  .omit({ groups: true, device: true })
  .extend({ metrics: z.array(z.string()) })
export type Recipe = z.infer<typeof recipe>

export const runSummary = z.object({
  id: z.string(),
  label: z.string(),
  experiment: z.string(),
  timestamp: z.string(),
  map: z.string(),
  referenceDir: z.string(),
  predictionDir: z.string(),
  protocol: z.string(),
  status: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  pairs: z.number(),
  failedFrames: z.number(),
  createdAt: z.number(),
  finishedAt: z.number().optional(),
  metrics: z.record(z.string(), score),
})
export type RunSummary = z.infer<typeof runSummary>

export const runReport = runSummary.extend({
  recipe,
  /** Provider that really ran, per network. */
  providers: z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.string()),
  coverage,
  failures: z.array(z.object({ frameIndex: z.number(), name: z.string(), reason: z.string() })),
  error: errorData.optional(),
  /** One line that says how the numbers were made. */
  recipeLine: z.string(),
  /** The command that makes this run again. */
  command: z.array(z.string()),
})
export type RunReport = z.infer<typeof runReport>

/** Per-frame scores as columns; a frame without a value of a metric has `null` there. Infinity is "Infinity". */
export const frameTable = z.object({
  runId: z.string(),
  frameIndex: z.array(z.number()),
  name: z.array(z.string()),
  status: z.array(z.enum(['ok', 'failed'])),
  metrics: z.record(z.string(), z.array(z.union([z.number(), z.literal('Infinity'), z.null()]))),
})
export type FrameTable = z.infer<typeof frameTable>

const runRef = z.object({ runId: z.string() })
export const exportFormats = ['csv', 'tsv', 'json', 'markdown', 'latex'] as const

/** One metric of two runs on the frames both have. `interval` is a 95 % bootstrap interval of the mean difference. */
export const pairedComparison = z.object({
  metric: z.string(),
  frames: z.number(),
  meanA: z.number(),
  meanB: z.number(),
  difference: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  /** Share of frames on which B is better, ties counted half. */
  betterShare: z.number(),
  verdict: z.enum(['B is better', 'A is better', 'no clear difference']),
})

export const runs = {
  'runs.list': query({
    input: z.object({
      workspace: z.string().optional(),
      map: z.string().optional(),
      limit: z.number().int().positive().max(5000).default(500),
    }),
    output: z.array(runSummary),
  }),
  'runs.get': query({ input: runRef, output: runReport }),
  'runs.frames': query({ input: runRef, output: frameTable }),
  /** Absolute paths of the two pictures of a frame. */
  'runs.pair': query({
    input: z.object({ runId: z.string(), frameIndex: z.number().int().nonnegative() }),
    output: z.object({ name: z.string(), reference: z.string(), prediction: z.string() }),
  }),
  'runs.compare': query({
    input: z.object({ a: z.string(), b: z.string() }),
    output: z.object({
      a: runSummary,
      b: runSummary,
      commonFrames: z.number(),
      /** Differences between the two recipes that make a comparison unfair; empty when there are none. */
      cautions: z.array(z.string()),
      sets: z.array(z.object({ metric: z.string(), a: score, b: score })),
      paired: z.array(pairedComparison),
    }),
  }),
  'runs.export': query({
    input: z.object({
      runIds: z.array(z.string()).min(1),
      format: z.enum(exportFormats),
      perFrame: z.boolean().default(false),
    }),
    output: z.object({ text: z.string(), fileName: z.string() }),
  }),
  'runs.remove': command({ input: runRef, output: z.object({ removed: z.boolean() }) }),
} satisfies ContractPart
