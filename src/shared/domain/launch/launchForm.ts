/**
 * A command as a form, and the form as a command. Every word of the command has its place in the form, so the way
 * back is exact, and an edit changes the edited item only.
 */
import { canonicalFlag, findArgument, type ArgumentSpec } from './argumentSpec.ts'
import { catalogueOf } from './catalogue.ts'
import { splitLaunch, stageArguments } from './splitLaunch.ts'

/** One argument as written. `flag` is null for a word that belongs to no flag. */
export type LaunchItem = {
  /** Stays the same while the form is edited. */
  id: number
  flag: string | null
  /** `--flag value` or `--flag=value`. */
  style: 'space' | 'equals'
  /** Values as written, after the shell removed quotes; empty for a switch. */
  values: string[]
}

export type LaunchForm = {
  env: { name: string; value: string }[]
  /** Launchers in front of the script, outermost first. */
  stages: { program: string; items: LaunchItem[] }[]
  script: string | null
  items: LaunchItem[]
}

/** What a shell would set and pass. */
export type LaunchCommand = { env: Record<string, string>; argv: string[] }

const isFlag = (word: string) => word.length > 1 && word.startsWith('-') && !/^-(\d|\.\d)/.test(word)

/** Reads a recorded command into a form. */
export function formFromCommand({ env, argv }: LaunchCommand): LaunchForm {
  let nextId = 1
  const take = (words: readonly string[], specs: readonly ArgumentSpec[]) => {
    const items = itemsFromWords(words, specs, nextId)
    nextId += items.length
    return items
  }
  const { stages, script, args } = splitLaunch(argv)
  return {
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    stages: stages.map((stage) => ({
      program: stage.program,
      items: take(stage.words, stageArguments(stage)),
    })),
    script: script ?? null,
    items: take(args, catalogueOf(script)?.args ?? []),
  }
}

/** Writes the form as a command; the inverse of `formFromCommand`. */
export function commandFromForm(form: LaunchForm): LaunchCommand {
  return {
    env: Object.fromEntries(form.env.map(({ name, value }) => [name, value])),
    argv: [
      ...form.stages.flatMap(({ program, items }) => [program, ...items.flatMap(wordsOf)]),
      ...(form.script === null ? [] : [form.script]),
      ...form.items.flatMap(wordsOf),
    ],
  }
}

function wordsOf({ flag, style, values }: LaunchItem): string[] {
  if (flag === null) return values
  return style === 'equals' ? [`${flag}=${values[0] ?? ''}`] : [flag, ...values]
}

function itemsFromWords(
  words: readonly string[],
  specs: readonly ArgumentSpec[],
  firstId: number,
): LaunchItem[] {
  const items: LaunchItem[] = []
  const add = (flag: string | null, style: LaunchItem['style'], values: string[]) =>
    items.push({ id: firstId + items.length, flag, style, values })
  for (let at = 0; at < words.length;) {
    const word = words[at++]
    if (word === '--') {
      add(word, 'space', [])
      for (; at < words.length; at++) add(null, 'space', [words[at]])
    } else if (!isFlag(word)) add(null, 'space', [word])
    else if (word.startsWith('--') && word.includes('=')) {
      const equals = word.indexOf('=')
      add(word.slice(0, equals), 'equals', [word.slice(equals + 1)])
    } else {
      const type = findArgument(specs, word)?.type
      const most = type === 'switch' ? 0 : type === undefined || type === 'list' ? Infinity : 1
      const from = at
      while (at < words.length && at - from < most && !isFlag(words[at])) at++
      add(word, 'space', words.slice(from, at))
    }
  }
  return items
}

/** The last item of a flag (Python's argparse lets the last one win), in the script's own arguments. */
export function findItem(form: LaunchForm, flag: string): LaunchItem | undefined {
  const wanted = canonicalFlag(flag)
  return form.items.findLast((item) => item.flag !== null && canonicalFlag(item.flag) === wanted)
}

/** The value of a flag as written; undefined when the flag is missing or has no value. */
export function valueOf(form: LaunchForm, flag: string): string | undefined {
  return findItem(form, flag)?.values[0]
}

/** A flag of one of the launchers, such as `--nproc_per_node`. */
export function launcherValue(form: LaunchForm, ...flags: string[]): string | undefined {
  const wanted = flags.map(canonicalFlag)
  return form.stages
    .flatMap(({ items }) => items)
    .findLast((item) => item.flag !== null && wanted.includes(canonicalFlag(item.flag)))?.values[0]
}

/** The value of an environment variable the command sets. */
export function envValue(form: LaunchForm, name: string): string | undefined {
  return form.env.findLast((entry) => entry.name === name)?.value
}

/** The form with other values for one item; everything else stays as written. */
export function withItemValues(form: LaunchForm, id: number, values: string[]): LaunchForm {
  const change = (item: LaunchItem) => (item.id === id ? { ...item, values } : item)
  return {
    ...form,
    stages: form.stages.map((stage) => ({ ...stage, items: stage.items.map(change) })),
    items: form.items.map(change),
  }
}

/** The form without one item. */
export function withoutItem(form: LaunchForm, id: number): LaunchForm {
  const keep = (item: LaunchItem) => item.id !== id
  return {
    ...form,
    stages: form.stages.map((stage) => ({ ...stage, items: stage.items.filter(keep) })),
    items: form.items.filter(keep),
  }
}

/** The form with a flag of the script set: its last occurrence is edited, or it is added at the end. */
export function withFlag(form: LaunchForm, flag: string, ...values: string[]): LaunchForm {
  const item = findItem(form, flag)
  if (item) return withItemValues(form, item.id, values)
  return { ...form, items: [...form.items, { id: nextItemId(form), flag, style: 'space', values }] }
}

/** The form with a variable set in its place or at the end, or taken away when `value` is undefined. */
export function withEnv(form: LaunchForm, name: string, value: string | undefined): LaunchForm {
  if (value === undefined) return { ...form, env: form.env.filter((entry) => entry.name !== name) }
  const isSet = form.env.some((entry) => entry.name === name)
  return {
    ...form,
    env: isSet
      ? form.env.map((entry) => (entry.name === name ? { name, value } : entry))
      : [...form.env, { name, value }],
  }
}

/** An id that no item of the form has. */
export function nextItemId(form: LaunchForm): number {
  return 1 + Math.max(0, ...[...form.stages.flatMap(({ items }) => items), ...form.items].map(({ id }) => id))
}
