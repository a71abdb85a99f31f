/** Addresses live in the fragment (`#/runs/4f2a?frame=12`), so that the same page works from a file and from any path. */
import { useSyncExternalStore } from 'react'

const subscribe = (onChange: () => void) => {
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}

/** The route of a fragment: its path and its query without the question mark. */
export function routeOf(hash: string): { path: string; search: string } {
  const [path, search = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  return { path: `/${path}`, search }
}

/** Goes to a route such as `/runs/4f2a?frame=12`. `replace` leaves no step in the history. */
export function goTo(route: string, options: { replace?: boolean } = {}): void {
  const hash = `#${route}`
  if (hash === location.hash) return
  if (options.replace) {
    history.replaceState(history.state, '', hash)
    dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = hash
}

/** The location hook of the router. */
export const useHashLocation = Object.assign(
  (): [string, typeof goTo] => [useSyncExternalStore(subscribe, () => routeOf(location.hash).path), goTo],
  { hrefs: (route: string) => `#${route}` },
)

/** The query of the present route. */
export const useHashSearch = (): string =>
  useSyncExternalStore(subscribe, () => routeOf(location.hash).search)

/** Values in the route's query, and how to change them without a step in the history. Empty values disappear. */
export function useRouteQuery(): [URLSearchParams, (changes: Record<string, string | undefined>) => void] {
  const search = useHashSearch()
  const change = (changes: Record<string, string | undefined>) => {
    const { path, search: present } = routeOf(location.hash)
    const query = new URLSearchParams(present)
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') query.delete(name)
      else query.set(name, value)
    }
    const text = query.toString()
    goTo(text === '' ? path : `${path}?${text}`, { replace: true })
  }
  return [new URLSearchParams(search), change]
}
