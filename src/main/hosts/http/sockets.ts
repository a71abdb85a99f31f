/** The WebSocket at `/socket`: one connection for each page, behind the same checks as every request. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerType } from '@hono/node-server'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Dispatcher } from '../../core/dispatch.ts'
import { closeCodes } from '../../../shared/closeCodes.ts'
import { connectPage } from '../connection.ts'
import { contractFingerprint } from '../contractFingerprint.ts'
import type { Guard } from './guard.ts'

/** A page sends forms and lists, never files; anything larger is a mistake or an attack. */
export const largestMessageBytes = 4 * 1024 * 1024
/** What a slow reader may have waiting before its connection is dropped. */
const largestBacklogBytes = 64 * 1024 * 1024

/** Takes WebSockets on a server; gives a function that ends all of them. @param pulseMs how often a page is pinged. */
export function attachSockets(
  server: ServerType,
  dispatcher: Dispatcher,
  guard: Guard,
  pulseMs = 20_000,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes })
  const heard = new WeakSet<WebSocket>()
  // A page that answers no ping is gone, though nothing said so: a lid was closed, a tunnel died.
  const pulse = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!heard.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, pulseMs)

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const query = socketQuery(request.url)
    const { host, origin } = request.headers
    if (query === undefined || !guard.isKnownHost(host) || !guard.isKnownOrigin(origin, host)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // Also of a page that is refused below: an error nobody listens to would end the engine.
      opened.on('error', () => opened.terminate())
      // A page cannot read the status of a refused upgrade, but it can read a close code.
      if (!guard.isToken(query.get('token'))) return opened.close(closeCodes.wrongToken, 'wrong token')
      const contract = query.get('contract')
      if (contract !== null && contract !== contractFingerprint())
        return opened.close(closeCodes.otherContract, 'other version')
      heard.add(opened)
      opened.on('pong', () => heard.add(opened))
      converse(opened, dispatcher, () => heard.add(opened))
    })
  })
  return () => {
    clearInterval(pulse)
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

function converse(socket: WebSocket, dispatcher: Dispatcher, onHeard: () => void): void {
  const connection = connectPage(dispatcher, (message) => {
    if (socket.bufferedAmount > largestBacklogBytes) socket.terminate()
    else if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  })
  socket.on('message', (data: Buffer) => {
    onHeard()
    connection.receive(parseJson(data.toString('utf8')))
  })
  socket.on('close', () => connection.close())
}

/** The query of an address that asks for a socket; `undefined` for any other address. */
function socketQuery(address: string | undefined): URLSearchParams | undefined {
  const [path, query = ''] = (address ?? '').split('?', 2)
  return path === '/socket' ? new URLSearchParams(query) : undefined
}

/** `undefined` for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
