/** `parallax://` links: `parallax://runs/<id>`, `parallax://compare?run=<id>&frame=<n>`. */

const pages = new Set([
  'workspace',
  'benchmark',
  'runs',
  'compare',
  'dashboards',
  'videos',
  'experiments',
  'train',
  'evaluate',
  'localization',
  'jobs',
  'system',
])

/** The page route behind a link; `undefined` for anything that is not one of ours. */
export function routeOfLink(link: string): string | undefined {
  const url = parse(link)
  if (url?.protocol !== 'parallax:' || !pages.has(url.hostname)) return undefined
  const page = url.hostname === 'workspace' ? '' : url.hostname
  // Browsers put a slash behind a bare host.
  return `/${page}${url.pathname.replace(/\/+$/, '')}${url.search}`
}

function parse(link: string): URL | undefined {
  try {
    return new URL(link)
  } catch {
    return undefined
  }
}

/** The first `parallax://` link among the arguments of a start. */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.find((arg) => arg.toLowerCase().startsWith('parallax://'))
