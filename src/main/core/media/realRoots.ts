/** The folders that pages may see into, as they really are on the disk. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'

/** A folder that was given up is seen into for this long at most. */
const rememberedMs = 1000

/**
 * Gives a function that says whether a real path lies in one of the folders. They are asked for once in a while, and
 * whenever a path seems to lie outside: a workspace may have been opened just now. A page asks for a hundred pictures a
 * second, and there may be thousands of folders.
 *
 * @param folders the folders at this moment; those that do not exist let nothing in.
 */
export function realRoots(folders: () => readonly string[]): (real: string) => Promise<boolean> {
  let known: { roots: string[]; atMs: number } | undefined
  async function read(): Promise<string[]> {
    const found = await Promise.all(folders().map((folder) => realpath(folder).catch(() => undefined)))
    const roots = [...new Set(found.filter((root) => root !== undefined))]
    known = { roots, atMs: performance.now() }
    return roots
  }
  return async (real) => {
    const isFresh = known && performance.now() - known.atMs < rememberedMs
    if (isFresh && known!.roots.some((root) => isInside(real, root))) return true
    return (await read()).some((root) => isInside(real, root))
  }
}

function isInside(path: string, root: string): boolean {
  const inside = relative(root, path)
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}
