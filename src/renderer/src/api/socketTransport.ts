/** Messages over a WebSocket: the browser door, and a window that is connected to an engine elsewhere. */
import { closeCodes } from '../../../shared/closeCodes.ts'
import type { EngineMessage } from '../../../shared/wire.ts'
import { backOffMs } from './backOff.ts'
import type { OpenTransport } from './transport.ts'

/** Where an engine listens. `origin` is such as `http://127.0.0.1:4170`. */
export type EngineAddress = { origin: string; token: string }

/** A line that does not open within this time will not open: the engine hangs, or something in between does. */
const longestOpeningMs = 15_000

/**
 * The WebSocket address of an engine.
 *
 * @param contract fingerprint of the contract this page was built with, which the engine compares with its own.
 */
export function socketUrl({ origin, token }: EngineAddress, contract?: string): string {
  const url = new URL('/socket', origin)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('token', token)
  if (contract !== undefined) url.searchParams.set('contract', contract)
  return url.href
}

/** Close codes with which an engine says that trying again is of no use. */
const refusals: Record<number, { reason: string; hint: string }> = {
  [closeCodes.wrongToken]: {
    reason: 'The engine does not accept this token.',
    hint: 'Use the address that the running parallax serve printed; each start makes a new token.',
  },
  [closeCodes.otherContract]: {
    reason: 'The engine is of another version than this page.',
    hint: 'Reload the page. Over Connect to engine…, install the same version of Parallax on both machines, or open the address of the engine in a browser.',
  },
}

/** Connects, and connects again with growing pauses after each loss until `close`. @param contract as `socketUrl`. */
export function socketTransport(address: EngineAddress, contract?: string): OpenTransport {
  return (events) => {
    let socket: WebSocket | undefined
    let attempt = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let isClosed = false

    const connect = () => {
      clearTimeout(timer)
      attempt++
      const opened = new WebSocket(socketUrl(address, contract))
      socket = opened
      let wasOpen = false
      const opening = setTimeout(() => leave(opened), longestOpeningMs)
      opened.onopen = () => {
        clearTimeout(opening)
        wasOpen = true
        attempt = 0
        events.onOpen()
      }
      opened.onmessage = ({ data }) => events.onMessage(JSON.parse(String(data)) as EngineMessage)
      opened.onclose = ({ code }) => {
        clearTimeout(opening)
        if (isClosed || socket !== opened) return
        socket = undefined
        const refusal = refusals[code]
        if (refusal) events.onLost(refusal)
        else tryLater(wasOpen)
      }
    }
    const tryLater = (wasOpen: boolean) => {
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
    /** Ends a line without waiting for the other end to agree, which may never answer again. */
    const leave = (left: WebSocket | undefined) => {
      if (left === undefined || left !== socket) return
      const wasOpen = left.readyState !== WebSocket.CONNECTING
      socket = undefined
      left.close()
      tryLater(wasOpen)
    }
    const retryNow = () => {
      if (!isClosed && socket === undefined) connect()
    }
    globalThis.addEventListener?.('online', retryNow)
    connect()
    return {
      send: (message) => socket?.send(JSON.stringify(message)),
      retryNow,
      giveUp: () => leave(socket),
      close() {
        isClosed = true
        clearTimeout(timer)
        globalThis.removeEventListener?.('online', retryNow)
        socket?.close()
      },
    }
  }
}
