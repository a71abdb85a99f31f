/** One page talking to the studio: answers its calls and keeps its streams, whatever carries the messages. */
import { AppError, toAppError } from '../../shared/errors.ts'
import { pageMessage, type EngineMessage } from '../../shared/wire.ts'
import type { Dispatcher } from '../core/dispatch.ts'

/** What one page may have under way; a page that asks for more has gone astray. Streams look into the database again and again. */
const mostCalls = 1000
const mostStreams = 100

export type Connection = {
  /** Takes one message of the page; what is not one is ignored. */
  receive(message: unknown): void
  /** Ends every open stream. Call it when the page is gone. */
  close(): void
}

/** @param send delivers a message to the page. */
export function connectPage(dispatcher: Dispatcher, send: (message: EngineMessage) => void): Connection {
  const streams = new Map<number, AbortController>()
  let callsUnderWay = 0
  const refuse = (id: number) =>
    send({
      type: 'refusal',
      id,
      error: new AppError('conflict', 'This page asks for too much at once.', {
        hint: 'Wait for answers, or reload the page.',
      }).toData(),
    })

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    if (callsUnderWay >= mostCalls) return refuse(id)
    callsUnderWay += 1
    const reply = await dispatcher.call(name, input).finally(() => (callsUnderWay -= 1))
    send(
      reply.ok
        ? { type: 'reply', id, ok: true, value: reply.value }
        : { type: 'refusal', id, error: reply.error },
    )
  }

  async function follow(id: number, name: string, input: unknown): Promise<void> {
    // A second stream under one id could not be told from the first, nor be ended.
    if (streams.has(id)) return
    if (streams.size >= mostStreams) return refuse(id)
    const controller = new AbortController()
    streams.set(id, controller)
    try {
      for await (const value of dispatcher.open(name, input, controller.signal)) {
        if (controller.signal.aborted) return
        send({ type: 'event', id, value })
      }
      send({ type: 'end', id })
    } catch (caught) {
      send({ type: 'refusal', id, error: toAppError(caught).toData() })
    } finally {
      streams.delete(id)
    }
  }

  return {
    receive(raw) {
      const parsed = pageMessage.safeParse(raw)
      if (!parsed.success) return
      const message = parsed.data
      if (message.type === 'call') void answer(message.id, message.name, message.input)
      else if (message.type === 'open') void follow(message.id, message.name, message.input)
      else if (message.type === 'ping') send({ type: 'pong', id: message.id })
      else streams.get(message.id)?.abort()
    },
    close() {
      for (const controller of streams.values()) controller.abort()
    },
  }
}
