/**
 * Keeps secrets out of everything that is shown, stored or exported. A child process still gets the real values; they
 * exist only in memory and in the child's own environment.
 */

/** What stands in place of a secret. */
export const mask = '••••••'

const secretWords =
  /(?:^|_)(?:API_?KEY|ACCESS_?KEY(?:_ID)?|SECRET(?:_?KEY)?|PRIVATE_?KEY|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|PWD_HASH|CREDENTIALS?|AUTH|AUTHORIZATION|COOKIE|DSN|WEBHOOK(?:_URL)?|NETRC)$/
const secretPrefixes = /^AWS_(?!REGION$|DEFAULT_REGION$|PROFILE$|DEFAULT_OUTPUT$|PAGER$)/
/** Names that end like a secret and are settings: `TOKENIZERS_PARALLELISM` does not match anyway, these would. */
const harmless =
  /^(?:(?:.*_)?(?:MAX|NUM|N|MIN|TOTAL|EOS|BOS|PAD|UNK|SEP|CLS|MASK|LATENT|QUERY|IMAGE|IMG|IM|VIDEO|VISUAL|SPECIAL|NEW|PROMPT)_(?:NEW_)?TOKENS?|INCLUDE_.*_TOKENS?|NO_AUTH)$/
/** Values that carry no secret: empty, Python constants, numbers, and the placeholders HF prints (`<HUB_TOKEN>`). */
const openValue = /^(?:|None|null|True|False|true|false|no|-?\d{1,7}(?:\.\d+)?|<[A-Z_]+>)$/
const knownShapes =
  /\b(?:hf_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}|xox[abprs]-[\w-]{10,}|A[KS]IA[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,})/g
/** Characters of the shortest of them. */
const shortestShape = 15
const addressPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/gi

/** Answers for names that were asked about: a scan of logs asks for the same hundred settings in every one. */
const known = new Map<string, boolean>()
const mostKnown = 5000

/** Whether a variable, flag or field with this name holds a secret. */
export function isSecretName(name: string): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const upper = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/^-+/, '')
    .replaceAll('-', '_')
    .replaceAll('.', '_')
    .toUpperCase()
  const isSecret = (secretWords.test(upper) || secretPrefixes.test(upper)) && !harmless.test(upper)
  if (known.size < mostKnown) known.set(name, isSecret)
  return isSecret
}

/** The value of a named setting as it may be shown. */
export function maskValue(name: string, value: string): string {
  return isSecretName(name) && !openValue.test(value) ? mask : maskText(value)
}

/** Free text with known token shapes and passwords in addresses masked. */
export function maskText(text: string): string {
  const shown = text.length < shortestShape ? text : text.replace(knownShapes, mask)
  return shown.includes('://') ? shown.replace(addressPassword, `$1${mask}`) : shown
}

/** Free text in which `NAME=value` and `name: value` of secret names are masked as well. */
export function maskAssignments(text: string): string {
  return maskText(text).replace(
    /([A-Za-z_][\w.-]*)(\s*[=:]\s*)(?:"([^"]*)"|'([^']*)'|([^\s,;'"]+))/g,
    (all: string, name: string, separator: string, double?: string, single?: string, bare?: string) =>
      isSecretName(name) && !openValue.test(double ?? single ?? bare ?? '')
        ? `${name}${separator}${mask}`
        : all,
  )
}

/** Environment variables as they may be shown and stored. */
export function maskEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, maskValue(name, value)]],
    ),
  )
}

/** Arguments as they may be shown and stored: `--hub_token x`, `--hub_token=x` and `NAME=x` lose their secret. */
export function maskArguments(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const assigned = /^(-{0,2}[A-Za-z_][\w.-]*)=([^]*)$/.exec(argument)
    if (assigned) return `${assigned[1]}=${maskValue(assigned[1]!, assigned[2]!)}`
    const before = argv[index - 1] ?? ''
    const isValueOfFlag = /^--?[A-Za-z]/.test(before) && !before.includes('=') && !argument.startsWith('--')
    return isValueOfFlag ? maskValue(before, argument) : maskText(argument)
  })
}

/** Names of the variables whose values must not be stored. */
export function secretNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && maskValue(name, value) !== value ? [name] : [],
  )
}

/** The secrets themselves, as far as names tell them, for `maskOf`. Short values are left out: hiding them would garble text. */
export function secretValues(
  environment: Readonly<Record<string, string | undefined>>,
  argv: readonly string[] = [],
): string[] {
  const masked = maskArguments(argv)
  const values = [
    ...Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && isSecretName(name) && !openValue.test(value) ? [value] : [],
    ),
    ...argv.flatMap((argument, index) =>
      masked[index] === mask
        ? [argument]
        : masked[index]!.endsWith(`=${mask}`)
          ? [argument.slice(argument.indexOf('=') + 1)]
          : [],
    ),
  ]
  return [...new Set(values)].filter((value) => value.length >= leastHidden)
}

/** Hides the given secrets wherever they stand in a text, and all that `maskText` knows by its shape. */
export function maskOf(values: readonly string[]): (text: string) => string {
  return (text) => maskText(values.reduce((hidden, value) => hidden.replaceAll(value, mask), text))
}

const leastHidden = 8
