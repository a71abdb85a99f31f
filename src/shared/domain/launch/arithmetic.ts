/** How much one optimizer step sees, and how many steps a training takes. */
import { fillText, hintTexts, type HintTextId, type HintValues } from './hints/texts.ts'
import { valueOf, type LaunchForm } from './launchForm.ts'
import { worldSize } from './worldSize.ts'

/** The sizes of a training. Whatever cannot be known from the facts given is undefined, with a reason in `unknown`. */
export type TrainingSize = {
  perDeviceBatchSize: number
  accumulationSteps: number
  worldSize?: number
  /** Data set entries per optimizer step: per-device batch x accumulation x processes. */
  entriesPerStep?: number
  /** Samples per optimizer step: two per entry in a balanced data set (one to locate, one to generate). */
  samplesPerStep?: number
  stepsPerEpoch?: number
  epochs?: number
  totalSteps?: number
  /** Samples seen until the end. */
  totalSamples?: number
  unknown: UnknownSize[]
}

/** Why something cannot be computed; `text` and `values` say the same for pages in other languages. */
export type UnknownSize = { message: string; text: HintTextId; values: HintValues }

function unknownSize(text: HintTextId, values: HintValues = {}): UnknownSize {
  return { message: fillText(hintTexts[text].message, values), text, values }
}

/**
 * Computes the sizes of a training command.
 *
 * Steps per epoch are `ceil(floor(entries / (batch x processes)) / accumulation)`: the project's trainer drops the
 * last incomplete batch (its logs show 234 steps for 60000 entries at 256, and 18740 steps for 20 epochs at 64), and
 * the Hugging Face trainer rounds accumulation up.
 *
 * @param facts.entries entries of the training split; leave out when unknown.
 * @param facts.isBalanced `is_multi_task_balanced` of the config.
 */
export function trainingSize(
  form: LaunchForm,
  facts: { entries?: number; isBalanced?: boolean } = {},
): TrainingSize {
  const unknown: UnknownSize[] = []
  const number = (flag: string, fallback: number) => {
    const written = valueOf(form, flag)
    if (written === undefined) return fallback
    const value = Number(written.replaceAll('_', ''))
    if (Number.isFinite(value)) return value
    unknown.push(unknownSize('sizeNoNumber', { flag, written }))
    return fallback
  }
  const perDeviceBatchSize = number('--per_device_train_batch_size', 8)
  const accumulationSteps = number('--gradient_accumulation_steps', 1)
  const processes = worldSize(form)
  if (processes === undefined) unknown.push(unknownSize('sizeNoProcesses'))
  const size: TrainingSize = { perDeviceBatchSize, accumulationSteps, unknown }
  if (processes === undefined || perDeviceBatchSize <= 0 || accumulationSteps <= 0) return size

  const perEntry = facts.isBalanced ? 2 : 1
  size.worldSize = processes
  size.entriesPerStep = perDeviceBatchSize * accumulationSteps * processes
  size.samplesPerStep = size.entriesPerStep * perEntry
  const maxSteps = number('--max_steps', -1)
  if (facts.entries === undefined) unknown.push(unknownSize('sizeNoEntries'))
  else {
    const batches = Math.floor(facts.entries / (perDeviceBatchSize * processes))
    if (batches === 0)
      unknown.push(
        unknownSize('sizeNoBatch', { entries: facts.entries, batch: perDeviceBatchSize * processes }),
      )
    size.stepsPerEpoch = Math.ceil(batches / accumulationSteps)
  }
  if (maxSteps > 0) {
    size.totalSteps = maxSteps
    if (size.stepsPerEpoch) size.epochs = maxSteps / size.stepsPerEpoch
  } else {
    size.epochs = number('--num_train_epochs', 3)
    if (size.stepsPerEpoch !== undefined) size.totalSteps = Math.ceil(size.stepsPerEpoch * size.epochs)
  }
  if (size.totalSteps !== undefined) size.totalSamples = size.totalSteps * size.samplesPerStep
  return size
}
