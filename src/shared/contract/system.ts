/** The state of the machine and of the studio itself: what `parallax doctor` and the System page show. */
import { z } from 'zod'
import { query, type ContractPart } from './operation.ts'

export const check = z.object({
  area: z.enum(['engine', 'provider', 'ffmpeg', 'python', 'gpu', 'weights', 'database', 'disk']),
  name: z.string(),
  status: z.enum(['ok', 'missing', 'problem']),
  /** What was found: a version, a path, a reason. */
  found: z.string(),
  hint: z.string().optional(),
})
export type Check = z.infer<typeof check>

export const system = {
  'system.doctor': query({
    input: z.object({}),
    output: z.object({ version: z.string(), checks: z.array(check) }),
  }),
  'system.info': query({
    input: z.object({}),
    output: z.object({
      version: z.string(),
      home: z.string(),
      database: z.string(),
      pid: z.number(),
      cores: z.number(),
      door: z.string(),
      platform: z.string(),
    }),
  }),
} satisfies ContractPart
