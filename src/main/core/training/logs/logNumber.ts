import type { LogNumber } from '../../../../shared/contract/training.ts'

/** JSON has no NaN and no infinities: they become their names. */
export function toLogNumber(value: number): LogNumber {
  if (Number.isFinite(value)) return value
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}
