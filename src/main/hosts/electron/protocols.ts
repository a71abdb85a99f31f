/** The window's own addresses: `parallax-app://studio/…` for the pages, `parallax-media://file/…` for pictures. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, relative } from 'node:path'
import { net, protocol } from 'electron'
import { mediaScheme, type ContentPolicy } from './contentPolicy.ts'
import type { MediaAddress } from './engineMessages.ts'

export const appOrigin = 'parallax-app://studio'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

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
    try {
      const { pathname, host } = new URL(request.url)
      const file = join(pagesDir, normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)))
      const type = contentTypes[extname(file)]
      if (host !== 'studio' || type === undefined || relative(pagesDir, file).startsWith('..'))
        return new Response('Not found.', { status: 404 })
      return new Response(await readFile(file), {
        headers: {
          'content-type': type,
          'content-security-policy': policy.header(),
          'x-content-type-options': 'nosniff',
        },
      })
    } catch {
      return new Response('Not found.', { status: 404 })
    }
  })
  protocol.handle(mediaScheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })
    try {
      const { address, token } = await media()
      const { search } = new URL(request.url)
      const headers = new Headers({ authorization: `Bearer ${token}` })
      for (const name of ['range', 'if-range', 'if-none-match']) {
        const value = request.headers.get(name)
        if (value !== null) headers.set(name, value)
      }
      const answer = await net.fetch(`${address}/media/file${search}`, {
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
