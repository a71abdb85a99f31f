/** Makes the folder for models before something is written into it. */
import { mkdirSync } from 'node:fs'
import { AppError, toAppError } from '../../../shared/errors.ts'

/** @throws AppError `usage` when a file stands in the way, `permission` when the folder cannot be made. */
export function ensureFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code !== 'EEXIST') throw toAppError(caught, folder)
    throw new AppError('usage', `${folder} is a file where the folder for models should be.`, {
      hint: 'Move the file away, or choose another model folder.',
      cause: caught,
    })
  }
}
