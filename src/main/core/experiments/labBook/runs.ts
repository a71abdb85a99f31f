/** Runs that a bullet opens inside a section: `- exp4_3_lr1e-4`. */
import { experimentId, type CommandLabels } from '../../../../shared/domain/labBook.ts'
import { readLabel } from './labels.ts'

/** The run at hand. */
export type OpenRun = {
  name: string
  text: string
  indent: number
  todo: boolean
  /** The bullet holds the command itself, so the run ends with the next bullet. */
  isInline: boolean
  /** The run's commands are indented below its bullet, so it ends with the indentation. */
  isContent: boolean
}

/** The name of a run: its first word when that names an experiment, else all of it without markup. */
export function runName(text: string): string {
  const plain = text.replace(/\*\*|~~|`/g, '').trim()
  return (
    experimentId(plain) !== undefined ? plain.split(/[\s:：,，+]+/)[0] : plain.replace(/[:：]\s*$/, '')
  ).slice(0, 200)
}

/** Of a run's title only the learning rate and state words are facts; the numbers in its name are no steps. */
export function readRun(text: string): CommandLabels {
  const rate = /(?<![A-Za-z])lr[\s_=:]{0,3}(\d[\d.]*(?:e-?\d+)?)/i.exec(text)?.[1]
  const { states } = readLabel(text.replace(/\S*\d\S*/g, ' '))
  return {
    ...(rate === undefined ? {} : { learningRates: [rate] }),
    ...(states === undefined ? {} : { states }),
  }
}
