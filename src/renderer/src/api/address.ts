/** Addresses of engines: what `parallax serve` prints, what a person types, and the token of this page. */
import { AppError } from '../../../shared/errors.ts'
import type { EngineAddress } from './socketTransport.ts'

const tokenKey = 'parallax.token'

/**
 * Reads what a person typed or pasted: `host:port`, a whole address, or one with `#token=…` at its end.
 *
 * @param token used when the address carries none.
 * @throws AppError `usage` when no address can be made of it.
 */
export function parseEngineAddress(text: string, token = ''): EngineAddress {
  const trimmed = text.trim()
  const withScheme = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  let url: URL
  try {
    url = new URL(withScheme)
  } catch {
    throw new AppError('usage', 'This is not an address.', {
      hint: 'Paste the line that parallax serve printed, such as http://127.0.0.1:4170/#token=….',
    })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AppError('usage', 'An engine is reached over http or https.', {
      hint: 'Paste the line that parallax serve printed.',
    })
  const ownToken = tokenFromHash(url.hash) ?? url.searchParams.get('token') ?? ''
  const found = token.trim() === '' ? ownToken : token.trim()
  if (found === '')
    throw new AppError('usage', 'The token is missing.', {
      hint: 'It stands after #token= in the address that parallax serve printed.',
    })
  return { origin: url.origin, token: found }
}

/** Whether an engine is reached through this machine, itself or by a tunnel. */
export const isLoopback = (origin: string): boolean =>
  /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin)

/** The token in a fragment such as `#token=abc` or `#/runs?token=abc`. */
export function tokenFromHash(hash: string): string | undefined {
  return /[#&?]token=([A-Za-z0-9_-]+)/.exec(hash)?.[1]
}

/** A fragment without its token, as a route: `#token=abc` gives `#/`, `#/runs/4?token=abc` gives `#/runs/4`. */
export function hashWithoutToken(hash: string): string {
  const route = hash.replace(/([#&?])token=[A-Za-z0-9_-]+&?/, '$1').replace(/[&?]$/, '')
  return route.startsWith('#/') ? route : `#/${route.replace(/^#/, '')}`
}

/**
 * The address of the engine that served this page. The token arrives once in the address bar, moves to the session's
 * storage, and disappears from the bar so that it is not copied along with a link.
 */
export function takePageAddress(): EngineAddress {
  const arrived =
    tokenFromHash(location.hash) ?? new URLSearchParams(location.search).get('token') ?? undefined
  if (arrived !== undefined) {
    sessionStorage.setItem(tokenKey, arrived)
    history.replaceState(null, '', `${location.pathname}${hashWithoutToken(location.hash)}`)
  }
  return { origin: location.origin, token: sessionStorage.getItem(tokenKey) ?? '' }
}
