/** The window's own addresses: `parallax-app://studio/…` for the pages, `parallax-media://file/…` and `…//files/…` for pictures. */
import { net, protocol } from 'electron'
import { findPage } from '../pageFiles.ts'
import { mediaScheme, type ContentPolicy } from './contentPolicy.ts'
import type { MediaAddress } from './engineMessages.ts'

export const appOrigin = 'parallax-app://studio'

/** Must be called before Electron is ready. */
export function declareSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true }
  protocol.registerSchemesAsPrivileged([
    { scheme: 'parallax-app', privileges },
    { scheme: mediaScheme, privileges },
  ])
}

/**
 * @param pagesDir the built pages; nothing outside it is served.
 * @param policy what pages may do.
 * @param media where the engine serves files; it checks every path against the open workspaces.
 */
export function serveSchemes(
  pagesDir: string,
  policy: ContentPolicy,
  media: () => Promise<MediaAddress>,
): void {
  protocol.handle('parallax-app', async (request) => {
    const isOurs = request.url.startsWith(`${appOrigin}/`)
    const found = isOurs ? await findPage(pagesDir, request.url) : undefined
    if (!found) return new Response('Not found.', { status: 404 })
    return new Response(found.bytes, {
      headers: {
        'content-type': found.contentType,
        'content-security-policy': policy.header(),
        'x-content-type-options': 'nosniff',
      },
    })
  })
  protocol.handle(mediaScheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })
    try {
      const { address, token } = await media()
      const { host, search } = new URL(request.url)
      if (host !== 'file' && host !== 'files') return new Response(null, { status: 404 })
      const headers = new Headers({ authorization: `Bearer ${token}` })
      for (const name of ['range', 'if-range', 'if-none-match']) {
        const value = request.headers.get(name)
        if (value !== null) headers.set(name, value)
      }
      const answer = await net.fetch(`${address}/media/${host}${search}`, {
        method: request.method,
        headers,
        signal: request.signal,
      })
      // The page reads pixels back from a canvas, which needs the picture to count as its own.
      const shared = new Headers(answer.headers)
      shared.set('access-control-allow-origin', appOrigin)
      return new Response(answer.body, { status: answer.status, headers: shared })
    } catch {
      // The engine has died or was left; the page asks again when it is back.
      return new Response('The engine does not answer.', { status: 503 })
    }
  })
}
