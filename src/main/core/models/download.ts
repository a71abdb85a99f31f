/** Downloads a weight file: to a temporary name, continued after an interruption, checked before it gets its name. */
import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { sha256OfFile } from '../checkpoints/contentHash.ts'
import { ensureFolder } from './ensureFolder.ts'

/** Without a connection people should know at once, not after minutes. */
const connectMs = 4_000
/** A connection that gives nothing for this long is dead. */
const stallMs = 30_000

export type DownloadOptions = {
  url: string
  /** The final path; `<target>.part` holds what has arrived so far. */
  target: string
  size: number
  sha256: string
  signal?: AbortSignal
  /** Called as bytes arrive, with the bytes there so far, those of an earlier try included. */
  onProgress?: (doneBytes: number) => void
}

/**
 * Downloads a file and gives it its name only when size and hash are right.
 *
 * @throws AppError `process-failed` without a connection or when the server refuses, `disk-full`, `cancelled`,
 *   `conflict` when another process downloads the same file, `invalid-model` when the content is not the announced.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const part = `${options.target}.part`
  let unlock: (() => void) | undefined
  try {
    ensureFolder(dirname(options.target))
    checkSpace(options, part)
    unlock = lock(`${part}.lock`, options.target)
    await fetchInto(part, options)
    const sha256 = await sha256OfFile(part, { signal: options.signal })
    if (sha256 !== options.sha256) {
      rmSync(part, { force: true })
      throw new AppError(
        'invalid-model',
        `${options.url} gave another file than announced: its SHA-256 begins with ${sha256.slice(0, 8)} instead of ${options.sha256.slice(0, 8)}.`,
        {
          hint: 'It was deleted. A proxy or a login page may stand between; get the file by other means and use "parallax models import FILE".',
        },
      )
    }
    renameSync(part, options.target)
  } catch (caught) {
    if (options.signal?.aborted === true)
      throw new AppError(
        'cancelled',
        `The download of ${options.url} was cancelled; what has arrived is kept.`,
        { cause: caught },
      )
    throw toAppError(caught, options.target)
  } finally {
    unlock?.()
  }
}

function checkSpace({ target, size }: DownloadOptions, part: string): void {
  const { bavail, bsize } = statfsSync(dirname(target))
  const needed = size - sizeOf(part)
  if (bavail * bsize < needed) {
    throw new AppError(
      'disk-full',
      `${target} needs ${megabytes(needed)} more, but only ${megabytes(bavail * bsize)} are free.`,
      {
        hint: 'Free some space, or set the model folder to another disk.',
      },
    )
  }
}

async function fetchInto(part: string, options: DownloadOptions): Promise<void> {
  let done = sizeOf(part)
  if (done > options.size) {
    rmSync(part)
    done = 0
  }
  if (done === options.size) return
  const { response, watch } = await connect(options, done)
  if (response.status !== 206) done = 0 // the server sends the whole file
  const fd = openSync(part, done === 0 ? 'w' : 'a')
  try {
    options.onProgress?.(done)
    for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
      watch.alive()
      if (done + bytes.length > options.size) throw tooLong(options, part)
      for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
      done += bytes.length
      options.onProgress?.(done)
    }
  } catch (caught) {
    if (caught instanceof AppError || (caught as NodeJS.ErrnoException).syscall !== undefined) throw caught
    throw unreachable(options.url, 'the connection broke off', caught)
  } finally {
    watch.stop()
    closeSync(fd)
  }
  if (done < options.size) throw unreachable(options.url, `it ended after ${done} of ${options.size} bytes`)
}

/** Waits for the answer's header. `watch.alive` puts off the moment at which a silent connection is given up. */
async function connect(options: DownloadOptions, from: number) {
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal])
  let timer = setTimeout(() => stop.abort(), connectMs)
  const watch = {
    alive: (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => stop.abort(), stallMs)
    },
    stop: (): void => clearTimeout(timer),
  }
  try {
    const response = await fetch(options.url, {
      signal,
      headers: from > 0 ? { Range: `bytes=${from}-` } : {},
    })
    if (!response.ok || response.body === null)
      throw unreachable(options.url, `the server answered ${response.status} ${response.statusText}`)
    watch.alive()
    return { response, watch }
  } catch (caught) {
    watch.stop()
    if (caught instanceof AppError) throw caught
    const cause = (caught as { cause?: { code?: string } }).cause?.code
    throw unreachable(
      options.url,
      cause === undefined ? `no answer within ${connectMs / 1000} s` : `no connection (${cause})`,
      caught,
    )
  }
}

function unreachable(url: string, why: string, cause?: unknown): AppError {
  return new AppError('process-failed', `${url} could not be downloaded: ${why}.`, {
    hint: 'Without a connection: get the file on another machine, copy it here, and use "parallax models import FILE".',
    cause,
  })
}

function tooLong(options: DownloadOptions, part: string): AppError {
  rmSync(part, { force: true })
  return new AppError('invalid-model', `${options.url} gave more than the announced ${options.size} bytes.`, {
    hint: 'What had arrived was deleted. A login page may stand between; get the file by other means and use "parallax models import FILE".',
  })
}

/** Takes a lock file with our process id; a lock whose process is gone is taken over. Returns how to give it back. */
function lock(path: string, target: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(path, 'wx')
      writeSync(fd, String(process.pid))
      closeSync(fd)
      return () => rmSync(path, { force: true })
    } catch (caught) {
      if ((caught as NodeJS.ErrnoException).code !== 'EEXIST') throw caught
      if (isAlive(Number(readFileSync(path, 'utf8')))) break
      rmSync(path, { force: true })
    }
  }
  throw new AppError('conflict', `${target} is being downloaded by another process.`, {
    hint: 'Wait for it to finish; "parallax jobs list" shows it.',
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (caught) {
    return (caught as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** A size for people: "244 MB". */
export function megabytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
