/** Messages over a WebSocket: the browser door, and a window that is connected to an engine elsewhere. */
import type { EngineMessage } from '../../../shared/wire.ts'
import { backOffMs } from './backOff.ts'
import type { OpenTransport } from './transport.ts'

/** Where an engine listens. `origin` is such as `http://127.0.0.1:4170`. */
export type EngineAddress = { origin: string; token: string }

/** The WebSocket address of an engine. */
export function socketUrl({ origin, token }: EngineAddress): string {
  const url = new URL('/socket', origin)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('token', token)
  return url.href
}

/** Close codes with which an engine says that trying again is of no use. */
const refusals: Record<number, { reason: string; hint: string }> = {
  4401: {
    reason: 'The engine does not accept this token.',
    hint: 'Use the address that the running parallax serve printed; each start makes a new token.',
  },
  4409: {
    reason: 'The engine has another version than this page.',
    hint: 'Reload the page.',
  },
}

/** Connects, and connects again with growing pauses after each loss until `close`. */
export function socketTransport(address: EngineAddress): OpenTransport {
  return (events) => {
    let socket: WebSocket | undefined
    let attempt = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let isClosed = false

    const connect = () => {
      clearTimeout(timer)
      attempt++
      const opened = new WebSocket(socketUrl(address))
      socket = opened
      let wasOpen = false
      opened.onopen = () => {
        wasOpen = true
        attempt = 0
        events.onOpen()
      }
      opened.onmessage = ({ data }) => events.onMessage(JSON.parse(String(data)) as EngineMessage)
      opened.onclose = ({ code }) => {
        if (isClosed || socket !== opened) return
        socket = undefined
        const refusal = refusals[code]
        if (refusal) return events.onLost(refusal)
        const waitMs = backOffMs(Math.max(1, attempt))
        timer = setTimeout(connect, waitMs)
        events.onLost({
          reason: wasOpen
            ? 'The connection to the engine was lost.'
            : `No engine answers at ${address.origin}.`,
          hint: 'Check that parallax serve is running and, over SSH, that the tunnel is open.',
          retryAt: Date.now() + waitMs,
        })
      }
    }
    const retryNow = () => {
      if (!isClosed && socket === undefined) connect()
    }
    globalThis.addEventListener?.('online', retryNow)
    connect()
    return {
      send: (message) => socket?.send(JSON.stringify(message)),
      retryNow,
      close() {
        isClosed = true
        clearTimeout(timer)
        globalThis.removeEventListener?.('online', retryNow)
        socket?.close()
      },
    }
  }
}
