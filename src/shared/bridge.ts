/**
 * What the preload script of the window gives the page, as `window.parallax`. In a browser it is absent.
 *
 * A MessagePort cannot pass Electron's context bridge, so ports arrive as window messages: the preload posts
 * `{ type: portMessageType }` with the port in `ports[0]`, once after `requestPort` and again after each restart of
 * the engine.
 */
import type { Capabilities } from './wire.ts'

/** `type` of the window message that carries a port to the engine. */
export const portMessageType = 'parallax:port'

/** What the window knows about its engine process. A new port follows after every `started`. */
export type EngineEvent = { state: 'started' } | { state: 'stopped'; reason: string; willRestart: boolean }

/** A file or folder dialog: `undefined` when the person closed it without choosing. */
export type PickOptions = { title?: string; startAt?: string; extensions?: string[] }

export type ParallaxBridge = {
  capabilities: Capabilities
  /** Asks for a port to the engine; it arrives as a window message when the engine is ready. */
  requestPort(): void
  /** Start and end of the engine process. Gives the function that ends the listening. */
  onEngine(listener: (event: EngineEvent) => void): () => void
  pickFolder(options?: PickOptions): Promise<string | undefined>
  pickFile(options?: PickOptions): Promise<string | undefined>
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>
  /** Absolute path of a dropped file or folder; empty when it has none. */
  pathOfDroppedFile(file: File): string
  /** A native menu item was chosen; `id` is that of a command record of the page. */
  onMenu(listener: (commandId: string) => void): () => void
  /** A `parallax://` link was opened; `route` is a path of the page, such as `/runs/4f2a`. */
  onLink(listener: (route: string) => void): () => void
}

declare global {
  interface Window {
    parallax?: ParallaxBridge
  }
}
