/** Jobs: anything that takes time. They live in the database, so every door and every process sees the same list. */
import { z } from 'zod'
import { command, query, stream, type ContractPart } from './operation.ts'

export const errorData = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** How far a job is. `total` 0 means "not known yet"; `ratePerSecond` and `secondsLeft` are over the last moments. */
export const progress = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  ratePerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  /** Throughput of single stages, items per second, for people who wonder what is slow. */
  stages: z.record(z.string(), z.number()).optional(),
})
export type Progress = z.infer<typeof progress>

export const jobStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'])

export const job = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  input: z.unknown(),
  status: jobStatus,
  progress: progress.optional(),
  result: z.unknown().optional(),
  error: errorData.optional(),
  createdAt: z.number(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
})
export type Job = z.infer<typeof job>

/** What happens to jobs, as it happens. `job` carries the whole job after each change of state or progress. */
export const jobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job }),
  z.object({ type: z.literal('line'), jobId: z.string(), line: z.number(), text: z.string() }),
])
export type JobEvent = z.infer<typeof jobEvent>

const jobRef = z.object({ jobId: z.string() })

export const jobs = {
  'jobs.list': query({
    input: z.object({ limit: z.number().int().positive().max(1000).default(100) }),
    output: z.array(job),
  }),
  'jobs.get': query({ input: jobRef, output: job }),
  'jobs.lines': query({ input: jobRef, output: z.array(z.object({ at: z.number(), text: z.string() })) }),
  /** Events of one job until it ends, or of all jobs until the caller leaves. Begins with the present state. */
  'jobs.watch': stream({ input: z.object({ jobId: z.string().optional() }), output: jobEvent }),
  'jobs.cancel': command({ input: jobRef, output: job }),
  'jobs.retry': command({ input: jobRef, output: job }),
  'jobs.remove': command({ input: jobRef, output: z.object({ removed: z.boolean() }) }),
} satisfies ContractPart
