/** Opens, changes, copies and compares the config files of a workspace. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { unifiedDiff } from '../../../shared/domain/textDiff.ts'
import { confine } from './confine.ts'
import { readTextFile, replaceTextFile, type TextFile } from './textFile.ts'
import { diffConfigs, editConfig, readConfig, type ConfigEdit } from './yamlConfig.ts'

async function open(root: string, path: string): Promise<TextFile & { absolute: string }> {
  if (!/\.ya?ml$/i.test(path))
    throw new AppError('usage', `${path} is no YAML file.`, { hint: 'Configs end in .yaml or .yml.' })
  const absolute = await confine(root, path)
  return { ...(await readTextFile(absolute)), absolute }
}

/** A config with its text, values and problems. @throws AppError with line and reason when it is broken. */
export async function readConfigFile(root: string, path: string) {
  const { text, hash } = await open(root, path)
  const { entries, problems } = readConfig(text, path)
  return { path, text, hash, entries, problems }
}

/** What edits would make of a config, without writing. */
export async function previewConfig(root: string, path: string, edits: readonly ConfigEdit[]) {
  const { text, hash } = await open(root, path)
  const edited = editConfig(text, edits, path)
  return { text: edited, patch: unifiedDiff(text, edited, { before: path, after: path }), hash }
}

/**
 * Writes edits, or a whole new text, when the file still has the hash it was read with.
 *
 * @throws AppError `conflict` when it changed, `unreadable` when the result would be broken YAML.
 */
export async function saveConfig(
  root: string,
  path: string,
  hash: string,
  change: { edits?: readonly ConfigEdit[]; text?: string },
) {
  const file = await open(root, path)
  if (!file.isExact)
    throw new AppError(
      'unsupported',
      `${path} is written in ${file.encoding}; only UTF-8 files are changed.`,
      { hint: 'Save it as UTF-8 first.' },
    )
  const text = change.text ?? editConfig(file.text, change.edits ?? [], path)
  readConfig(text, path)
  await replaceTextFile(file.absolute, text, hash)
  return readConfigFile(root, path)
}

/** A new config as a copy of another with edits, comments included. @throws AppError `conflict` when it exists. */
export async function createConfig(root: string, from: string, path: string, edits: readonly ConfigEdit[]) {
  if (!/\.ya?ml$/i.test(path))
    throw new AppError('usage', `${path} is no name for a YAML file.`, { hint: 'Let it end in .yaml.' })
  const { text } = await open(root, from)
  const absolute = await confine(root, path)
  const edited = editConfig(text, edits, from)
  await mkdir(dirname(absolute), { recursive: true })
  await replaceTextFile(absolute, edited, undefined)
  return readConfigFile(root, path)
}

/** What differs between two configs, by key and as text. */
export async function compareConfigs(root: string, before: string, after: string) {
  const [a, b] = await Promise.all([open(root, before), open(root, after)])
  return {
    differences: diffConfigs(readConfig(a.text, before), readConfig(b.text, after)),
    patch: unifiedDiff(a.text, b.text, { before, after }),
  }
}
