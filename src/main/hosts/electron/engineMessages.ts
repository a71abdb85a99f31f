/** What the window's main process and the engine process say to each other, besides the pages' own messages. */
import type { AppErrorData } from '../../../shared/errors.ts'
import type { EngineMessage } from '../../../shared/wire.ts'

/** Where pictures and videos are served, for the window's media protocol. */
export type MediaAddress = { address: string; token: string }

/** From the engine. `message` is used only where ports cannot be handed over (plain Node). */
export type EngineNotice =
  | { type: 'ready'; media: MediaAddress }
  | { type: 'failed'; error: AppErrorData }
  | { type: 'internal-error'; name: string; message: string }
  | { type: 'message'; connection: number; message: EngineMessage }

/** To an engine under plain Node: a page's message, or the end of a page. */
export type EngineOrder = { connection: number; message: unknown } | { connection: number; closed: true }
