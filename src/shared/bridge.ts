/**
 * What the preload script of the window gives the page, as `window.parallax`. In a browser it is absent.
 *
 * A MessagePort cannot pass Electron's context bridge, so ports arrive as window messages: the preload posts
 * `{ type: portMessageType }` with the port in `ports[0]`, once after `requestPort` and again after each restart of
 * the engine. A `parallax://` link changes the page's fragment, as typing another address would.
 */
import type { Capabilities } from './wire.ts'

/** `type` of the window message that carries a port to the engine. */
export const portMessageType = 'parallax:port'

/** What the window knows about its engine process. A new port follows after every `started`. */
export type EngineEvent = { state: 'started' } | { state: 'stopped'; reason: string; willRestart: boolean }

/** Menu items that the system does itself. */
export const menuRoles = [
  'quit',
  'close',
  'undo',
  'redo',
  'cut',
  'copy',
  'paste',
  'selectAll',
  'reload',
  'toggleDevTools',
  'resetZoom',
  'zoomIn',
  'zoomOut',
  'togglefullscreen',
  'minimize',
] as const
export type MenuRole = (typeof menuRoles)[number]

/** An entry of a native menu: a command of the page, something the system does, a list of its own, or a line. */
export type MenuItem =
  | { type: 'command'; id: string; label: string; keys?: string; isEnabled: boolean }
  | { type: 'role'; role: MenuRole; label: string }
  | { type: 'list'; label: string; items: MenuItem[] }
  | { type: 'line' }

/** One menu of the menu bar, in the language of the page. */
export type MenuGroup = { label: string; items: MenuItem[] }

/** Said by the system while no window has the focus. `route` is opened when it is clicked. */
export type DesktopNotice = { title: string; body?: string; route: string }

/** A file or folder dialog: `undefined` when the person closed it without choosing. */
export type PickOptions = { title?: string; startAt?: string; extensions?: string[] }

export type ParallaxBridge = {
  capabilities: Capabilities
  /** Asks for a port to the engine; it arrives as a window message when the engine is ready. */
  requestPort(): void
  /** Start and end of the engine process. Gives the function that ends the listening. */
  onEngine(listener: (event: EngineEvent) => void): () => void
  /** Ends an engine that hangs and starts another; unfinished jobs go on from what was saved. */
  restartEngine(): void
  pickFolder(options?: PickOptions): Promise<string | undefined>
  pickFile(options?: PickOptions): Promise<string | undefined>
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>
  /**
   * Lets the page talk to an engine on another machine, once it has been loaded again. Gives false for what is no
   * address of one. @param origin such as `http://10.0.0.5:4170`.
   */
  allowEngine(origin: string): Promise<boolean>
  /** Absolute path of a dropped file or folder; empty when it has none. */
  pathOfDroppedFile(file: File): string
  /** Replaces the native menu bar. */
  setMenu(groups: MenuGroup[]): void
  /** A native menu item was chosen; `id` is that of a command record of the page. */
  onMenu(listener: (commandId: string) => void): () => void
  /** Shows a notification of the system, unless the window has the focus. */
  notify(notice: DesktopNotice): void
  /** How far the job under way is, 0 to 1, on the icon of the window; `undefined` for none. */
  setProgress(share: number | undefined): void
}

declare global {
  interface Window {
    parallax?: ParallaxBridge
  }
}
