/**
 * Reads, changes and compares the experiments' YAML configs. Edits replace the characters of one value, so that
 * comments, order, quotes and spacing of everything else stay as the user wrote them. Nothing in a config is run.
 */
import {
  isAlias,
  isMap,
  isScalar,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml'
import { AppError } from '../../../shared/errors.ts'

/** One entry of the top level. `raw` is the value as written; `comment` what stands behind it on the same line. */
export type ConfigEntry = {
  key: string
  value: unknown
  raw: string
  line: number
  comment?: string
  /** The `###` heading comment above it, such as `lora`. */
  section?: string
}

export type ConfigProblem = { line: number; key?: string; message: string }

export type Config = {
  entries: ConfigEntry[]
  /** Values by key, as JSON; a key given twice has its last value, as in PyYAML. */
  values: Record<string, unknown>
  problems: ConfigProblem[]
}

type Root = YAMLMap<ParsedNode, ParsedNode | null>

/**
 * Parses a config.
 *
 * @param name path for messages.
 * @throws AppError `unreadable` with `details.line`, `details.column` and `details.reason` when it is broken.
 */
export function readConfig(text: string, name: string): Config {
  const { document, root } = parse(text, name)
  const entries: ConfigEntry[] = []
  const problems: ConfigProblem[] = []
  const lines = text.split('\n')
  const lineOf = lineCounter(text)
  const values: [string, unknown][] = []
  for (const pair of root?.items ?? []) {
    const key = keyOf(pair)
    const value = toPlain(document, pair.value, name)
    const line = lineOf(pair.key.range[0])
    const raw = pair.value ? text.slice(pair.value.range[0], pair.value.range[1]).trimEnd() : ''
    const behind =
      pair.value && !raw.includes('\n')
        ? /^\s*#\s?(.*)/.exec(lines[line - 1].slice(lines[line - 1].indexOf(raw) + raw.length))?.[1].trim()
        : undefined
    const section = sectionAbove(lines, line)
    if (entries.some((entry) => entry.key === key))
      problems.push({ line, key, message: `${key} is given twice; the last value counts.` })
    if (
      isScalar(pair.value) &&
      pair.value.type === 'PLAIN' &&
      /^[-+]?(\d+[eE][-+]?\d+|\d+\.\d*[eE]\d+)$/.test(raw)
    )
      problems.push({
        line,
        key,
        message: `Python reads ${raw} as text, not as a number; write ${withPoint(raw)}.`,
      })
    entries.push({
      key,
      value,
      raw,
      line,
      ...(behind ? { comment: behind } : {}),
      ...(section === undefined ? {} : { section }),
    })
    values.push([key, value])
  }
  for (const warning of document.warnings)
    problems.push({ line: warning.linePos?.[0].line ?? 1, message: reasonOf(warning.message) })
  return { entries, values: Object.fromEntries(values), problems }
}

/** A change of one entry: `raw` is the new value as YAML text on one line; null takes the entry away. */
export type ConfigEdit = { key: string; raw: string | null }

/**
 * Applies edits. A key the config lacks is added at the end.
 *
 * @throws AppError `unreadable` for broken YAML, `usage` for a value or key that is no YAML on one line.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[], name: string): string {
  let edited = text
  for (const edit of edits) edited = applyEdit(edited, edit, name)
  // Proof that nothing else changed: every other key has its old value.
  const before = readConfig(text, name).values
  const after = readConfig(edited, name).values
  const touched = new Set(edits.map(({ key }) => key))
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!touched.has(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      throw new AppError(
        'internal',
        `Changing ${[...touched].join(', ')} in ${name} would also change ${key}; nothing was written.`,
      )
  return edited
}

function applyEdit(text: string, { key, raw }: ConfigEdit, name: string): string {
  if (raw !== null) checkValue(key, raw)
  const { root } = parse(text, name)
  const pair = root?.items.findLast((item) => keyOf(item) === key)
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  if (root?.flow)
    throw new AppError('unsupported', `${name} is one inline mapping in braces.`, {
      hint: 'Edit it as text.',
    })
  if (!pair) {
    if (raw === null) return text
    if (!/^[A-Za-z_][\w.-]*$/.test(key))
      throw new AppError('usage', `${JSON.stringify(key)} is no plain name for a setting.`)
    return `${text}${text === '' || text.endsWith('\n') ? '' : lineEnd}${key}: ${raw}${lineEnd}`
  }
  const keyEnd = pair.key.range[1]
  const value = pair.value
  if (raw === null) {
    const from = text.lastIndexOf('\n', pair.key.range[0] - 1) + 1
    const end = value ? Math.max(value.range[1], keyEnd) : keyEnd
    const newline = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end)
    return text.slice(0, from) + (newline < 0 ? '' : text.slice(newline + 1))
  }
  if (!value || value.range[1] <= value.range[0]) {
    const colon = text.indexOf(':', keyEnd) + 1
    return `${text.slice(0, colon)} ${raw}${text.slice(colon)}`
  }
  const old = text.slice(value.range[0], value.range[1])
  const kept = old.slice(old.trimEnd().length)
  // A list written over several lines begins on the line below its key.
  const start = old.includes('\n') ? text.indexOf(':', keyEnd) + 1 : value.range[0]
  return `${text.slice(0, start)}${start === value.range[0] ? '' : ' '}${raw}${kept}${text.slice(value.range[1])}`
}

function checkValue(key: string, raw: string): void {
  const refuse = (reason: string) =>
    new AppError('usage', `The value of ${key} is not YAML on one line: ${reason}`, {
      hint: 'Quote text that holds special characters.',
    })
  if (/[\r\n]/.test(raw)) throw refuse('it has a line break.')
  if (raw.trim() === '' || raw !== raw.trim()) throw refuse('it is empty or has blanks around it.')
  const source = `k: ${raw}`
  const document = parseDocument(source, { version: '1.1' })
  const root = document.contents
  if (document.errors.length > 0) throw refuse(reasonOf(document.errors[0].message))
  const value = isMap(root) && root.items.length === 1 ? (root.items[0].value as ParsedNode | null) : null
  if (!value || value.range[1] !== source.length)
    throw refuse('a part of it would be a comment or another entry.')
}

/** What differs between two configs: keys in the order of the first, then new ones. */
export type ConfigDifference = { key: string; before?: string; after?: string }

/** Compares by meaning: `1.0e-4` and `0.0001` are equal, and so are `True` and `true`. */
export function diffConfigs(before: Config, after: Config): ConfigDifference[] {
  const raw = (config: Config, key: string) => config.entries.findLast((entry) => entry.key === key)?.raw
  return [...new Set([...before.entries, ...after.entries].map(({ key }) => key))].flatMap((key) => {
    const a = raw(before, key)
    const b = raw(after, key)
    if (
      a !== undefined &&
      b !== undefined &&
      JSON.stringify(before.values[key]) === JSON.stringify(after.values[key])
    )
      return []
    return [{ key, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) }]
  })
}

function parse(text: string, name: string): { document: Document.Parsed; root: Root | undefined } {
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, stringKeys: false })
  const error = document.errors[0]
  if (error) {
    const found = error.linePos?.[0] ?? { line: 1, col: 1 }
    const line = firstBrokenLine(text, found.line)
    const reason = reasonOf(error.message)
    throw new AppError('unreadable', `${name} is broken YAML in line ${line}: ${reason}`, {
      hint: 'Correct that line and open the config again.',
      details: { line, column: line === found.line ? found.col : 1, reason },
    })
  }
  const root = document.contents
  if (root === null || (isScalar(root) && (root as { value: unknown }).value === null))
    return { document, root: undefined }
  if (!isMap(root))
    throw new AppError(
      'unreadable',
      `${name} is no config: its top level is not a list of "key: value" lines.`,
      { details: { line: 1, column: 1, reason: 'not a mapping' } },
    )
  return { document, root: root as Root }
}

/**
 * The line that has to be corrected. A parser notices an open quote or bracket only where the text ends; the fault is
 * where the text stops being readable for good.
 *
 * @param noticed line at which the parser gave up.
 */
function firstBrokenLine(text: string, noticed: number): number {
  const lines = text.split('\n')
  const isBroken = (count: number) =>
    parseDocument(lines.slice(0, count).join('\n'), { version: '1.1', uniqueKeys: false }).errors.length > 0
  let line = Math.min(noticed, lines.length)
  while (line < lines.length && !isBroken(line)) line++
  // Far away from the place it was noticed the search would only cost time.
  while (line > 1 && noticed - line < 300 && isBroken(line - 1)) line--
  return line
}

const reasonOf = (message: string) =>
  message
    .split('\n')[0]
    .replace(/ at line \d+, column \d+:?$/, '')
    .trim()
const withPoint = (raw: string) => raw.replace(/^([-+]?\d+)(?=[eE])/, '$1.0').replace(/([eE])(?=\d)/, '$1+')

function keyOf(pair: Pair<ParsedNode, ParsedNode | null>): string {
  return isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : String(pair.key)
}

/** The value as plain data. @throws AppError when aliases multiply without end. */
function toPlain(document: Document.Parsed, node: Node | null, name: string): unknown {
  if (node === null) return null
  if (isAlias(node) && !node.resolve(document)) return null
  try {
    const value: unknown = node.toJS(document, { maxAliasCount: 100 })
    // Dates and big numbers of YAML 1.1 become what JSON can say.
    return value === undefined
      ? null
      : (JSON.parse(
          JSON.stringify(value, (_, part: unknown) =>
            typeof part === 'bigint'
              ? Number(part)
              : typeof part === 'number' && !Number.isFinite(part)
                ? String(part)
                : part,
          ),
        ) as unknown)
  } catch (error) {
    throw new AppError('unreadable', `${name} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let line = starts.findIndex((start) => start > offset)
    if (line < 0) line = starts.length
    return line
  }
}

/** The nearest `### name` comment above a line. */
function sectionAbove(lines: readonly string[], line: number): string | undefined {
  for (let at = line - 2; at >= 0; at--) {
    const name = /^\s*###+\s*(\S.*?)\s*#*\s*$/.exec(lines[at])?.[1]
    if (name !== undefined && /[\p{L}\p{N}]/u.test(name)) return name
  }
  return undefined
}
