/**
 * What `Loss` of a step line is a sum of. HF logs the sum over the micro-batches of a step (and, in some versions, over
 * the processes), or their mean; `total_loss` in Other Info is one micro-batch. Only their ratio tells which.
 */
import { median } from './pace.ts'
import type { ParsedLog } from './readLog.ts'
import { missing } from './metricTable.ts'

const mostCompared = 2000
const leastCompared = 3

/**
 * How many micro-batches the `Loss` of a log adds up: 1 when it is a mean already.
 *
 * @returns measured on lines that have both values, else gradient_accumulation_steps, else `null`.
 */
export function lossSumOf({ tables: { step }, state }: ParsedLog): number | null {
  const loss = step.columns.find(({ name, section }) => name === 'Loss' && section === 'line')
  const total = step.columns.find(({ name, section }) => name === 'total_loss' && section === 'info')
  const ratios: number[] = []
  for (let row = 0; loss && total && row < step.rows && ratios.length < mostCompared; row++) {
    const [sum, one] = [loss.cells[row]!, total.cells[row]!]
    if (sum !== missing && one !== missing && one > 0 && Number.isFinite(sum / one)) ratios.push(sum / one)
  }
  if (ratios.length < leastCompared) return state.facts.gradientAccumulationSteps ?? null
  return Math.max(1, Math.round(median(ratios)))
}
