/** Which frames a folder holds, and where each one stands. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import type { FramePosition } from '../../../shared/domain/frameName.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FrameNaming } from '../tracks/frameNaming.ts'

const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp'])

/** A picture file with its place. */
export type FrameFile = FramePosition & {
  /** Absolute path. */
  path: string
  /** File name without extension. */
  stem: string
}

export type FrameSequence = {
  /** Path below the folder listed; empty for the folder itself. */
  folder: string
  frames: FrameFile[]
}

export type FrameFolder = {
  /** The folder itself and, where one folder is one track, each sub-folder with frames. */
  sequences: FrameSequence[]
  /** Names of pictures that the naming does not fit. */
  unparsed: string[]
  /** Names of sub-folders that were not looked into. */
  passedOver: string[]
}

/**
 * Lists a folder's frames in the order of their names. Sub-folders count only where one folder is one track.
 *
 * @throws AppError when the folder is missing, is a file, or may not be read.
 */
export async function readFrameFolder(root: string, naming: FrameNaming): Promise<FrameFolder> {
  const sequences: FrameSequence[] = []
  const unparsed: string[] = []
  const passedOver: string[] = []
  const folders = [root]
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw toAppError(error, folder)
    })
    const frames: FrameFile[] = []
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (isPicture(entry)) {
        const position = naming.parse(entry.name)
        if (position) frames.push({ ...position, path, stem: basename(entry.name, extname(entry.name)) })
        else unparsed.push(relative(root, path))
      } else if (folder === root && (await isFolder(entry, path))) {
        if (naming.isFolderOneTrack) folders.push(path)
        else passedOver.push(entry.name)
      }
    }
    if (frames.length > 0) sequences.push({ folder: relative(root, folder), frames })
  }
  return { sequences, unparsed, passedOver }
}

/** By name and kind alone: a look at each of a hundred thousand files would take seconds. */
const isPicture = (entry: Dirent) =>
  (entry.isFile() || entry.isSymbolicLink()) && imageExtensions.has(extname(entry.name).toLowerCase())

const isFolder = async (entry: Dirent, path: string): Promise<boolean> =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() &&
    (await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )))

/** Finds the frame at a position in a listed sequence; the first by name when several stand there. */
export function frameLookup(
  sequence: FrameSequence | undefined,
): (position: FramePosition) => FrameFile | undefined {
  const byPosition = new Map<string, FrameFile>()
  for (const frame of sequence?.frames ?? []) {
    const key = `${frame.recording}/${frame.frame}`
    if (!byPosition.has(key)) byPosition.set(key, frame)
  }
  return ({ recording, frame }) => byPosition.get(`${recording}/${frame}`)
}

/**
 * Short names that tell folders apart: the evaluation run (the part two above `gen_imgs`) where paths have one, else
 * the parts of the paths that differ.
 */
export function distinctNames(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => resolve(folder).split(sep))
  const runs = paths.map((parts) => parts[parts.lastIndexOf('gen_imgs') - 2])
  if (runs.every((run) => run !== undefined) && new Set(runs).size === runs.length) return runs
  const differing = paths.map((parts) =>
    parts.filter((part) => !paths.every((other) => other.includes(part))).join('/'),
  )
  const isTelling = new Set(differing).size === paths.length && differing.every((name) => name !== '')
  return isTelling ? differing : folders.map((folder) => basename(resolve(folder)))
}
