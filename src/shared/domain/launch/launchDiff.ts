/** What differs between two commands, item by item. */
import { canonicalFlag } from './argumentSpec.ts'
import type { LaunchForm, LaunchItem } from './launchForm.ts'

/** One difference. `before` is undefined for something added, `after` for something removed. */
export type LaunchDifference = {
  place: 'env' | 'launcher' | 'script' | 'argument'
  /** Name of the variable, flag or launcher; empty for words without a flag. */
  name: string
  before?: string
  after?: string
}

type Entry = { name: string; value: string }

const text = ({ flag, values }: LaunchItem): Entry => ({
  name: flag === null ? '' : canonicalFlag(flag),
  value: values.join(' '),
})

/** Compares two forms. The order of flags does not count, repeated flags are compared one by one. */
export function diffForms(before: LaunchForm, after: LaunchForm): LaunchDifference[] {
  const launcher = (form: LaunchForm): Entry[] =>
    form.stages.flatMap(({ program, items }) => [{ name: 'program', value: program }, ...items.map(text)])
  return [
    ...compare('env', before.env, after.env),
    ...compare('launcher', launcher(before), launcher(after)),
    ...compare(
      'script',
      [{ name: 'script', value: before.script ?? '' }],
      [{ name: 'script', value: after.script ?? '' }],
    ),
    ...compare('argument', before.items.map(text), after.items.map(text)),
  ]
}

function compare(
  place: LaunchDifference['place'],
  before: readonly Entry[],
  after: readonly Entry[],
): LaunchDifference[] {
  const differences: LaunchDifference[] = []
  const left = groupByName(before)
  const right = groupByName(after)
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const a = left.get(name) ?? []
    const b = right.get(name) ?? []
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      if (a[i] === b[i]) continue
      differences.push({
        place,
        name,
        ...(i < a.length ? { before: a[i] } : {}),
        ...(i < b.length ? { after: b[i] } : {}),
      })
    }
  }
  return differences
}

function groupByName(entries: readonly Entry[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { name, value } of entries) groups.set(name, [...(groups.get(name) ?? []), value])
  return groups
}
