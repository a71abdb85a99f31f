/** Keeps paths inside the workspace. */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AppError } from '../../../shared/errors.ts'

/** Whether `path` is `root` or lies below it, by name only. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/**
 * The absolute path of a file in the workspace. Links are followed, so that a link cannot lead outside either; of a
 * path that does not exist yet its nearest existing folder counts.
 *
 * @throws AppError `permission` when the path leaves the workspace.
 */
export async function confine(root: string, path: string): Promise<string> {
  const refuse = () =>
    new AppError('permission', `${path} lies outside the workspace ${root}.`, {
      hint: 'Use a path inside the workspace.',
    })
  if (path.includes('\0')) throw new AppError('usage', 'A path holds a zero byte.')
  const absolute = resolve(root, path)
  if (!isInside(root, absolute)) throw refuse()
  const [realRoot, real] = await Promise.all([realpathOfExisting(root), realpathOfExisting(absolute)])
  if (!isInside(realRoot, real)) throw refuse()
  return absolute
}

async function realpathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await realpathOfExisting(parent), path.slice(parent.length))
  }
}
