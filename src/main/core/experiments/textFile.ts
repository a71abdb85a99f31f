/** Reads and replaces the user's own text files without ever damaging them. */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'

/** A text file: `hash` is of its bytes; `isExact` says that writing `text` back as UTF-8 gives the same bytes. */
export type TextFile = { text: string; hash: string; encoding: string; isExact: boolean }

const maxBytes = 32 * 1024 * 1024

/**
 * Reads a text file: UTF-8, UTF-16 with a byte order mark, else GB18030, else UTF-8 with replacement characters.
 *
 * @throws AppError `not-found`, `permission`, `unreadable` (binary or larger than 32 MB).
 */
export async function readTextFile(path: string): Promise<TextFile> {
  const found = await stat(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  if (!found.isFile())
    throw new AppError('usage', `${path} is not a file.`, { hint: 'Give the path of a text file.' })
  if (found.size > maxBytes)
    throw new AppError('unreadable', `${path} is larger than 32 MB.`, {
      hint: 'A lab book or config is smaller; choose another file.',
    })
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  return decodeText(bytes, path)
}

/** Decodes the bytes of a text file. @throws AppError `unreadable` when they are no text. */
export function decodeText(bytes: Buffer, path: string): TextFile {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const decode = (encoding: string, fatal = true) =>
    new TextDecoder(encoding, { fatal, ignoreBOM: true }).decode(bytes)
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: decode('utf-16le', false), hash, encoding: 'utf-16le', isExact: false }
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: decode('utf-16be', false), hash, encoding: 'utf-16be', isExact: false }
  if (bytes.includes(0))
    throw new AppError('unreadable', `${path} is not a text file: it holds zero bytes.`, {
      hint: 'Choose the Markdown or YAML file itself.',
    })
  try {
    return { text: decode('utf-8'), hash, encoding: 'utf-8', isExact: true }
  } catch {
    // Not UTF-8: older Chinese editors write GB18030, in which nearly any other text fails to decode.
    try {
      return { text: decode('gb18030'), hash, encoding: 'gb18030', isExact: false }
    } catch {
      return { text: decode('utf-8', false), hash, encoding: 'unknown', isExact: false }
    }
  }
}

/**
 * Replaces a file when it still is what was read: written beside it and renamed, so a crash leaves the old or the new.
 *
 * @param expectedHash hash of the bytes that were read; undefined to create a file that must not exist.
 * @throws AppError `conflict` when the file changed in the meantime or exists already.
 */
export async function replaceTextFile(
  path: string,
  text: string,
  expectedHash: string | undefined,
): Promise<string> {
  const bytes = Buffer.from(text, 'utf8')
  try {
    if (expectedHash === undefined) await writeFile(path, bytes, { flag: 'wx' })
    else {
      const target = await realpath(path)
      const present = await readFile(target)
      if (createHash('sha256').update(present).digest('hex') !== expectedHash)
        throw new AppError('conflict', `${path} has changed since it was read; nothing was written.`, {
          hint: 'Look at the new version and try again.',
        })
      const { mode } = await stat(target)
      const temporary = join(dirname(target), `.${randomUUID()}.tmp`)
      try {
        await writeFile(temporary, bytes, { mode })
        await rename(temporary, target)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST')
      throw new AppError('conflict', `${path} exists already; nothing was written.`, {
        hint: 'Choose another name.',
      })
    throw toAppError(error, path)
  }
  return createHash('sha256').update(bytes).digest('hex')
}
