/** The short form of a training run: the same command on little data, in a folder of its own. */
import { kindOfScript } from './catalogue.ts'
import { valueOf, withFlag, type LaunchForm } from './launchForm.ts'

/** What a debug copy sets, unless the run is smaller already. */
const shortValues: readonly [flag: string, value: number][] = [
  ['--num_train_epochs', 1],
  ['--per_device_train_batch_size', 2],
  ['--per_device_eval_batch_size', 4],
]

/**
 * Makes the debug copy in the way of the lab book: one epoch, batch 2 (4 to evaluate), a checkpoint every 20 steps,
 * and `_debug` at the end of the output folder so that the real run's checkpoints stay untouched. What trains nothing
 * knows none of these arguments and stays as it is.
 */
export function debugCopy(form: LaunchForm): LaunchForm {
  if (kindOfScript(form.script ?? '') !== 'train') return form
  let copy = form
  const folder = valueOf(form, '--output_dir')
  if (folder !== undefined && !/_debug\/*$/.test(folder))
    copy = withFlag(copy, '--output_dir', `${folder.replace(/\/+$/, '')}_debug`)
  for (const [flag, value] of shortValues) {
    const present = Number(valueOf(form, flag))
    if (!(present <= value)) copy = withFlag(copy, flag, String(value))
  }
  if (valueOf(form, '--max_steps') !== undefined && Number(valueOf(form, '--max_steps')) > 20)
    copy = withFlag(copy, '--max_steps', '20')
  if (valueOf(form, '--save_steps') !== undefined) copy = withFlag(copy, '--save_steps', '20')
  return copy
}
