/** The model store: which weights are on this machine, which file a network gets, and what is missing. */
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ModelCheck, ModelInfo } from '../../../shared/contract/models.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { openCheckpoint } from '../checkpoints/openCheckpoint.ts'
import { aestheticScore, foldAestheticHead } from '../networks/aestheticHead.ts'
import type { NetworkSpec } from '../networks/spec.ts'
import { download, megabytes } from './download.ts'
import { sha256OfWeights, type Reading } from '../checkpoints/contentHash.ts'
import { hashesInMemory, type HashCache } from './hashCache.ts'
import { importModel } from './importModel.ts'
import { readImports } from './imports.ts'
import { locate, type FoundModel, type Located } from './locate.ts'
import {
  findInManifest,
  manifest as ownManifest,
  type Manifest,
  type Model,
  type ModelId,
} from './manifest.ts'
import { layoutProblems } from './modelLayouts.ts'
import { findCandidates, type Environment } from './searchPlaces.ts'

export type ModelStoreOptions = {
  /** The studio's own folder for weights; created when something is installed. */
  folder: string
  /** Names the other places to look in; `process.env` when left out. */
  environment?: Environment
  /** Where hashes are remembered; in memory when left out. */
  hashCache?: HashCache
  manifest?: Manifest
}

/** How long work on files is watched and stopped. */
export type FileWork = {
  signal?: AbortSignal
  /** Bytes of the file so far and in all. */
  onProgress?: (progress: { file: string; doneBytes: number; totalBytes: number }) => void
}

/** The weight files of a network, or one sentence that names the file wanted, its address and where to put it. */
export type NetworkFiles = { files: string[] } | { missing: string }

export type ModelStore = ReturnType<typeof createModelStore>

/** Models of each network, in the order in which `createNetwork` takes their files. */
const backbones = { alex: 'alexnet', vgg: 'vgg16', squeeze: 'squeezenet1_1' } as const

/** The models a network is made of. */
export function modelsOf(spec: NetworkSpec): ModelId[] {
  if (spec.kind === 'lpips') return [backbones[spec.net], `lpips-${spec.net}`]
  return spec.kind === 'inception' ? ['inception-v3-fid'] : [`clip-vit-${spec.size}`]
}

export function createModelStore(options: ModelStoreOptions) {
  const { folder, environment = process.env, manifest = ownManifest } = options
  const cache = options.hashCache ?? hashesInMemory()
  const look = (model: Model): Promise<Located> =>
    locate(model, findCandidates(folder, manifest, environment), readImports(folder), cache)

  /** A file of a model that gives the wanted Inception features, or the sentence on what is missing. */
  async function fileOf(id: ModelId, features?: string): Promise<{ path: string } | { missing: string }> {
    const model = findInManifest(manifest, id)
    const located = await look(model)
    const usable = located.found.find((found) => gives(found, features))
    return usable ?? { missing: missingSentence(model, located, folder, features) }
  }

  return {
    folder,

    /** Every model of the manifest with its state on this machine. */
    async list(): Promise<ModelInfo[]> {
      const infos: ModelInfo[] = []
      for (const model of manifest.models) infos.push(describe(model, await look(model), folder))
      return infos
    },

    /** One model's state. @throws AppError `not-found` for an unknown id. */
    async find(id: string): Promise<ModelInfo> {
      const model = findInManifest(manifest, id)
      return describe(model, await look(model), folder)
    },

    /** The weight files of a network, in the order `createNetwork` takes them. */
    async filesOf(spec: NetworkSpec): Promise<NetworkFiles> {
      const files: string[] = []
      for (const id of modelsOf(spec)) {
        const file = await fileOf(id, spec.kind === 'inception' ? String(spec.dims) : undefined)
        if ('missing' in file) return file
        files.push(file.path)
      }
      return { files }
    },

    /** The folded aesthetic head, or what is missing for it. */
    async aestheticHead(): Promise<{ score: (embedding: Float32Array) => number } | { missing: string }> {
      const file = await fileOf('aesthetic-head')
      if ('missing' in file) return file
      const source = await openCheckpoint(file.path)
      try {
        const head = foldAestheticHead(source)
        return { score: (embedding) => aestheticScore(head, embedding) }
      } finally {
        source.close()
      }
    },

    /**
     * Downloads the official file of a model into the folder. Does nothing when a whole one is there.
     *
     * @throws AppError as `download` does.
     */
    async install(id: string, context: FileWork = {}): Promise<ModelInfo> {
      const model = findInManifest(manifest, id)
      const before = describe(model, await look(model), folder)
      if (before.status === 'installed') return before
      const [file] = model.files
      if (file.url === undefined)
        throw new AppError('not-found', `${model.title} has no address to download from.`)
      await download({
        url: file.url,
        target: join(folder, file.name),
        size: file.size,
        sha256: file.sha256,
        signal: context.signal,
        onProgress: (doneBytes) =>
          context.onProgress?.({ file: file.name, doneBytes, totalBytes: file.size }),
      })
      return describe(model, await look(model), folder)
    },

    /** Copies a weight file of the user into the folder. @throws AppError `invalid-model` when it is no model we know. */
    async import(path: string, work: FileWork = {}): Promise<ModelInfo> {
      const model = await importModel(path, { folder, manifest, ...readingOf(path, work) })
      return describe(model, await look(model), folder)
    },

    /** Reads every byte of the files in use (and of files with a model's name that are not used). */
    async verify(id?: string, work: FileWork = {}): Promise<ModelCheck[]> {
      const checked = id === undefined ? manifest.models : [findInManifest(manifest, id)]
      const checks: ModelCheck[] = []
      for (const model of checked) {
        const { found, refused } = await look(model)
        for (const file of found)
          checks.push({ id: model.id, path: file.path, ...(await checkFile(model, file, work)) })
        for (const { path, reason } of refused)
          checks.push({ id: model.id, path, isSound: false, found: reason })
      }
      return checks
    },
  }
}

/** Whether a file gives the wanted Inception features; every file gives all it has when none are named. */
function gives({ file }: FoundModel, features: string | undefined): boolean {
  return features === undefined || file?.features === undefined || file.features.includes(features)
}

/** The full check of one file: content against the hash it had, then names and shapes. */
async function checkFile(
  model: Model,
  file: FoundModel,
  work: FileWork,
): Promise<{ isSound: boolean; found: string }> {
  try {
    const sha256 = await sha256OfWeights(file.path, readingOf(file.path, work))
    if (sha256 !== file.sha256)
      return {
        isSound: false,
        found: `${file.path} was refused: its content has changed since it was last looked at.`,
      }
    const source = await openCheckpoint(file.path)
    try {
      const problems = layoutProblems(model.id, source)
      if (problems.length > 0)
        return { isSound: false, found: `${file.path} was refused: ${problems.join('; ')}.` }
      return { isSound: true, found: `${source.names.length} tensors, SHA-256 ${sha256}` }
    } finally {
      source.close()
    }
  } catch (caught) {
    const error = toAppError(caught, file.path)
    if (error.code === 'cancelled') throw error
    return { isSound: false, found: error.message }
  }
}

/** Reading a file so that its share is told; of a folder only the bytes are, for its size is not known beforehand. */
function readingOf(path: string, { signal, onProgress }: FileWork): Reading {
  const stats = statSync(path, { throwIfNoEntry: false })
  const totalBytes = stats?.isFile() ? stats.size : 0
  let doneBytes = 0
  return {
    signal,
    onBytes(count) {
      doneBytes += count
      onProgress?.({ file: basename(path), doneBytes, totalBytes })
    },
  }
}

function describe(model: Model, { found, refused }: Located, folder: string): ModelInfo {
  const [official] = model.files
  const best = found.find(({ file }) => file?.features === undefined) ?? found.at(0)
  const features = best?.file?.features
  return {
    id: model.id,
    title: model.title,
    neededFor: model.neededFor,
    licence: model.licence,
    source: model.source,
    status: best === undefined ? 'missing' : features === undefined ? 'installed' : 'partial',
    ...(best === undefined
      ? {}
      : { path: best.path, place: best.place, sha256: best.sha256, isOfficial: best.file !== undefined }),
    wanted: { file: official.name, size: official.size, url: official.url, folder },
    refused,
    ...(features === undefined
      ? {}
      : { note: `gives ${features.join(', ')} features; everything else needs ${official.name}` }),
  }
}

/** What is missing, where to get it and where to put it. Files that were refused are named first. */
function missingSentence(
  model: Model,
  { found, refused }: Located,
  folder: string,
  features: string | undefined,
): string {
  const [official] = model.files
  const partial = found.at(0)?.file?.features
  const reasons = refused.map(({ reason }) => `${reason} `).join('')
  const need =
    partial === undefined || features === undefined
      ? `needs ${model.title}, which is not installed`
      : `needs ${features} features, and ${found[0].path} gives only ${partial.join(', ')}`
  const address = official.url === undefined ? '' : ` from ${official.url}`
  return `${reasons}${need}: run "parallax models install ${model.id}" or put ${official.name} (${megabytes(official.size)})${address} into ${folder}`
}
