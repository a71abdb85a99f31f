/** What a connection to an engine looks like to the client, whatever carries the messages. */
import type { EngineMessage, PageMessage } from '../../../shared/wire.ts'

/** How a transport tells what happens. `onLost` may be followed by `onOpen` when it connects again by itself. */
export type TransportEvents = {
  onOpen(): void
  onMessage(message: EngineMessage): void
  /** The connection is gone. `retryAt` (ms since 1970) is the next attempt; absent when there will be none. */
  onLost(lost: { reason: string; hint?: string; retryAt?: number }): void
}

export type Transport = {
  /** Sends one message. Only called between `onOpen` and `onLost`. */
  send(message: PageMessage): void
  /** Tries again at once instead of waiting for the next attempt. */
  retryNow(): void
  /** The engine has not answered for long: ends the line as if it were lost, where another one can be opened. */
  giveUp(): void
  close(): void
}

export type OpenTransport = (events: TransportEvents) => Transport
