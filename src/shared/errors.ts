/**
 * The one error of the studio. It has a code from a closed list, one plain sentence, and what to try; it crosses
 * every door (MessagePort, HTTP, terminal) as data.
 */

/** What went wrong, for programs. People read `message` and `hint`. */
export const errorCodes = [
  'usage', // the request itself is wrong; nothing was started
  'not-found',
  'no-pairs', // the two folders share no file
  'unreadable', // a file exists but cannot be decoded or parsed
  'permission',
  'disk-full',
  'unsupported', // a provider, codec or format that this machine or version lacks
  'missing-model', // weights are not installed
  'missing-program', // ffmpeg, python, sbatch
  'invalid-model', // weights refused: hash, keys, shapes, opcodes
  'process-failed',
  'conflict', // somebody else holds it: a port, a lock, a name
  'cancelled',
  'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** An `AppError` as data. `hint` says what to try; `details` are facts for programs. */
export type AppErrorData = {
  code: ErrorCode
  message: string
  hint?: string
  details?: Record<string, unknown>
}

/** An error meant for people: `message` says what happened to what, `hint` what to try. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = options.hint
    this.details = options.details
  }

  /** The error as plain data, without stack or cause. */
  toData(): AppErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    }
  }

  /** Rebuilds an error that crossed a door. */
  static fromData(data: AppErrorData): AppError {
    return new AppError(data.code, data.message, data)
  }
}

const codeOfSystemError: Record<string, [ErrorCode, string, string]> = {
  ENOENT: ['not-found', 'does not exist', 'Check the path for a typing mistake.'],
  EACCES: [
    'permission',
    'may not be opened by this user',
    'Check the permissions of the file and its folder.',
  ],
  EPERM: [
    'permission',
    'may not be changed by this user',
    'Check the permissions of the file and its folder.',
  ],
  EROFS: ['permission', 'lies on a read-only disk', 'Choose a folder that can be written to.'],
  ENOSPC: [
    'disk-full',
    'could not be written: the disk is full',
    'Free some space and run the same command again; what is finished is kept.',
  ],
  EDQUOT: [
    'disk-full',
    'could not be written: the disk quota is used up',
    'Free some space and run the same command again; what is finished is kept.',
  ],
  ENOTDIR: ['usage', 'is a file where a folder is needed', 'Give the folder that holds the files.'],
  EISDIR: ['usage', 'is a folder where a file is needed', 'Give the path of a file.'],
  SQLITE_FULL: [
    'disk-full',
    'could not be written: the disk is full',
    'Free some space and run the same command again; what is finished is kept.',
  ],
  SQLITE_IOERR: [
    'disk-full',
    'could not be read or written: the disk is full or fails',
    'Free some space on the disk of the data folder, or set PARALLAX_HOME to another one.',
  ],
  SQLITE_READONLY: [
    'permission',
    'may not be written to',
    'Check the permissions of the data folder, or set PARALLAX_HOME to another one.',
  ],
  SQLITE_CANTOPEN: [
    'permission',
    'could not be opened',
    'Check the permissions of the data folder, or set PARALLAX_HOME to another one.',
  ],
  SQLITE_BUSY: [
    'conflict',
    'is busy: another Parallax has been writing for a long time',
    'Wait for it, or stop it with parallax jobs cancel.',
  ],
  SQLITE_CORRUPT: [
    'unreadable',
    'is damaged',
    'A copy from before the last update may lie beside it (*.before-v…). Set PARALLAX_HOME to start with an empty one.',
  ],
  SQLITE_NOTADB: ['unreadable', 'is no database', 'Move the file away; a new database is made in its place.'],
  EMFILE: [
    'conflict',
    'could not be opened: too many files are open',
    'Close other programs or raise the limit of open files (ulimit -n).',
  ],
}

/**
 * Turns any caught value into an `AppError`.
 *
 * @param subject what was worked on, usually a path; named in the sentence when the system error has no path.
 */
export function toAppError(caught: unknown, subject?: string): AppError {
  if (caught instanceof AppError) return caught
  const { code, path, message } = (caught ?? {}) as { code?: string; path?: string; message?: string }
  // SQLite's extended codes (SQLITE_IOERR_WRITE) begin with the plain one.
  const plain = code?.startsWith('SQLITE_')
    ? Object.keys(codeOfSystemError).find((known) => code.startsWith(known))
    : code
  const known = plain === undefined ? undefined : codeOfSystemError[plain]
  if (known)
    return new AppError(
      known[0],
      `${subject ?? path ?? (code?.startsWith('SQLITE_') ? 'The database' : 'The file')} ${known[1]}.`,
      {
        hint: known[2],
        cause: caught,
      },
    )
  const text = message ?? String(caught)
  return new AppError('internal', subject === undefined ? text : `${subject}: ${text}`, { cause: caught })
}
