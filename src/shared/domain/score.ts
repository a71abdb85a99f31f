/**
 * A score that may not exist. The same union reaches the table, the chart, the CSV and the exit code, so that an
 * empty cell always has a reason.
 */
import { z } from 'zod'

/** JSON has no Infinity; identical pictures have an infinite PSNR. In JSON and CSV it is the string "Infinity". */
export const scoreValue = z.union([z.number(), z.literal('Infinity'), z.literal('-Infinity')])
export type ScoreValue = z.infer<typeof scoreValue>

export const score = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    value: scoreValue,
    /** Number of pairs or samples behind the value. */
    n: z.number().optional(),
    /** A caution that belongs to the value, such as "fewer samples than feature dimensions". */
    note: z.string().optional(),
    /** Named side values, such as the standard deviation over subsets. */
    details: z.record(z.string(), scoreValue).optional(),
  }),
  z.object({ status: z.literal('skipped'), reason: z.string() }),
  z.object({ status: z.literal('failed'), reason: z.string() }),
])
export type Score = z.infer<typeof score>

/** A finite number as itself, an infinite one as its name. @throws RangeError for NaN: give a reason instead. */
export function toScoreValue(value: number): ScoreValue {
  if (Number.isFinite(value)) return value
  if (value === Infinity) return 'Infinity'
  if (value === -Infinity) return '-Infinity'
  throw new RangeError('A score is never NaN: report skipped or failed with a reason.')
}

/** The number behind a score value, infinities included. */
export function fromScoreValue(value: ScoreValue): number {
  return typeof value === 'number' ? value : value === 'Infinity' ? Infinity : -Infinity
}
