/** Looks into folders. Links count as what they point at: data sets often lie on another disk. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Names of the folders inside `path`, in order, without hidden ones.
 *
 * @throws NodeJS.ErrnoException when `path` cannot be read.
 */
export async function subFolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  const isFolder = await Promise.all(
    entries.map((entry) => (entry.isSymbolicLink() ? leadsToFolder(path, entry) : entry.isDirectory())),
  )
  return entries
    .filter((entry, index) => isFolder[index] && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

/** Names of what is not a folder inside `path`, in order; a link counts as a file, for asking each would take long. */
export async function fileNames(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort()
}

const leadsToFolder = (path: string, { name }: Dirent): Promise<boolean> =>
  stat(join(path, name)).then(
    (target) => target.isDirectory(),
    () => false,
  )
