/** Takes a weight file of the user into the model folder, after recognising it by hash or by its tensors. */
import { constants, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { layerIndexName, readLayerIndex } from '../checkpoints/layerFolder.ts'
import { openCheckpoint } from '../checkpoints/openCheckpoint.ts'
import { sha256OfWeights, type Reading } from '../checkpoints/contentHash.ts'
import { ensureFolder } from './ensureFolder.ts'
import { addImport } from './imports.ts'
import type { Manifest, Model } from './manifest.ts'
import { layoutProblems } from './modelLayouts.ts'

/**
 * Copies a checkpoint into the folder.
 *
 * A file with a known hash gets its official name. A file with the right tensors but another hash is accepted under a
 * name of its own; results made with it carry its hash.
 *
 * @returns the model it is.
 * @throws AppError `invalid-model` when it is refused or fits no model of the manifest.
 */
export async function importModel(
  path: string,
  options: { folder: string; manifest: Manifest } & Reading,
): Promise<Model> {
  const source = weightsAt(path)
  const sha256 = await sha256OfWeights(source, options)
  for (const model of options.manifest.models) {
    const file = model.files.find((candidate) => candidate.sha256 === sha256)
    if (file === undefined) continue
    await copyInto(options.folder, source, file.name)
    return model
  }
  const model = await recognise(source, options.manifest)
  const name = `${model.id}-${sha256.slice(0, 12)}${extname(source) || '.pth'}`
  await copyInto(options.folder, source, name)
  addImport(options.folder, { name, model: model.id, sha256 })
  return model
}

/**
 * The path itself; for the index of a layer folder, the folder.
 *
 * @throws AppError when nothing lies there, or a folder without such an index.
 */
export function weightsAt(path: string): string {
  const absolute = resolve(path)
  try {
    const isFolder = statSync(absolute).isDirectory()
    if (isFolder && !readdirSync(absolute).includes(layerIndexName)) {
      throw new AppError('usage', `${absolute} is a folder without ${layerIndexName}.`, {
        hint: 'Give the path of one weight file. To use a folder of files as it lies there, name it in PARALLAX_MODEL_PATH.',
      })
    }
  } catch (caught) {
    throw toAppError(caught, absolute)
  }
  return basename(absolute) === layerIndexName ? join(absolute, '..') : absolute
}

/** The model whose tensors the checkpoint has. */
async function recognise(path: string, manifest: Manifest): Promise<Model> {
  const source = await openCheckpoint(path)
  try {
    const problems = new Map(manifest.models.map((model) => [model, layoutProblems(model.id, source)]))
    const fitting = [...problems].find(([, list]) => list.length === 0)
    if (fitting !== undefined) return fitting[0]
    const [nearest, list] = [...problems].sort(([, a], [, b]) => a.length - b.length)[0]
    throw new AppError(
      'invalid-model',
      `${path} is none of the models the studio uses. Nearest is ${nearest.title}: ${list.slice(0, 3).join('; ')}.`,
      {
        hint: `Models: ${manifest.models.map(({ id }) => id).join(', ')}. "models list" names their official files.`,
        details: { problems: list },
      },
    )
  } finally {
    source.close()
  }
}

/** Copies a file or a layer folder under a temporary name and renames it, so that no half copy is ever found. */
async function copyInto(folder: string, source: string, name: string): Promise<void> {
  const target = join(folder, name)
  if (resolve(target) === source) return
  const temporary = `${target}.${process.pid}.part`
  try {
    ensureFolder(folder)
    if (statSync(source).isDirectory()) {
      mkdirSync(temporary, { recursive: true })
      const layers = readLayerIndex(source).layers.flatMap(({ weights, bias }) => [weights, bias])
      for (const file of [layerIndexName, ...layers])
        await copyFile(join(source, file), join(temporary, file), constants.COPYFILE_FICLONE)
      rmSync(target, { recursive: true, force: true })
    } else await copyFile(source, temporary, constants.COPYFILE_FICLONE)
    renameSync(temporary, target)
  } catch (caught) {
    rmSync(temporary, { recursive: true, force: true })
    throw toAppError(caught, target)
  }
}
