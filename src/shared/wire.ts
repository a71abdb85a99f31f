/**
 * The messages between a page and an engine. The same ones travel over a MessagePort (window) and a WebSocket
 * (browser). `id` is chosen by the page and joins an answer to its question.
 */
import { z } from 'zod'
import { errorData } from './contract/jobs.ts'

const id = z.number().int().nonnegative()

/** From the page: a call, the opening of a stream, the end of interest in one, or whether anybody is there. */
export const pageMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id, name: z.string().max(100), input: z.unknown() }),
  z.object({ type: z.literal('open'), id, name: z.string().max(100), input: z.unknown() }),
  z.object({ type: z.literal('close'), id }),
  z.object({ type: z.literal('ping'), id }),
])
export type PageMessage = z.infer<typeof pageMessage>

/** From the engine: the answer to a call or a ping, or an event, the end or the failure of a stream. */
export const engineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id, ok: z.literal(true), value: z.unknown() }),
  z.object({ type: z.literal('refusal'), id, error: errorData }),
  z.object({ type: z.literal('event'), id, value: z.unknown() }),
  z.object({ type: z.literal('end'), id }),
  z.object({ type: z.literal('pong'), id }),
])
export type EngineMessage = z.infer<typeof engineMessage>

/** What a door offers beyond the contract; a page asks before it draws a button. */
export type Capabilities = {
  door: 'window' | 'browser'
  /** Native dialogs to pick a folder or a file. */
  hasNativeDialogs: boolean
  /** "Show in folder". */
  canReveal: boolean
  /** Absolute paths of dropped files are known. */
  hasDroppedPaths: boolean
}
