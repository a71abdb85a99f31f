/**
 * Finds what looks wrong in a log. Every rule is a few lines of arithmetic, so that people can check a warning by hand;
 * the numbers at the head of each file are the whole tuning.
 */
import type { LogAnomaly } from '../../../../../shared/contract/training.ts'
import type { ParsedLog } from '../readLog.ts'
import { explosions } from './explosions.ts'
import { mainLoss } from './mainLoss.ts'
import { nonFinite } from './nonFinite.ts'
import { stalls } from './stalls.ts'
import { structure } from './structure.ts'
import { stepOrder, writers } from './stepOrder.ts'

/** All anomalies of one log: facts about its structure first, then what is wrong with its numbers and times. */
export function findAnomalies(log: ParsedLog, bytes: number): LogAnomaly[] {
  const { step, loss, console, state } = log.tables
  const main = mainLoss(log)
  return [
    ...structure(log, bytes),
    ...[step, loss, console, state].flatMap(nonFinite),
    ...(main ? explosions(main.table, main.column) : []),
    ...stalls(step.rows > 1 ? step : loss),
    ...stepOrder(step),
    ...writers(step.rows > 0 ? step : loss),
  ]
}
