/** A transport whose other end is the test: it answers, falls silent, is lost and comes back on command. */
import type { EngineMessage, PageMessage } from '../../../src/shared/wire.ts'
import type { OpenTransport, TransportEvents } from '../../../src/renderer/src/api/transport.ts'

export function fakeTransport() {
  const sent: PageMessage[] = []
  let events: TransportEvents | undefined
  const open: OpenTransport = (given) => {
    events = given
    return {
      send: (message) => void sent.push(message),
      retryNow: () => {},
      giveUp: () => {},
      close: () => {},
    }
  }
  return {
    open,
    sent,
    connect: () => events?.onOpen(),
    lose: (lost: Parameters<TransportEvents['onLost']>[0]) => events?.onLost(lost),
    answer: (message: EngineMessage) => events?.onMessage(message),
  }
}
