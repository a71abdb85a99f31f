/** A pair as an address: `/compare?runs=a,b&frame=340&mode=wipe`. */
export const modes = ['side', 'grid', 'wipe', 'blink', 'overlay', 'difference', 'ssim', 'lpips'] as const
export type Mode = (typeof modes)[number]

export type CompareAddress = {
  runIds: string[]
  /** Index in the first run's own table, as in its results; `name` wins where both are given. */
  frame?: number
  name?: string
  mode?: Mode
  metric?: string
  /** Positions of the loop, from and to. */
  loop?: [number, number]
}

/** Reads the query of the page; whatever has no meaning is left out. */
export function parseAddress(query: URLSearchParams): CompareAddress {
  const ids = `${query.get('runs') ?? ''},${query.get('run') ?? ''}`.split(',').filter((id) => id !== '')
  const frame = Number(query.get('frame') ?? NaN)
  const mode = modes.find((one) => one === query.get('mode'))
  const loop = /^(\d+)-(\d+)$/.exec(query.get('loop') ?? '')
  return {
    runIds: [...new Set(ids)],
    ...(Number.isInteger(frame) && frame >= 0 ? { frame } : {}),
    ...(query.get('name') ? { name: query.get('name')! } : {}),
    ...(mode ? { mode } : {}),
    ...(query.get('metric') ? { metric: query.get('metric')! } : {}),
    ...(loop && Number(loop[1]) < Number(loop[2]) ? { loop: [Number(loop[1]), Number(loop[2])] } : {}),
  }
}

/** The address of what is shown, beginning with `/compare`. Run ids stand as they are: they hold no special signs. */
export function formatAddress({ runIds, frame, name, mode, metric, loop }: CompareAddress): string {
  const query = new URLSearchParams()
  if (frame !== undefined) query.set('frame', String(frame))
  else if (name !== undefined) query.set('name', name)
  if (mode !== undefined && mode !== 'side') query.set('mode', mode)
  if (metric !== undefined) query.set('metric', metric)
  if (loop) query.set('loop', loop.join('-'))
  const rest = query.toString()
  return `/compare?runs=${runIds.map(encodeURIComponent).join(',')}${rest === '' ? '' : `&${rest}`}`
}
