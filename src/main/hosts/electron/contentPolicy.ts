/** The window's Content-Security-Policy: own code only, and engines on this machine until a person names another. */

export const mediaScheme = 'parallax-media'

/** Loopback addresses are always allowed, for an engine elsewhere arrives there through an SSH tunnel. */
const loopback = ['http://127.0.0.1:*', 'http://localhost:*']

export type ContentPolicy = {
  /**
   * Lets the next page that is loaded talk to one engine elsewhere, in the place of the one before.
   *
   * @param origin such as `http://10.0.0.5:4170`. Gives false, and changes nothing, for anything else.
   */
  allowEngine(origin: string): boolean
  /** The header for a page that is loaded now. */
  header(): string
}

export function createContentPolicy(): ContentPolicy {
  let engine: string | undefined
  return {
    allowEngine(origin) {
      // Host names may hold signs that end a directive, so only plain ones are taken.
      if (!/^https?:\/\/(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i.test(origin)) return false
      engine = origin
      return true
    },
    header() {
      const engines = [...loopback, ...(engine === undefined ? [] : [engine])]
      const http = engines.join(' ')
      const sockets = engines.map((origin) => origin.replace(/^http/, 'ws')).join(' ')
      return [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        `img-src 'self' ${mediaScheme}: ${http} data: blob:`,
        `media-src ${mediaScheme}: ${http} blob:`,
        `connect-src 'self' ${mediaScheme}: ${http} ${sockets}`,
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ')
    },
  }
}
