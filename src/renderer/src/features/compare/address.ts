/** A pair as an address: `/compare?runs=a,b&frame=340&mode=wipe`, with `&clip=<path>` for each video beside them. */
export const modes = ['side', 'grid', 'wipe', 'blink', 'overlay', 'difference', 'ssim', 'lpips'] as const
export type Mode = (typeof modes)[number]

export type CompareAddress = {
  runIds: string[]
  /** Absolute paths of videos. */
  clips: string[]
  /** Index in the first run's own table, as in its results, or the position where there is no run; `name` wins. */
  frame?: number
  name?: string
  /** Instead of a frame: the worst or best one of the first run by `metric`. */
  at?: 'worst' | 'best'
  mode?: Mode
  metric?: string
  /** Positions of the loop, from and to. */
  loop?: [number, number]
}

/** Reads the query of the page; whatever has no meaning is left out. */
export function parseAddress(query: URLSearchParams): CompareAddress {
  const ids = `${query.get('runs') ?? ''},${query.get('run') ?? ''}`.split(',').filter((id) => id !== '')
  const frame = Number(query.get('frame') ?? NaN)
  const at = query.get('at')
  const mode = modes.find((one) => one === query.get('mode'))
  const loop = /^(\d+)-(\d+)$/.exec(query.get('loop') ?? '')
  return {
    runIds: [...new Set(ids)],
    clips: [...new Set(query.getAll('clip'))].filter((path) => path !== ''),
    ...(Number.isInteger(frame) && frame >= 0 ? { frame } : {}),
    ...(query.get('name') ? { name: query.get('name')! } : {}),
    ...(at === 'worst' || at === 'best' ? { at } : {}),
    ...(mode ? { mode } : {}),
    ...(query.get('metric') ? { metric: query.get('metric')! } : {}),
    ...(loop && Number(loop[1]) < Number(loop[2]) ? { loop: [Number(loop[1]), Number(loop[2])] } : {}),
  }
}

/** The address of what is shown, beginning with `/compare`. Run ids stand as they are: they hold no special signs. */
export function formatAddress({ runIds, clips, frame, name, mode, metric, loop }: CompareAddress): string {
  const query = new URLSearchParams(clips.map((path) => ['clip', path]))
  if (frame !== undefined) query.set('frame', String(frame))
  else if (name !== undefined) query.set('name', name)
  if (mode !== undefined) query.set('mode', mode)
  if (metric !== undefined) query.set('metric', metric)
  if (loop) query.set('loop', loop.join('-'))
  const runs = runIds.length > 0 ? [`runs=${runIds.map(encodeURIComponent).join(',')}`] : []
  return `/compare?${[...runs, ...(query.size > 0 ? [query.toString()] : [])].join('&')}`
}

/** The address at which sources are chosen, beginning with these. */
export const chooseAddress = ({ runIds, clips }: Pick<CompareAddress, 'runIds' | 'clips'>): string =>
  `/compare?${new URLSearchParams([['choose', runIds.join(',')], ...clips.map((path) => ['with', path])])}`

/** What `chooseAddress` said. */
export const parseChosen = (query: URLSearchParams): Pick<CompareAddress, 'runIds' | 'clips'> => ({
  runIds: (query.get('choose') ?? '').split(',').filter((id) => id !== ''),
  clips: query.getAll('with'),
})
