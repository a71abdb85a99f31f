/** Model weights: what is installed where, what is missing and where to get it. */
import { z } from 'zod'
import { job } from './jobs.ts'
import { command, query, type ContractPart } from './operation.ts'

/** A file that has a model's name but is not used; `reason` is a whole sentence. */
const refusedFile = z.object({ path: z.string(), reason: z.string() })

export const modelInfo = z.object({
  id: z.string(),
  title: z.string(),
  /** Metrics that need the model, as people call them. */
  neededFor: z.array(z.string()),
  licence: z.string(),
  source: z.string(),
  /** `partial`: a file was found that serves some metrics only; `note` says which. */
  status: z.enum(['installed', 'partial', 'missing']),
  /** The file in use. */
  path: z.string().optional(),
  /** Where it was found. */
  place: z.enum(['model-folder', 'model-path', 'torch-cache', 'hugging-face-cache']).optional(),
  sha256: z.string().optional(),
  /** False for files that were recognised by their tensors when imported, not by a known hash. */
  isOfficial: z.boolean().optional(),
  /** The official file, its size in bytes, its address, and the folder to put it in. */
  wanted: z.object({ file: z.string(), size: z.number(), url: z.string().optional(), folder: z.string() }),
  refused: z.array(refusedFile),
  note: z.string().optional(),
})
export type ModelInfo = z.infer<typeof modelInfo>

/** What a full check of one file found. */
export const modelCheck = z.object({
  id: z.string(),
  path: z.string(),
  isSound: z.boolean(),
  found: z.string(),
})
export type ModelCheck = z.infer<typeof modelCheck>

export const installRequest = z.object({
  /** Ids of models; all that are missing when left out. */
  models: z.array(z.string()).optional(),
})

export const importRequest = z.object({ path: z.string().min(1) })

export const verifyRequest = z.object({ model: z.string().optional() })

export const models = {
  'models.list': query({
    input: z.object({}),
    output: z.object({ folder: z.string(), models: z.array(modelInfo) }),
  }),
  /** Queues the download; the job's result is `{ installed: string[] }`. */
  'models.install': command({ input: installRequest, output: job }),
  /**
   * Queues copying a weight file (or folder of layers) into the model folder after recognising it; the job's result is
   * `{ model: ModelInfo }`. A path that holds nothing to import is refused at once.
   */
  'models.import': command({ input: importRequest, output: job }),
  /**
   * Queues reading every byte of the installed files of one model, or of all, and checking hash, names and shapes; the
   * job's result is `{ checks: ModelCheck[] }`.
   */
  'models.verify': command({ input: verifyRequest, output: job }),
} satisfies ContractPart
