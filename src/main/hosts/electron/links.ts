/** `parallax://` links: `parallax://runs/<id>`, `parallax://compare?run=<id>&frame=<n>`. */

const pages = new Set([
  'runs',
  'compare',
  'benchmark',
  'videos',
  'jobs',
  'experiments',
  'train',
  'system',
  'workspace',
])

/** The page route behind a link; `undefined` for anything that is not one of ours. */
export function routeOfLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined
  const url = new URL(link)
  if (url.protocol !== 'parallax:' || !pages.has(url.hostname)) return undefined
  return `/${url.hostname}${url.pathname === '/' ? '' : url.pathname}${url.search}`
}
