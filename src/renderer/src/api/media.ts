/** Addresses of pictures and videos, for `src`. */
import { mediaAddress } from './connection.ts'
import type { EngineAddress } from './socketTransport.ts'

/**
 * @param path absolute path on the engine's machine.
 * @param options.width makes a smaller JPEG of at most this many pixels; left out, the file as it is.
 */
export function mediaUrl(path: string, options: { width?: number } = {}): string {
  return mediaUrlAt(mediaAddress(), path, options)
}

/** As `mediaUrl`, of a given engine; without an address over the window's own scheme. */
export function mediaUrlAt(
  address: EngineAddress | undefined,
  path: string,
  { width }: { width?: number } = {},
): string {
  const query = new URLSearchParams({ path })
  if (width !== undefined) query.set('width', String(width))
  // URLSearchParams writes a space as +, which not every parser of the custom scheme reads back.
  const text = (parameters: URLSearchParams) => parameters.toString().replaceAll('+', '%20')
  if (!address) return `parallax-media://file/?${text(query)}`
  query.set('token', address.token)
  return `${address.origin}/media/file?${text(query)}`
}
