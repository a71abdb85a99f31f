/**
 * Who may talk to the local server. The token keeps other users and programs of this machine out; the Host check stops
 * DNS rebinding (a foreign name that points at this machine); the Origin check stops pages of other sites, also those
 * that another program of this machine serves.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'

/** Origin of the studio's own window, which may connect to an engine elsewhere. */
export const windowOrigin = 'parallax-app://studio'

export type Guard = {
  /** Whether the Host header names this server. */
  isKnownHost(host: string | undefined): boolean
  /**
   * Whether a request from this origin may come in: our own page or window. Requests without an Origin do not come
   * from a page of another site.
   */
  isKnownOrigin(origin: string | undefined, host: string | undefined): boolean
  /** Whether the token is the right one, compared in constant time. */
  isToken(token: string | undefined | null): boolean
}

/**
 * @param token the random token of this start.
 * @param hosts names and addresses the server answers to, such as `127.0.0.1`; any port, for SSH tunnels end anywhere.
 */
export function createGuard(token: string, hosts: readonly string[]): Guard {
  const known = new Set(hosts.map((host) => hostName(`http://${bracketed(host)}`) ?? host.toLowerCase()))
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  return {
    isKnownHost(host) {
      const name = host === undefined ? undefined : hostName(`http://${host}`)
      return name !== undefined && known.has(name)
    },
    isKnownOrigin: (origin, host) =>
      origin === undefined ||
      origin === windowOrigin ||
      origin === `http://${host}` ||
      origin === `https://${host}`,
    isToken: (given) => given !== undefined && given !== null && timingSafeEqual(digest(given), expected),
  }
}

/**
 * Names a server goes by that listens on `host`: loopback, the address itself and, when that is a wildcard, every
 * address of this machine and its name.
 */
export function ownNames(host: string): string[] {
  const loopback = ['127.0.0.1', 'localhost', '::1']
  if (!isWildcard(host)) return [...loopback, host]
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return [...loopback, hostname(), ...addresses.map(({ address }) => address.replace(/%.*/, ''))]
}

/** Whether an address to listen on stands for all addresses of the machine. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::' || host === ''

/** Whether only this machine itself reaches an address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)

/** An IPv6 address as it stands in a web address. */
export const bracketed = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host

function hostName(url: string): string | undefined {
  try {
    const { hostname: name, pathname, username } = new URL(url)
    return pathname === '/' && username === '' ? name.toLowerCase() : undefined
  } catch {
    return undefined
  }
}
