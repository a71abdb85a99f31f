/** Which folders (of logs, checkpoints, evaluations) belong to an experiment of the lab book. */
import { experimentId } from './labBook.ts'

/**
 * Whether a folder's name is that of an experiment: the whole name, the identifier the name begins with, or that with
 * what scripts add (`exp5_gen`, `exp5_loc`, `exp5_debug`).
 *
 * @param names the experiment and its runs.
 */
export function isFolderOf(folder: string, names: readonly string[]): boolean {
  return names.some((name) => {
    const known = [name, experimentId(name) ?? name]
    return known.some((one) => folder === one || new RegExp(`^${escaped(one)}_(gen|loc|debug)$`).test(folder))
  })
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
