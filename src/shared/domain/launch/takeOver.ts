/** Takes a value of another command over into a form. */
import { canonicalFlag } from './argumentSpec.ts'
import type { LaunchDifference } from './launchDiff.ts'
import {
  nextItemId,
  withEnv,
  withItemValues,
  withoutItem,
  type LaunchForm,
  type LaunchItem,
} from './launchForm.ts'

/**
 * The form with one difference gone: the other command's value in its place, added, or removed.
 *
 * @param difference one of `diffForms(other, form)`.
 * @returns undefined for launchers, which are changed as a whole, and for words without a flag.
 */
export function withDifferenceUndone(
  form: LaunchForm,
  other: LaunchForm,
  { place, name, before, after }: LaunchDifference,
): LaunchForm | undefined {
  if (place === 'env') return withEnv(form, name, before)
  if (place === 'script') return { ...form, script: before === '' ? null : (before ?? null) }
  if (place === 'launcher' || name === '') return undefined
  const here = after === undefined ? undefined : itemWith(form, name, after)
  if (before === undefined) return here && withoutItem(form, here.id)
  const there = itemWith(other, name, before)
  if (!there) return undefined
  return here
    ? withItemValues(form, here.id, there.values)
    : { ...form, items: [...form.items, { ...there, id: nextItemId(form) }] }
}

const itemWith = ({ items }: LaunchForm, name: string, value: string): LaunchItem | undefined =>
  items.find(
    ({ flag, values }) => flag !== null && canonicalFlag(flag) === name && values.join(' ') === value,
  )
