/**
 * Who may talk to the local server. The token keeps other users and programs of this machine out; the Host check stops
 * DNS rebinding (a foreign name that points at loopback); the Origin check stops pages of other sites.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Origin of the studio's own window, which may connect to an engine elsewhere. */
export const windowOrigin = 'parallax-app://studio'

export type Guard = {
  /** Whether the Host header names this server. */
  isKnownHost(host: string | undefined): boolean
  /** Whether a request from this origin may come in; requests without an Origin do not come from a foreign page. */
  isKnownOrigin(origin: string | undefined): boolean
  /** Whether the token is the right one, compared in constant time. */
  isToken(token: string | undefined | null): boolean
}

/**
 * @param token the random token of this start.
 * @param hosts names and addresses the server answers to, such as `127.0.0.1`; any port, for SSH tunnels end anywhere.
 */
export function createGuard(token: string, hosts: readonly string[]): Guard {
  const known = new Set(hosts.map((host) => host.toLowerCase()))
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  const isKnownHost = (host: string | undefined) => {
    const name = host === undefined ? undefined : hostName(`http://${host}`)
    return name !== undefined && known.has(name)
  }
  return {
    isKnownHost,
    isKnownOrigin(origin) {
      if (origin === undefined || origin === windowOrigin) return true
      const name = /^https?:\/\//.test(origin) ? hostName(origin) : undefined
      return name !== undefined && known.has(name)
    },
    isToken: (given) => given !== undefined && given !== null && timingSafeEqual(digest(given), expected),
  }
}

function hostName(url: string): string | undefined {
  try {
    return new URL(url).hostname.toLowerCase()
  } catch {
    return undefined
  }
}
