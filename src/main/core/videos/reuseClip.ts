import { constants } from 'node:fs'
import { access, copyFile, rename, rm, stat } from 'node:fs/promises'
import type { Clip } from '../../../shared/contract/videos.ts'
import type { ClipsRepository, RememberedClip } from './clips.repository.ts'
import { partOf } from './partFiles.ts'

/**
 * Gives a clip that was made earlier from the same inputs, at the wanted place; one made for another folder is copied.
 *
 * @returns `undefined` when there is none whose file is still as it was written, with its small pictures.
 */
export async function reuseClip(
  repository: ClipsRepository,
  identity: string,
  file: string,
): Promise<Clip | undefined> {
  const candidates = repository
    .withIdentity(identity)
    .sort((a, b) => Number(b.clip.file === file) - Number(a.clip.file === file))
  for (const candidate of candidates) {
    const { clip } = candidate
    if (!(await isAsWritten(candidate)) || !(await hasPreviews(clip))) continue
    if (clip.file !== file) await copyWhole(clip.file, file)
    return { ...clip, file, isReused: true }
  }
  return undefined
}

/** Whether the file of a clip is still the one we wrote. */
export async function isAsWritten({
  clip,
  modifiedAt,
}: Pick<RememberedClip, 'clip' | 'modifiedAt'>): Promise<boolean> {
  const found = await stat(clip.file).catch(() => undefined)
  return found !== undefined && found.size === clip.bytes && found.mtimeMs === modifiedAt
}

/** The cache may be deleted at any time; a clip without its small pictures is made again. */
async function hasPreviews({ poster, strip }: Clip): Promise<boolean> {
  const files = [poster, strip?.file].filter((path) => path !== undefined)
  const found = await Promise.all(
    files.map((path) =>
      access(path, constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.every(Boolean)
}

/** Copies a file so that it appears whole or not at all. */
async function copyWhole(from: string, to: string): Promise<void> {
  const part = partOf(to)
  try {
    await copyFile(from, part)
    await rename(part, to)
  } finally {
    await rm(part, { force: true })
  }
}
