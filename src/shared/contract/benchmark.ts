/** Benchmarking folders of predicted frames against ground truth: what is asked, what preflight finds, what starts. */
import { z } from 'zod'
import { metricGroups } from '../domain/metricCatalog.ts'
import { protocol, protocols } from '../domain/protocol.ts'
import { job } from './jobs.ts'
import { command, query, type ContractPart } from './operation.ts'

export const devices = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const
const protocolNames = protocols.map(({ name }) => name) as [string, ...string[]]

/** The choices behind a run that are not files. Defaults are those of the reference scripts. */
export const benchmarkOptions = z.object({
  groups: z
    .array(z.enum(metricGroups))
    .min(1)
    .default([...metricGroups]),
  protocol: z.enum(protocolNames).default('benchmark_csgo'),
  /** Batch of the `batched` PSNR; the protocol's own default when left out. */
  batchSize: z.number().int().positive().max(100_000).optional(),
  device: z.enum(devices).default('auto'),
  ssimBorder: z.enum(['full', 'crop']).default('full'),
  lpipsNet: z.enum(['alex', 'vgg', 'squeeze']).default('alex'),
  lpipsEpsilon: z.enum(['torchmetrics', 'original']).default('torchmetrics'),
  fidDims: z.union([z.literal(64), z.literal(192), z.literal(768), z.literal(2048)]).default(2048),
  fidVariant: z.enum(['torchmetrics', 'pytorch-fid', 'clean-fid']).default('torchmetrics'),
  /** Seed of the KID subsets; 2020 draws those of torch-fidelity. */
  kidSeed: z.number().int().nonnegative().default(2020),
})
export type BenchmarkOptions = z.infer<typeof benchmarkOptions>

/**
 * Which frames: either two folders (or `.npz` statistics), where `{map}` in both paths stands for every map found,
 * or an evaluation run of a workspace, whose ground truth is found by itself. Paths may be relative to `workspace`.
 */
export const benchmarkRequest = benchmarkOptions.extend({
  workspace: z.string().min(1),
  reference: z.string().min(1).optional(),
  prediction: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  maps: z.array(z.string().min(1)).optional(),
  /** Where the ground truth lies when only a run is given. */
  dataDir: z.string().default('data/preprocessed_data'),
  /** Start anew even when an unfinished or finished run of the same recipe exists. */
  fresh: z.boolean().default(false),
  /** Folder for the feature statistics of both sides, as `.npz` files that pytorch-fid reads. */
  saveStats: z.string().min(1).optional(),
})
export type BenchmarkRequest = z.infer<typeof benchmarkRequest>

const sizeCount = z.object({ width: z.number(), height: z.number(), format: z.string(), count: z.number() })

export const coverage = z.object({
  Coverage_GT: z.number(),
  Coverage_Pred: z.number(),
  Common_Count: z.number(),
  GT_Count: z.number(),
  Pred_Count: z.number(),
})
export type Coverage = z.infer<typeof coverage>

/** What a run would do, found out before anything starts. Lists are cut after 50 names; the counts are whole. */
export const preflightTarget = z.object({
  map: z.string(),
  referenceDir: z.string(),
  predictionDir: z.string(),
  experiment: z.string(),
  timestamp: z.string(),
  pairs: z.number(),
  coverage,
  missingPredictions: z.object({ count: z.number(), names: z.array(z.string()) }),
  unmatchedPredictions: z.object({ count: z.number(), names: z.array(z.string()) }),
  /** Stems that exist on both sides but with different extensions: not paired, as in the scripts. */
  otherExtensions: z.object({ count: z.number(), names: z.array(z.string()) }),
  /** Stems that exist more than once in one folder. */
  duplicateStems: z.object({ count: z.number(), names: z.array(z.string()) }),
  ignoredFiles: z.object({ count: z.number(), names: z.array(z.string()) }),
  /** Sizes and formats of a sample of at most 48 pairs, most frequent first. */
  referenceSizes: z.array(sizeCount),
  predictionSizes: z.array(sizeCount),
  /** Sentences on what will be resized and how. */
  resizes: z.array(z.string()),
  warnings: z.array(z.string()),
  /** A finished run of the same recipe and files, or one that can be continued. */
  earlier: z.object({ runId: z.string(), status: z.string(), finishedFrames: z.number() }).optional(),
})
export type PreflightTarget = z.infer<typeof preflightTarget>

export const benchmark = {
  'benchmark.preflight': query({
    input: benchmarkRequest,
    output: z.object({
      targets: z.array(preflightTarget),
      protocol,
      metrics: z.array(z.object({ id: z.string(), skipped: z.string().optional() })),
    }),
  }),
  /** Queues the run; the job's result is `{ runIds: string[] }`. */
  'benchmark.start': command({ input: benchmarkRequest, output: job }),
  'benchmark.protocols': query({ input: z.object({}), output: z.array(protocol) }),
} satisfies ContractPart
