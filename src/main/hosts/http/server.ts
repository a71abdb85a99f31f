/** The browser door: the same pages and the same contract over HTTP and a WebSocket, on loopback, behind a token. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, relative } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { WebSocketServer } from 'ws'
import { AppError, toAppError, type ErrorCode } from '../../../shared/errors.ts'
import type { Studio } from '../../core/studio.ts'
import { connectPage } from '../connection.ts'
import { bytesResponse, fileResponse } from './files.ts'
import { bracketed, createGuard, isWildcard, ownNames, windowOrigin, type Guard } from './guard.ts'

export type HttpOptions = {
  studio: Studio
  /** Folder of the built pages. */
  pagesDir: string
  host: string
  /** 0 picks a free one. */
  port: number
  /** Names it answers to besides its own, as behind a proxy. */
  allowedHosts?: readonly string[]
  /** A random one when left out. */
  token?: string
}

/** A running server. `url` carries the token in its fragment, which browsers do not send. */
export type HttpDoor = { url: string; port: number; token: string; close(): Promise<void> }

/** Close code of a WebSocket whose token is wrong; the page then stops trying. */
const wrongTokenCode = 4401
/** Enough that nobody finds it by trying. */
const tokenPattern = /^[\w-]{20,200}$/

/** A page sends forms and lists, never files; anything larger is a mistake or an attack. */
const largestMessageBytes = 4 * 1024 * 1024
/** What a slow reader may have waiting before its connection is dropped. */
const largestBacklogBytes = 64 * 1024 * 1024

const statusOf: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  'not-found': 404,
  permission: 403,
  conflict: 409,
  unsupported: 415,
  unreadable: 422,
  'no-pairs': 422,
}

const pageTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

/** Policy of the pages in this door: own code only; nothing inline but styles, which components set. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** Starts the server. @throws AppError `conflict` when the port is taken, `usage` for an address or token of no use. */
export async function startHttpDoor(options: HttpOptions): Promise<HttpDoor> {
  const { studio, pagesDir, host, port } = options
  const token = options.token ?? randomBytes(24).toString('base64url')
  if (!tokenPattern.test(token)) {
    throw new AppError('usage', 'A token is 20 to 200 letters, digits, - or _.', {
      hint: 'Leave it out for a random one.',
    })
  }
  const guard = createGuard(token, [...ownNames(host), ...(options.allowedHosts ?? [])])
  const app = createApp(studio, pagesDir, guard)
  const server = await listen(app, host, port)
  const closeSockets = attachSockets(server, studio, guard)
  const actualPort = (server.address() as AddressInfo).port
  const shownHost = isWildcard(host) ? '127.0.0.1' : bracketed(host)
  return {
    port: actualPort,
    token,
    url: `http://${shownHost}:${actualPort}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        closeSockets()
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function createApp(studio: Studio, pagesDir: string, guard: Guard): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    const host = context.req.header('host')
    const origin = context.req.header('origin')
    if (!guard.isKnownHost(host))
      return context.text('This server does not go by that name; parallax serve --allow_host adds one.', 403)
    if (!guard.isKnownOrigin(origin, host)) return context.text('Requests of other sites are refused.', 403)
    await next()
    const { headers } = context.res
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('x-frame-options', 'DENY')
    headers.append('vary', 'origin')
    // The studio's own window may connect from elsewhere and reads pixels back from pictures.
    if (origin === windowOrigin) headers.set('access-control-allow-origin', windowOrigin)
  })
  app.onError((error) => refusal(toAppError(error)))
  app.post(
    '/api/:name',
    async (context, next) => {
      if (!guard.isToken(bearer(context)))
        return refusal(new AppError('permission', 'The token is missing or wrong.'), 401)
      await next()
    },
    bodyLimit({
      maxSize: largestMessageBytes,
      onError: () => refusal(new AppError('usage', 'The message is too large.'), 413),
    }),
    async (context) => {
      const input = parseJson(await context.req.text())
      if (input === undefined) return refusal(new AppError('usage', 'The body is not JSON.'), 400)
      const reply = await studio.call(context.req.param('name'), input)
      return reply.ok ? context.json({ value: reply.value ?? null }) : refusal(AppError.fromData(reply.error))
    },
  )
  app.get('/media/file', async (context) => {
    if (!guard.isToken(context.req.query('token') ?? bearer(context)))
      return context.text('The token is missing or wrong.', 401)
    try {
      const path = context.req.query('path') ?? ''
      const width = Number(context.req.query('width') ?? 0)
      const isThumbnail = Number.isInteger(width) && width >= 16 && width <= 4096
      const frame = context.req.query('frame')
      if (frame !== undefined) {
        const look = {
          ...(isThumbnail ? { width } : {}),
          isPacked: context.req.query('packed') !== undefined,
        }
        const { signal } = context.req.raw
        return bytesResponse(await studio.media.videoFrame(path, Number(frame), look, signal))
      }
      const file = isThumbnail ? await studio.media.thumbnail(path, width) : await studio.media.find(path)
      return fileResponse(file, context.req.raw.headers)
    } catch (caught) {
      return refusal(toAppError(caught))
    }
  })
  app.get('*', (context) => page(context, pagesDir))
  return app
}

const bearer = (context: Context) => /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1]

function refusal(error: AppError, status?: number): Response {
  return Response.json({ error: error.toData() }, { status: status ?? statusOf[error.code] ?? 500 })
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

async function page(context: Context, pagesDir: string): Promise<Response> {
  const wanted = wantedPage(context.req.url)
  if (wanted === undefined) return context.text('Not found.', 404)
  const file = join(pagesDir, wanted === '/' ? 'index.html' : wanted)
  const type = pageTypes[extname(file)]
  const isInside = !relative(pagesDir, file).startsWith('..')
  if (type === undefined || !isInside || !existsSync(file) || !(await stat(file)).isFile())
    return context.text('Not found.', 404)
  // Built files carry a hash in their names; the first page does not.
  const isHashed = wanted.startsWith('/assets/')
  return new Response(await readFile(file), {
    headers: {
      'content-type': type,
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': contentSecurityPolicy,
    },
  })
}

/** The path of a request, decoded once; `undefined` when it cannot be. */
function wantedPage(url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url).pathname)
    return path.includes('\0') ? undefined : normalize(path)
  } catch {
    return undefined
  }
}

function listen(app: Hono, hostname: string, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(
          new AppError('conflict', `Port ${port} is in use.`, {
            hint: 'Choose another with --port; 0 picks a free one.',
            cause: error,
          }),
        )
      else if (error.code === 'EADDRNOTAVAIL')
        reject(
          new AppError('usage', `${hostname} is no address of this machine.`, {
            hint: 'Use 127.0.0.1 and an SSH tunnel.',
            cause: error,
          }),
        )
      else reject(toAppError(error, `${hostname}:${port}`))
    })
  })
}

/** The WebSocket at `/socket`, with the same checks; gives a function that ends all connections. */
function attachSockets(server: ServerType, studio: Studio, guard: Guard): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const url = new URL(`http://localhost${request.url ?? '/'}`)
    const { host, origin } = request.headers
    const isWelcome =
      url.pathname === '/socket' && guard.isKnownHost(host) && guard.isKnownOrigin(origin, host)
    if (!isWelcome) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // A page cannot read the status of a refused upgrade, but it can read a close code.
      if (!guard.isToken(url.searchParams.get('token'))) return webSocket.close(wrongTokenCode, 'wrong token')
      const connection = connectPage(studio, (message) => {
        if (webSocket.bufferedAmount > largestBacklogBytes) webSocket.terminate()
        else if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(message))
      })
      webSocket.on('message', (data: Buffer) => connection.receive(parseJson(data.toString('utf8'))))
      webSocket.on('close', () => connection.close())
      webSocket.on('error', () => webSocket.terminate())
    })
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}
