import { access, constants, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { AppError, toAppError } from '../../../shared/errors.ts'

/** `.<name>.<pid>-<8 hex digits>.part`, written by `encodeClip`. */
const partName = /^\..+\.(\d+)-[0-9a-f]{8}\.part$/
/** The clock of a shared disk may differ from ours by some minutes. */
const abandonedAfterMs = 15 * 60_000

/**
 * Creates the folder, proves that it can be written to before any work is done, and clears away unfinished files of
 * processes that were killed.
 *
 * @throws AppError `permission`, `disk-full` or `usage`.
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.parallax-${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
      // On a read-only disk Node's recursive mkdir says only that the folder is missing.
      await access(await nearestExisting(folder), constants.W_OK)
      throw error
    })
    await (await open(probe, 'wx')).close()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      throw new AppError('usage', `${folder} is a file where a folder is needed.`, {
        hint: 'Choose another --output_dir.',
        cause: error,
      })
    }
    throw toAppError(error, folder)
  } finally {
    await rm(probe, { force: true }).catch(() => {})
  }
  await clearAbandonedParts(folder)
}

async function nearestExisting(path: string): Promise<string> {
  const isThere = await stat(path).catch(() => undefined)
  return isThere || dirname(path) === path ? path : await nearestExisting(dirname(path))
}

async function clearAbandonedParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = partName.exec(name)
    if (!match || isRunning(Number(match[1]))) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(path, { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
