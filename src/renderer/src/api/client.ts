/**
 * The typed way to the engine: `call` asks once, `open` listens. Names, inputs and outputs come from the contract.
 * Calls made before the connection stands wait for it; calls under way when it is lost are rejected (a command may or
 * may not have happened, so only the caller can decide to repeat it); streams are opened again.
 */
import type { Contract } from '../../../shared/contract/index.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/operation.ts'
import { AppError, type AppErrorData } from '../../../shared/errors.ts'
import type { EngineMessage } from '../../../shared/wire.ts'
import { createHeartbeat } from './heartbeat.ts'
import type { OpenTransport, TransportEvents } from './transport.ts'

export type CallName = {
  [Name in keyof Contract]: Contract[Name]['kind'] extends 'stream' ? never : Name
}[keyof Contract]
export type QueryName = {
  [Name in keyof Contract]: Contract[Name]['kind'] extends 'query' ? Name : never
}[keyof Contract]
export type StreamName = Exclude<keyof Contract, CallName>
export type Input<Name extends keyof Contract> = InputOf<Contract[Name]>
export type Output<Name extends keyof Contract> = OutputOf<Contract[Name]>

export type StreamListener<Event> = {
  onEvent(event: Event): void
  /** The stream ended by itself or was refused. Not called after the listener has left. */
  onEnd?(error?: AppError): void
  /** Opened again after the connection was lost: events in between are missed. */
  onReopen?(): void
}

export type Client = {
  call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>>
  /** Listens to a stream until the returned function is called. */
  open<Name extends StreamName>(
    name: Name,
    input: Input<Name>,
    listener: StreamListener<Output<Name>>,
  ): () => void
  retryNow(): void
  close(): void
}

export type ClientEvents = {
  onOpen?(): void
  /** The line stands, but the engine stopped answering, or answers again. */
  onSilent?(isSilent: boolean): void
  onLost?: TransportEvents['onLost']
}

type Call = {
  name: string
  input: unknown
  isSent: boolean
  resolve(value: unknown): void
  reject(error: AppError): void
}
type Stream = { name: string; input: unknown; wasOpened: boolean; listener: StreamListener<unknown> }

/** Whether a call failed because the connection was lost, not because the engine refused it. */
export const isConnectionError = (error: unknown): boolean =>
  error instanceof AppError && error.details?.connection === 'lost'

/** @param openTransport connects; called once, at once. */
export function createClient(openTransport: OpenTransport, events: ClientEvents = {}): Client {
  const calls = new Map<number, Call>()
  const streams = new Map<number, Stream>()
  let nextId = 1
  let isOpen = false
  let isSilent = false
  let refusal: AppError | undefined

  const connectionError = (reason: string, hint?: string) =>
    new AppError('process-failed', reason, { hint, details: { connection: 'lost' } })

  const rejectCalls = (error: AppError, which: (call: Call) => boolean) => {
    for (const [id, call] of [...calls]) {
      if (!which(call)) continue
      calls.delete(id)
      call.reject(error)
    }
  }

  const heartbeat = createHeartbeat({
    ping: () => transport.send({ type: 'ping', id: nextId++ }),
    onSilent(isNow) {
      isSilent = isNow
      events.onSilent?.(isNow)
    },
    onDead: () => transport.giveUp(),
  })
  const transport = openTransport({
    onOpen() {
      isOpen = true
      heartbeat.start()
      refusal = undefined
      // A new connection knows nothing of the old one: calls that were sent over it will get no answer.
      rejectCalls(connectionError('The engine was started again before it answered.'), ({ isSent }) => isSent)
      for (const [id, call] of calls) send(id, call)
      for (const [id, stream] of streams) openStream(id, stream)
      events.onOpen?.()
    },
    onMessage: receive,
    onLost(lost) {
      isOpen = false
      isSilent = false
      heartbeat.stop()
      const error = connectionError(lost.reason, lost.hint)
      // Without a further attempt nothing will ever be answered; with one, unsent calls wait for it.
      if (lost.retryAt === undefined) refusal = error
      rejectCalls(error, ({ isSent }) => isSent || lost.retryAt === undefined)
      events.onLost?.(lost)
    },
  })

  function send(id: number, call: Call) {
    call.isSent = true
    transport.send({ type: 'call', id, name: call.name, input: call.input })
  }

  function openStream(id: number, stream: Stream) {
    transport.send({ type: 'open', id, name: stream.name, input: stream.input })
    if (stream.wasOpened) stream.listener.onReopen?.()
    stream.wasOpened = true
  }

  function receive(message: EngineMessage) {
    heartbeat.heard()
    const call = calls.get(message.id)
    const stream = streams.get(message.id)
    if (message.type === 'reply') call?.resolve(message.value)
    if (message.type === 'event') stream?.listener.onEvent(message.value)
    if (message.type === 'refusal') {
      const error = AppError.fromData(message.error as AppErrorData)
      call?.reject(error)
      streams.delete(message.id)
      stream?.listener.onEnd?.(error)
    }
    if (message.type === 'end') {
      streams.delete(message.id)
      stream?.listener.onEnd?.()
    }
    if (message.type === 'reply' || message.type === 'refusal') calls.delete(message.id)
  }

  return {
    call<Name extends CallName>(name: Name, input: Input<Name>) {
      return new Promise<Output<Name>>((resolve, reject) => {
        if (refusal) return reject(refusal)
        const id = nextId++
        const call: Call = { name, input, isSent: false, resolve: resolve as Call['resolve'], reject }
        calls.set(id, call)
        if (isOpen) send(id, call)
      })
    },
    open(name, input, listener) {
      const id = nextId++
      const stream: Stream = { name, input, wasOpened: false, listener: listener as StreamListener<unknown> }
      streams.set(id, stream)
      if (isOpen) openStream(id, stream)
      return () => {
        if (streams.delete(id) && isOpen) transport.send({ type: 'close', id })
      }
    },
    retryNow() {
      if (isSilent) transport.giveUp()
      transport.retryNow()
    },
    close() {
      isOpen = false
      heartbeat.stop()
      rejectCalls(connectionError('The connection to the engine was closed.'), () => true)
      streams.clear()
      transport.close()
    },
  }
}
