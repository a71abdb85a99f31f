import { access, constants, mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { clearAbandonedParts } from './partFiles.ts'

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
