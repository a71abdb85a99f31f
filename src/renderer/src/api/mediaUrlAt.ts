import type { EngineAddress } from './socketTransport.ts'

/** As `mediaUrl`, of a given engine; without an address over the window's own scheme. */
export function mediaUrlAt(
  address: EngineAddress | undefined,
  path: string,
  { width }: { width?: number } = {},
): string {
  const query = new URLSearchParams({ path })
  if (width !== undefined) query.set('width', String(width))
  if (address) query.set('token', address.token)
  // URLSearchParams writes a space as +, which not every parser of the custom scheme reads back.
  const text = query.toString().replaceAll('+', '%20')
  return address ? `${address.origin}/media/file?${text}` : `parallax-media://file/?${text}`
}
