/**
 * Pictures in memory, least recently used out first, bounded in bytes. What is wanted now comes before what will be
 * wanted soon; loads that nobody wants any more are cancelled, unless they are of use when they come late.
 */

/** A picture to be had, and how to get it: `task` goes to `load` as it is. */
export type Wanted<Task> = {
  key: string
  task: Task
  /** How many files it is made of. */
  files: number
  /** A person looks at it now: it does not wait for others. */
  isLookedAt: boolean
  /** Once begun it is brought to its end, for the person may still be shown it on the way to somewhere else. */
  isFinished: boolean
  /** Somebody may come to it: it takes only time and room that nothing else needs. */
  isSpare: boolean
}
export type Loaded<Picture> = { picture: Picture; bytes: number }
/** A picture that cannot be shown, with its reason. Kept for a while, so that it is not asked for again and again. */
export type Failure = { reason: string }
export type Entry<Picture> = { picture: Picture } | { failure: Failure }

export type PictureCache<Picture, Task> = {
  /** What is known of a key now; touching keeps it in memory. */
  peek(key: string): Entry<Picture> | undefined
  /** Names all that is wanted, most urgent first. */
  want(wanted: readonly Wanted<Task>[]): void
  /** Forgets everything. */
  clear(): void
  /** Bytes held now. */
  readonly bytes: number
}

export type PictureCacheOptions<Picture, Task> = {
  limitBytes: number
  /** Files under way at the same time; as many again for what is looked at. */
  concurrency: number
  /** The same while only what is spare is missing: few, so that hardly anything is in the way of a hand that moves on. */
  spareConcurrency: number
  load(task: Task, signal: AbortSignal): Promise<Loaded<Picture>>
  /** Frees what the browser will not free soon enough by itself. */
  dispose(picture: Picture): void
  /** @param isLookedAt whether a person looks at what has arrived. */
  onChange(isLookedAt: boolean): void
  /** Milliseconds. */
  now?(): number
}

/** Share of the room that what is spare may fill; the rest keeps what was looked at elsewhere. */
const spareShare = 2 / 3

/** After this long a failure is tried again: a line may have been cut, or a file been written meanwhile. */
const failureMs = 5000

export function createPictureCache<Picture, Task>(
  options: PictureCacheOptions<Picture, Task>,
): PictureCache<Picture, Task> {
  const { limitBytes, concurrency, spareConcurrency, load, dispose, onChange } = options
  const { now = () => performance.now() } = options
  const kept = new Map<string, Entry<Picture> & { bytes: number; sinceMs: number }>()
  const underWay = new Map<string, { stop: AbortController; files: number; isFinished: boolean }>()
  let filesUnderWay = 0
  let wanted: readonly Wanted<Task>[] = []
  let wantedKeys = new Set<string>()
  let lookedAtKeys = new Set<string>()
  let bytes = 0
  let largestBytes = 0

  const remove = (key: string) => {
    const entry = kept.get(key)
    if (!entry) return
    kept.delete(key)
    bytes -= entry.bytes
    if ('picture' in entry) dispose(entry.picture)
  }

  function makeRoom(): void {
    if (bytes <= limitBytes) return
    for (const key of [...kept.keys()]) {
      if (bytes <= limitBytes) return
      if (!wantedKeys.has(key)) remove(key)
    }
    // Even what is wanted must fit: the least urgent goes, but nothing that a person looks at.
    for (let at = wanted.length - 1; at >= 0 && bytes > limitBytes; at--)
      if (!isNeeded(at)) remove(wanted[at].key)
  }

  /** Whether something is shown now, so that it is had and kept whatever its size. */
  const isNeeded = (order: number) => order === 0 || wanted[order].isLookedAt

  function end(key: string): void {
    filesUnderWay -= underWay.get(key)?.files ?? 0
    underWay.delete(key)
  }

  function start(): void {
    // Room is what more urgent pictures do not take; what nobody wants any more makes way. Pictures on their way are
    // taken to be as large as the largest, or one would be thrown out as soon as it has come, and asked for again.
    let taken = 0
    let failures = 0
    for (const [order, one] of wanted.entries()) {
      const entry = kept.get(one.key)
      taken += entry?.bytes ?? largestBytes
      if (entry && 'failure' in entry) failures++
      if (entry || underWay.has(one.key)) continue
      // The line is cut or the folder damaged; hundreds would fail that nobody looks at.
      if (one.isSpare && failures >= spareConcurrency) return
      if (taken > (one.isSpare ? limitBytes * spareShare : limitBytes) && !isNeeded(order)) return
      if (filesUnderWay >= mostUnderWay(one)) return
      void run(one)
    }
  }

  const mostUnderWay = ({ isLookedAt, isSpare }: Wanted<Task>) =>
    isLookedAt ? 2 * concurrency : isSpare ? spareConcurrency : concurrency

  async function run({ key, task, files, isFinished }: Wanted<Task>): Promise<void> {
    const stop = new AbortController()
    underWay.set(key, { stop, files, isFinished })
    filesUnderWay += files
    const outcome = await load(task, stop.signal).catch((error: unknown) => ({
      failure: { reason: error instanceof Error ? error.message : String(error) },
    }))
    if (underWay.get(key)?.stop === stop) end(key)
    if (stop.signal.aborted) {
      if ('picture' in outcome) dispose(outcome.picture)
    } else {
      remove(key)
      const entry = 'picture' in outcome ? outcome : { ...outcome, bytes: 64 }
      kept.set(key, { ...entry, sinceMs: now() })
      bytes += entry.bytes
      largestBytes = Math.max(largestBytes, entry.bytes)
      makeRoom()
      onChange(lookedAtKeys.has(key))
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
    want(next) {
      wanted = next
      wantedKeys = new Set(next.map(({ key }) => key))
      lookedAtKeys = new Set(next.filter(({ isLookedAt }) => isLookedAt).map(({ key }) => key))
      for (const [key, { stop, isFinished }] of [...underWay]) {
        if (wantedKeys.has(key) || isFinished) continue
        end(key)
        stop.abort()
      }
      for (const { key } of next) {
        const entry = kept.get(key)
        if (entry && 'failure' in entry && now() - entry.sinceMs > failureMs) remove(key)
      }
      makeRoom()
      start()
    },
    clear() {
      for (const { stop } of underWay.values()) stop.abort()
      underWay.clear()
      filesUnderWay = 0
      for (const key of [...kept.keys()]) remove(key)
      wanted = []
      wantedKeys = new Set()
      lookedAtKeys = new Set()
    },
    get bytes() {
      return bytes
    },
  }
}
