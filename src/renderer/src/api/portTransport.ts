/** Messages over a MessagePort to the engine process of this window. The window restarts it and sends a new port. */
import { portMessageType, type ParallaxBridge } from '../../../shared/bridge.ts'
import type { EngineMessage } from '../../../shared/wire.ts'
import type { OpenTransport } from './transport.ts'

/** Talks over the newest port that the preload script handed in. */
export function portTransport(bridge: ParallaxBridge): OpenTransport {
  return (events) => {
    let port: MessagePort | undefined

    const onWindowMessage = (event: MessageEvent<unknown>) => {
      const isPort =
        event.source === window &&
        (event.data as { type?: unknown } | null)?.type === portMessageType &&
        event.ports.length === 1
      if (!isPort) return
      port?.close()
      port = event.ports[0]
      port.onmessage = ({ data }) => events.onMessage(data as EngineMessage)
      port.start()
      events.onOpen()
    }
    window.addEventListener('message', onWindowMessage)
    const stopListening = bridge.onEngine((event) => {
      if (event.state === 'started') return
      port?.close()
      port = undefined
      events.onLost({
        reason: event.reason,
        hint: event.willRestart
          ? 'It is being started again; unfinished jobs go on from what was saved.'
          : 'Try again; when it stops again, close and open Parallax.',
        // The moment is not known; "soon" is what the window promises.
        ...(event.willRestart ? { retryAt: Date.now() } : {}),
      })
    })
    bridge.requestPort()
    return {
      send: (message) => port?.postMessage(message),
      retryNow: () => bridge.requestPort(),
      // Another port would lead to the same engine; only a new engine helps, and that is for a person to decide.
      giveUp: () => {},
      close() {
        window.removeEventListener('message', onWindowMessage)
        stopListening()
        port?.close()
      },
    }
  }
}
