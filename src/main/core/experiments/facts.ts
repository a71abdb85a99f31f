/** Gathers what `launchHints` needs to know: ports, files, checkpoints, config, size of the data set. */
import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { catalogueOf, kindOfScript } from '../../../shared/domain/launch/catalogue.ts'
import { findArgument } from '../../../shared/domain/launch/argumentSpec.ts'
import type { GpuFact, HintFacts } from '../../../shared/domain/launch/hints.ts'
import { valueOf, type LaunchForm } from '../../../shared/domain/launch/launchForm.ts'
import { masterPort } from '../../../shared/domain/launch/worldSize.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { confine, isInside } from './confine.ts'
import { readTextFile } from './textFile.ts'
import { readConfig } from './yamlConfig.ts'

export type Facts = HintFacts & { entries?: number; isBalanced: boolean }

/** Whether a port of this machine can be bound on all addresses. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen({ port, exclusive: true }, () => server.close(() => done(true)))
  })
}

/** The first free port from `from` on. @throws AppError `conflict` when a hundred in a row are taken. */
export async function findFreePort(from: number): Promise<number> {
  for (let port = from; port < from + 100; port++) if (await isPortFree(port)) return port
  throw new AppError('conflict', `The ports ${from} to ${from + 99} are all taken.`, {
    hint: 'Start the search at another number.',
  })
}

/**
 * Looks at everything a command names inside the workspace. Nothing outside is touched; such paths are reported.
 *
 * @param options.gpus the GPUs of this machine; undefined when they cannot be asked.
 * @param options.isRecorded for a command of the past: ports and checkpoints only matter at a start.
 */
export async function gatherFacts(
  form: LaunchForm,
  options: { root: string; experiment?: string; gpus?: readonly GpuFact[]; isRecorded?: boolean },
): Promise<Facts> {
  const { root } = options
  const facts: Facts = {
    isBalanced: false,
    ...(options.experiment === undefined ? {} : { experiment: options.experiment }),
    ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
  }
  const port = options.isRecorded ? undefined : masterPort(form)
  if (port !== undefined && port > 0 && port < 65_536) facts.isPortFree = await isPortFree(port)

  const missing: { flag: string; path: string }[] = []
  const outside: { flag: string; path: string }[] = []
  const look = async (flag: string, path: string) => {
    const absolute = resolve(root, path)
    if (!isInside(root, absolute)) outside.push({ flag, path })
    else if (!(await exists(absolute))) missing.push({ flag, path })
  }
  if (form.script !== null && /\.py$/.test(form.script)) await look('script', form.script)
  for (const { flag, path } of inputFiles(form)) await look(flag, path)

  const configPath = valueOf(form, '--csgo_config')
  if (configPath !== undefined && !missing.some(({ path }) => path === configPath)) {
    try {
      const { text } = await readTextFile(await confine(root, configPath))
      const config = readConfig(text, configPath).values
      facts.config = config
      facts.isBalanced = /^true$/i.test(String(config.is_multi_task_balanced))
      for (const [key, value] of Object.entries(config))
        if (
          /(^|_)ckpt_path$|_checkpoint_path$/.test(key) &&
          typeof value === 'string' &&
          value !== '' &&
          !/^none$/i.test(value)
        )
          await look(key, value)
      const entries = await trainingEntries(root, config)
      if (entries !== undefined) facts.entries = entries
    } catch (error) {
      const { code, message } = toAppError(error, configPath)
      if (code === 'permission' && !outside.some(({ path }) => path === configPath))
        outside.push({ flag: '--csgo_config', path: configPath })
      else if (code !== 'permission') facts.configProblem = message
    }
  }
  const output = valueOf(form, '--output_dir')
  if (
    !options.isRecorded &&
    output !== undefined &&
    isInside(root, resolve(root, output)) &&
    kindOfScript(form.script ?? '') === 'train'
  )
    facts.checkpointSteps = await checkpointSteps(resolve(root, output))
  facts.missingFiles = missing
  facts.outsideFiles = outside
  return facts
}

/** Flags that name something the program reads. Hugging Face names such as `OpenGVLab/InternVL3` are no files. */
const inputFlags = new Set([
  '--csgo_config',
  '--gt',
  '--pred',
  '--img_dir',
  '--gt_dir',
  '--csgo_image_folder',
  '--pretrain_path',
  '--unilip_path',
  '--vae_path',
  '--dit_path',
  '--mllm_path',
  '--lora_weight_path',
  '--resume_from_checkpoint',
])

function inputFiles(form: LaunchForm): { flag: string; path: string }[] {
  const specs = catalogueOf(form.script ?? undefined)?.args ?? []
  return form.items.flatMap(({ flag, values }) => {
    const spec = flag === null ? undefined : findArgument(specs, flag)
    const path = values[0]
    if (
      !spec ||
      !inputFlags.has(spec.flag) ||
      path === undefined ||
      path === '' ||
      /^(none|auto)$/i.test(path)
    )
      return []
    return [{ flag: spec.flag, path }]
  })
}

/** The steps of `checkpoint-<n>` folders, ascending; empty when the folder does not exist. */
export async function checkpointSteps(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** Split files are lists of tens of thousands of short objects; larger ones are not opened. */
const maxSplitBytes = 256 * 1024 * 1024
const splitSizes = new Map<string, { stamp: string; entries: number }>()

/**
 * Entries the training reads: the training splits of its maps, or the test splits when the config says debug.
 * Undefined when a split is missing or is no JSON list.
 */
export async function trainingEntries(
  root: string,
  config: Readonly<Record<string, unknown>>,
): Promise<number | undefined> {
  const maps = Array.isArray(config.train_maps) ? config.train_maps.map(String) : []
  if (maps.length === 0) return undefined
  const isDebug = config.debug === true
  const folder = typeof config.data_dir === 'string' ? config.data_dir : 'data/preprocessed_data'
  let total = 0
  for (const map of maps) {
    const path = resolve(
      root,
      folder,
      map,
      'splits_20000_5000',
      isDebug ? 'test_split.json' : 'train_split.json',
    )
    if (!isInside(root, path)) return undefined
    const entries = await countEntries(path)
    if (entries === undefined) return undefined
    total += entries
  }
  const limit = isDebug ? (config.debug_num_train_data ?? 100) : undefined
  return typeof limit === 'number' ? Math.min(total, limit) : total
}

async function countEntries(path: string): Promise<number | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    if (size > maxSplitBytes) return undefined
    const stamp = `${size} ${mtimeMs}`
    const known = splitSizes.get(path)
    if (known?.stamp === stamp) return known.entries
    // Python writes NaN bare; its place in a split does not matter for counting.
    const parsed: unknown = JSON.parse(
      (await readFile(path, 'utf8')).replace(/\b-?(NaN|Infinity)\b/g, 'null'),
    )
    if (!Array.isArray(parsed)) return undefined
    splitSizes.set(path, { stamp, entries: parsed.length })
    return parsed.length
  } catch {
    return undefined
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** All YAML files below `csgo_configs`, as paths from the workspace, sorted as people count. */
export async function listConfigs(root: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && depth < 4) await walk(path, depth + 1)
      else if (/\.ya?ml$/i.test(entry.name)) found.push(path)
    }
  }
  await walk('csgo_configs', 0)
  return found.sort(new Intl.Collator('en', { numeric: true }).compare)
}
