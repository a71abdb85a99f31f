/**
 * Flags of a command: declared as data, so that parsing, help and the rule "the user's own flags as they are" come
 * from one place. `--batch_size` and `--batch-size` are the same flag; a value may follow as `--flag value` or
 * `--flag=value`.
 */
import { AppError } from '../../../shared/errors.ts'

export type Flag = {
  /** Canonical name, with underscores as in the reference scripts. */
  name: string
  /** Other names, such as `gt_dir` for `gt`. */
  aliases?: readonly string[]
  /** Shown in the help in place of a value; a flag without it is a switch. */
  value?: string
  help: string
  /** May be given several times, or with several values behind it. */
  isList?: boolean
}

export type ParsedFlags = {
  positionals: string[]
  /** Whether a switch was given. */
  has(name: string): boolean
  text(name: string): string | undefined
  texts(name: string): string[]
  /** @throws AppError `usage` when the value is not a number. */
  number(name: string): number | undefined
}

/** @throws AppError `usage` for an unknown flag (with the nearest known one) or a missing value. */
export function parseFlags(args: readonly string[], flags: readonly Flag[]): ParsedFlags {
  const byName = new Map(
    flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])].map((name) => [name, flag])),
  )
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  let isRaw = false
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    if (isRaw || !arg.startsWith('-') || arg === '-' || /^-\d/.test(arg)) {
      positionals.push(arg)
      continue
    }
    if (arg === '--') {
      isRaw = true
      continue
    }
    const [, written, inline] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? []
    const flag = byName.get(written.replaceAll('-', '_'))
    if (!flag) throw unknownFlag(arg, [...byName.keys()])
    const known = values.get(flag.name) ?? []
    values.set(flag.name, known)
    if (flag.value === undefined) {
      if (inline !== undefined && !/^(true|1|yes)$/i.test(inline))
        throw new AppError('usage', `--${flag.name} is a switch and takes no value.`)
      known.push('')
    } else if (inline !== undefined) {
      known.push(inline)
    } else {
      if (at + 1 >= args.length) throw new AppError('usage', `--${flag.name} needs a value (${flag.value}).`)
      known.push(args[++at])
      while (flag.isList && at + 1 < args.length && !args[at + 1].startsWith('-')) known.push(args[++at])
    }
  }
  const text = (name: string) => values.get(name)?.at(-1)
  return {
    positionals,
    has: (name) => values.has(name),
    text,
    texts: (name) => values.get(name) ?? [],
    number: (name) => {
      const written = text(name)
      if (written === undefined) return undefined
      const value = Number(written)
      if (written.trim() === '' || !Number.isFinite(value))
        throw new AppError('usage', `--${name} needs a number, not "${written}".`)
      return value
    },
  }
}

function unknownFlag(arg: string, known: readonly string[]): AppError {
  const name = arg.replace(/^-+/, '').replace(/=.*/s, '').replaceAll('-', '_')
  const near = known
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const hint = near && near.distance <= 3 ? `Did you mean --${near.other}?` : 'See --help.'
  return new AppError('usage', `Unknown flag ${arg}.`, { hint })
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}
