/** Keeps the folder of thumbnails below a size: those that were not looked at for longest go first. */
import { readdir, stat, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Pruning leaves this share of the limit, so that the next thumbnail does not prune again. */
const keptShare = 0.8
/** A look at a thumbnail is noted this often at most. */
const noteEveryMs = 3_600_000

/** Notes that a thumbnail was looked at. Only the time of access changes: that of the change is part of its tag. */
export async function noteUse(file: string, now = Date.now()): Promise<void> {
  // A file that is being removed, or a cache that cannot be written, is no reason to show no picture.
  const found = await stat(file).catch(() => undefined)
  if (found && now - found.atimeMs > noteEveryMs) await utimes(file, now / 1000, found.mtime).catch(() => {})
}

/** Removes the thumbnails that were used longest ago when all together are larger than `limitBytes`. Gives what is left. */
export async function pruneThumbnails(folder: string, limitBytes: number): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => [])
  const files: { path: string; size: number; usedMs: number }[] = []
  for (const name of names) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile()) files.push({ path, size: found.size, usedMs: found.atimeMs })
  }
  let bytes = files.reduce((sum, { size }) => sum + size, 0)
  if (bytes <= limitBytes) return bytes
  for (const { path, size } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= limitBytes * keptShare) break
    // Another engine may have removed it already.
    await unlink(path).catch(() => {})
    bytes -= size
  }
  return bytes
}

/**
 * Gives a function to call for every new thumbnail: the folder is pruned a moment after the last one, so that pruning
 * never stands in the way of somebody who is looking.
 */
export function pruneWhenIdle(folder: string, limitBytes: number, idleMs = 20_000): () => void {
  let timer: NodeJS.Timeout | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(() => void pruneThumbnails(folder, limitBytes), idleMs).unref()
  }
}
