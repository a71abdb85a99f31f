/**
 * Pictures in memory, least recently used out first, bounded in bytes. What is wanted now comes before what will be
 * wanted soon; loads that nobody wants any more are cancelled.
 */

export type Loaded<Picture> = { picture: Picture; bytes: number }
/** A picture that cannot be shown, with its reason. Kept like a picture, so that it is not asked for again and again. */
export type Failure = { reason: string }
export type Entry<Picture> = { picture: Picture } | { failure: Failure }

export type PictureCache<Picture> = {
  /** What is known of a key now; touching keeps it in memory. */
  peek(key: string): Entry<Picture> | undefined
  /** Names all keys wanted, most urgent first. Everything else under way is cancelled. */
  want(keys: readonly string[]): void
  /** Forgets everything, such as after the connection changed. */
  clear(): void
  /** Bytes held now. */
  readonly bytes: number
  /** Mean milliseconds of the last loads; 0 before the first. */
  readonly loadMs: number
}

export type PictureCacheOptions<Picture> = {
  limitBytes: number
  /** Loads under way at the same time. */
  concurrency: number
  load(key: string, signal: AbortSignal): Promise<Loaded<Picture>>
  /** Keys that must be known, as pictures or failures, before this one is loaded. */
  needs?(key: string): readonly string[]
  /** Frees what the browser will not free soon enough by itself. */
  dispose(picture: Picture): void
  onChange(key: string): void
  now?(): number
}

export function createPictureCache<Picture>(options: PictureCacheOptions<Picture>): PictureCache<Picture> {
  const {
    limitBytes,
    concurrency,
    load,
    needs = () => [],
    dispose,
    onChange,
    now = () => performance.now(),
  } = options
  const kept = new Map<string, Entry<Picture> & { bytes: number }>()
  const underWay = new Map<string, AbortController>()
  let wanted: readonly string[] = []
  let wantedSet = new Set<string>()
  let bytes = 0
  let loadMs = 0

  const remove = (key: string) => {
    const entry = kept.get(key)
    if (!entry) return
    kept.delete(key)
    bytes -= entry.bytes
    if ('picture' in entry) dispose(entry.picture)
  }

  function makeRoom(): void {
    for (const key of [...kept.keys()]) {
      if (bytes <= limitBytes) return
      if (!wantedSet.has(key)) remove(key)
    }
    // Even what is wanted must fit: the least urgent goes, but never the most urgent one.
    for (let at = wanted.length - 1; at > 0 && bytes > limitBytes; at--) remove(wanted[at])
  }

  function start(): void {
    for (const [order, key] of wanted.entries()) {
      if (underWay.size >= concurrency) return
      if (kept.has(key) || underWay.has(key) || !needs(key).every((other) => kept.has(other))) continue
      // Beyond the first few, only load what there is room for, or memory would be filled and emptied in turns.
      if (order > 8 && bytes >= limitBytes * 0.95) return
      void run(key)
    }
  }

  async function run(key: string): Promise<void> {
    const controller = new AbortController()
    underWay.set(key, controller)
    const since = now()
    const outcome = await load(key, controller.signal).catch((error: unknown) => ({
      failure: { reason: error instanceof Error ? error.message : String(error) },
    }))
    if (underWay.get(key) === controller) underWay.delete(key)
    if (controller.signal.aborted) {
      if ('picture' in outcome) dispose(outcome.picture)
    } else {
      remove(key)
      const entry = 'picture' in outcome ? outcome : { ...outcome, bytes: 64 }
      kept.set(key, entry)
      bytes += entry.bytes
      loadMs = loadMs === 0 ? now() - since : loadMs * 0.8 + (now() - since) * 0.2
      makeRoom()
      onChange(key)
    }
    start()
  }

  return {
    peek(key) {
      const entry = kept.get(key)
      if (!entry) return undefined
      kept.delete(key)
      kept.set(key, entry)
      return entry
    },
    want(keys) {
      wanted = keys
      wantedSet = new Set(keys)
      for (const [key, controller] of [...underWay]) {
        if (wantedSet.has(key)) continue
        underWay.delete(key)
        controller.abort()
      }
      makeRoom()
      start()
    },
    clear() {
      for (const controller of underWay.values()) controller.abort()
      underWay.clear()
      for (const key of [...kept.keys()]) remove(key)
      wanted = []
      wantedSet = new Set()
    },
    get bytes() {
      return bytes
    },
    get loadMs() {
      return loadMs
    },
  }
}
