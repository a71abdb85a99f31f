/** Colours for data. Scores use viridis, brightened towards "good" whatever the direction of the metric. */

// Viridis (van der Walt and Smith, CC0), every 16th entry.
const viridisStops = [
  '#440154', '#481a6c', '#472f7d', '#414487', '#39568c', '#31688e', '#2a788e', '#23888e', '#1f988b', '#22a884', '#35b779',
  '#54c568', '#7ad151', '#a5db36', '#d2e21b', '#fde725',
] // prettier-ignore

const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16)

/** Viridis at `t` in 0..1 as `#rrggbb`; outside values are taken to the nearest end. */
export function viridis(t: number): string {
  const place = Math.min(1, Math.max(0, t)) * (viridisStops.length - 1)
  const index = Math.min(viridisStops.length - 2, Math.floor(place))
  const [from, to] = [viridisStops[index], viridisStops[index + 1]]
  const mix = [1, 3, 5].map((at) => {
    const value = channel(from, at) + (channel(to, at) - channel(from, at)) * (place - index)
    return Math.round(value).toString(16).padStart(2, '0')
  })
  return `#${mix.join('')}`
}

/** How good a value is within `min..max`, 0 (worst) to 1 (best), for the metric's direction. */
export function goodness(value: number, min: number, max: number, direction: 'higher' | 'lower'): number {
  if (max === min) return 1
  const share = Math.min(1, Math.max(0, (value - min) / (max - min)))
  return direction === 'higher' ? share : 1 - share
}

/** Fixed identity colours of runs, in order of choice; ground truth has its own. */
export const runColor = (index: number): string => `var(--run-${(index % 7) + 1})`
