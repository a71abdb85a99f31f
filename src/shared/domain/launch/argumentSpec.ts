/** How the catalogues describe one command-line argument. */

/** What a value must look like: `bool` is `True`/`False` as a word, `switch` has no value, `list` takes several. */
export type ArgumentType = 'str' | 'int' | 'float' | 'bool' | 'switch' | 'list' | 'choice' | 'path'

/** One argument of a program. */
export type ArgumentSpec = {
  /** As written on the command line, dashes included. */
  flag: string
  type: ArgumentType
  /** What the program uses when the flag is missing, as Python prints it; undefined when it must be given. */
  default?: string
  isRequired?: boolean
  choices?: readonly string[]
  /** Heading under which a form shows it. */
  section: string
  help: string
  /** Other spellings of the same flag. */
  aliases?: readonly string[]
}

/** The arguments of one script. */
export type ScriptCatalogue = { script: string; title: string; args: readonly ArgumentSpec[] }

/** A short way to write one section: `[name, type, default, help]`; a default of `undefined` marks a required one. */
export type ArgumentRow = readonly [
  name: string,
  type: ArgumentType,
  defaultValue: string | undefined,
  help: string,
]

/** Turns rows into specs of one section. */
export function section(title: string, rows: readonly ArgumentRow[]): ArgumentSpec[] {
  return rows.map(([name, type, defaultValue, help]) => ({
    flag: `--${name}`,
    type,
    section: title,
    help,
    ...(defaultValue === undefined ? { isRequired: true } : { default: defaultValue }),
  }))
}

/** Flags are compared the way HfArgumentParser reads them: `--learning-rate` is `--learning_rate`. */
export function canonicalFlag(flag: string): string {
  return flag.startsWith('--') ? `--${flag.slice(2).replaceAll('-', '_')}` : flag
}

/** For each list of descriptions its flags and other spellings; the lists never change. */
const byFlag = new WeakMap<readonly ArgumentSpec[], Map<string, ArgumentSpec>>()

/** Finds the description of a flag, by name or other spelling. */
export function findArgument(specs: readonly ArgumentSpec[], flag: string): ArgumentSpec | undefined {
  let known = byFlag.get(specs)
  if (!known) {
    known = new Map()
    for (const spec of specs)
      for (const name of [canonicalFlag(spec.flag), ...(spec.aliases ?? [])])
        if (!known.has(name)) known.set(name, spec)
    byFlag.set(specs, known)
  }
  return known.get(canonicalFlag(flag)) ?? known.get(flag)
}

/**
 * Whether a value fits its argument. Accepts every spelling that Python's `argparse` and `int`/`float` accept, so
 * `1e-4`, `0.`, `1_000` and `True` are fine as written.
 */
export function fitsArgument({ type, choices }: ArgumentSpec, value: string): boolean {
  switch (type) {
    case 'int':
      return /^\s*[-+]?\d+(_\d+)*\s*$/.test(value)
    case 'float':
      return /^\s*[-+]?((\d+(_\d+)*\.?\d*|\.\d+)([eE][-+]?\d+)?|inf(inity)?|nan)\s*$/i.test(value)
    case 'bool':
      return /^(true|false|t|f|yes|no|y|n|1|0)$/i.test(value)
    case 'choice':
      return choices === undefined || choices.includes(value)
    default:
      return true
  }
}
