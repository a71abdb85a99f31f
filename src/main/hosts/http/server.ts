/** The browser door: the same pages and the same contract over HTTP and a WebSocket, on loopback, behind a token. */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { serve, type HttpBindings, type ServerType } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError, toAppError, type ErrorCode } from '../../../shared/errors.ts'
import type { Studio } from '../../core/studio.ts'
import { findPage } from '../pageFiles.ts'
import { keepAnswerBuffers } from './answerBuffers.ts'
import { bundleFiles, bytesResponse, fileResponse } from './files.ts'
import { bracketed, createGuard, isWildcard, ownNames, windowOrigin, type Guard } from './guard.ts'
import { attachSockets, largestMessageBytes } from './sockets.ts'

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

/** Files in one answer. */
const mostFiles = 64

/** Enough that nobody finds it by trying. */
const tokenPattern = /^[\w-]{20,200}$/

const statusOf: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  'not-found': 404,
  permission: 403,
  conflict: 409,
  unsupported: 415,
  unreadable: 422,
  'no-pairs': 422,
}

/** Policy of the pages in this door: own code only; nothing inline but styles, which components set. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

type App = Hono<{ Bindings: HttpBindings }>

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

function createApp(studio: Studio, pagesDir: string, guard: Guard): App {
  const app: App = new Hono()
  const buffers = keepAnswerBuffers()
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
  app.use('/media/*', async (context, next) => {
    if (!guard.isToken(context.req.query('token') ?? bearer(context)))
      return context.text('The token is missing or wrong.', 401)
    await next()
  })
  app.get('/media/file', async (context) => {
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
  app.get('/media/files', async (context) => {
    const paths = context.req.queries('path') ?? []
    if (paths.length > mostFiles)
      return refusal(new AppError('usage', `At most ${mostFiles} files are sent at once.`))
    const bytes = await bundleFiles(paths, studio.media, buffers.take)
    context.env.outgoing.once('close', () => buffers.giveBack(bytes))
    return bytesResponse({ bytes, contentType: 'application/octet-stream' })
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
  const found = await findPage(pagesDir, context.req.url)
  if (!found) return context.text('Not found.', 404)
  return new Response(found.bytes, {
    headers: {
      'content-type': found.contentType,
      // The first page carries no hash in its name.
      'cache-control': found.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': contentSecurityPolicy,
    },
  })
}

function listen(app: App, hostname: string, port: number): Promise<ServerType> {
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
