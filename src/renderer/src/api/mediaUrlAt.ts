import type { EngineAddress } from './socketTransport.ts'

export type MediaLook = {
  /** A smaller JPEG of at most this many pixels; left out, the file as it is. */
  width?: number
  /** A frame of a video, 0 the first. */
  frame?: number
  /** Compressed without loss: slower to make, quicker over a slow link. Frames of videos only. */
  isPacked?: boolean
}

/** As `mediaUrl`, of a given engine; without an address over the window's own scheme. */
export function mediaUrlAt(
  address: EngineAddress | undefined,
  path: string,
  { width, frame, isPacked }: MediaLook = {},
): string {
  const query = new URLSearchParams({ path })
  if (frame !== undefined) query.set('frame', String(frame))
  if (isPacked) query.set('packed', '')
  if (width !== undefined) query.set('width', String(width))
  return addressOf('file', address, query)
}

/** The address of several files at once, as they are; the answer is read by `unpackBundle`. */
export const mediaFilesUrlAt = (address: EngineAddress | undefined, paths: readonly string[]): string =>
  addressOf('files', address, new URLSearchParams(paths.map((path) => ['path', path])))

function addressOf(
  what: 'file' | 'files',
  address: EngineAddress | undefined,
  query: URLSearchParams,
): string {
  if (address) query.set('token', address.token)
  // URLSearchParams writes a space as +, which not every parser of the custom scheme reads back.
  const text = query.toString().replaceAll('+', '%20')
  return address ? `${address.origin}/media/${what}?${text}` : `parallax-media://${what}/?${text}`
}
