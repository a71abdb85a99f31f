/** Sends files over HTTP: whole, or the range a video player asks for. */
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Media, MediaBytes, MediaFile } from '../../core/media/media.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { layOutBundle, type BundleEntry } from '../../../shared/fileBundle.ts'

/** Files up to this size are read in one go, for less than half the work of a stream. */
const smallBytes = 4 * 2 ** 20

/** The answer for a file, honouring `Range` (one range), `If-Range` and `If-None-Match`. */
export async function fileResponse(file: MediaFile, headers: Headers): Promise<Response> {
  const tag = `"${file.size.toString(36)}-${Math.round(file.modifiedMs).toString(36)}"`
  const common = {
    'content-type': file.contentType,
    'accept-ranges': 'bytes',
    etag: tag,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    // A window that is connected to this engine shows its pictures.
    'cross-origin-resource-policy': 'cross-origin',
  }
  if (headers.get('if-none-match')?.includes(tag)) return new Response(null, { status: 304, headers: common })
  const ifRange = headers.get('if-range')
  const wanted = ifRange === null || ifRange === tag ? parseRange(headers.get('range'), file.size) : undefined
  if (wanted === undefined) {
    const whole = (content: BodyInit, length: number) =>
      new Response(content, { headers: { ...common, 'content-length': String(length) } })
    if (file.size > smallBytes) return whole(body(file.path), file.size)
    const bytes = await readFile(file.path)
    return whole(bytes, bytes.length)
  }
  if (wanted === 'unsatisfiable')
    return new Response(null, {
      status: 416,
      headers: { ...common, 'content-range': `bytes */${file.size}` },
    })
  const [first, last] = wanted
  return new Response(body(file.path, first, last), {
    status: 206,
    headers: {
      ...common,
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${file.size}`,
    },
  })
}

/** The answer for what is in no file of its own. Its address may mean something else at another time. */
export function bytesResponse({ bytes, contentType }: MediaBytes): Response {
  return new Response(bytes, {
    headers: {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    },
  })
}

/** More than this is not held in memory for one answer. */
const bundleBytes = 64 * 2 ** 20

/**
 * Several files in one message: see `fileBundle.ts`. What cannot be sent stands in it with its reason.
 *
 * @param take gives memory for the message; all of it is written to.
 */
export async function bundleFiles(
  paths: readonly string[],
  { find }: Pick<Media, 'find'>,
  take: (length: number) => Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = await Promise.all(
    paths.map((path) => find(path).catch((error: unknown) => toAppError(error, path))),
  )
  let room = bundleBytes
  const entries = found.map((file): BundleEntry => {
    if (file instanceof AppError) return { error: file.toData() }
    if (file.size > room) return { isLeftOut: true }
    room -= file.size
    return { contentType: file.contentType, length: file.size }
  })
  const { message, parts } = layOutBundle(entries, take)
  await Promise.all(
    found.map((file, index) =>
      file instanceof AppError || parts[index].length === 0 ? undefined : readInto(parts[index], file),
    ),
  )
  return message
}

/**
 * Reads a file from its beginning. Where it has gone, has become shorter or cannot be read since it was found, the rest
 * is zero: it is a damaged picture for whoever gets it, who then asks why.
 */
async function readInto(part: Uint8Array, { path }: MediaFile): Promise<void> {
  const handle = await open(path).catch(() => undefined)
  const read = await handle?.read(part, 0, part.length, 0).catch(() => undefined)
  await handle?.close()
  part.fill(0, read?.bytesRead ?? 0)
}

/**
 * First and last byte of a `Range` header (RFC 9110, 14.2). A header that is absent, of another unit, malformed or of
 * several ranges gives `undefined`: the whole file is the right answer then.
 */
export function parseRange(
  header: string | null,
  size: number,
): [first: number, last: number] | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from, to] = match
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first <= last && first < size ? [first, last] : 'unsatisfiable'
}

function body(path: string, start?: number, end?: number): ReadableStream {
  const range = start === undefined ? {} : { start, end }
  return Readable.toWeb(createReadStream(path, range)) as ReadableStream
}
