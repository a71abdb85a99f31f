import { AppError } from '../../../shared/errors.ts'

/** What errors call the picture: its path, or "The picture". */
export type Subject = string

/** The error for a file that Pillow refuses too: `reason` says what is wrong with it. */
export function unreadable(subject: Subject, reason: string, cause?: unknown): AppError {
  return new AppError('unreadable', `${subject} cannot be decoded: ${reason}.`, {
    hint: 'Open the file in a picture viewer; write or copy it again if it is damaged.',
    cause,
  })
}
