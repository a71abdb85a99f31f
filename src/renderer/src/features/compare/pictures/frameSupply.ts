/** Brings the pictures of a comparison to the page: which are wanted, which are there, and what stands in for them. */
import { mediaUrl } from '../../../api/media.ts'
import { engine } from '../../../api/connection.ts'
import { pictureAt, type PictureAddress } from '../comparison.ts'
import type { CompareState } from '../compareStore.ts'
import { shiftedPosition, type Size } from '../stage/alignment.ts'
import { measureLink } from './linkSpeed.ts'
import { mapRanges } from './mapColors.ts'
import { createPictureCache, type Entry, type Loaded, type Wanted } from './pictureCache.ts'
import { followHand, keepPace, positionsWanted } from './prefetch.ts'
import type { PictureTask } from './workerMessages.ts'
import { startPictureWorkers } from './workerPool.ts'

/** What a pane shows of one source at one position. */
export type Shown =
  | {
      state: 'ready'
      bitmap: ImageBitmap
      /** Smaller than the file: its pixels are not those of the file. */
      isPreview: boolean
      /** Own sizes of the pictures it was made of. */
      sizes: readonly Size[]
    }
  | { state: 'loading' }
  | { state: 'missing' }
  | { state: 'failed'; reason: string }

export type FrameSupply = {
  /** The picture of a source at the playhead's position, its offset applied. */
  show(state: CompareState, source: number, position: number): Shown
  /** The difference or metric map of a pane against the first pane. */
  showDerived(state: CompareState, source: number, position: number): Shown
  /** Whether all panes have something to show at a position. */
  isReady(state: CompareState, position: number): boolean
  /** Asks for what the state needs now and soon. */
  update(state: CompareState): void
  /** Frames between two that are made ready while it plays: more than 1 where pictures do not come fast enough. */
  readonly stride: number
  /** Bytes of pictures held. */
  readonly bytes: number
  close(): void
}

const limitBytes = 384 * 2 ** 20
const previewWidth = 480
/** A playhead that has not moved for so long rests; then its surroundings are fetched. */
const restMs = 160

type Picture = { bitmap: ImageBitmap; sizes: readonly Size[] }

type Task =
  /** `width` 0 is the file itself. */
  | { type: 'picture'; address: PictureAddress; width: number }
  | {
      type: 'difference'
      a: PictureAddress
      b: PictureAddress
      rule: CompareState['alignment']
      options: CompareState['difference']
    }
  | { type: 'map'; runId: string; kind: 'ssim' | 'lpips'; reference: string; prediction: string }

const addressKey = ({ path, frame }: PictureAddress) => (frame === undefined ? path : `${path}\n${frame}`)

function keyOf(task: Task): string {
  switch (task.type) {
    case 'picture':
      return `${task.width}\n${addressKey(task.address)}`
    case 'difference': {
      const { kind, gain, channel } = task.options
      return `d\n${task.rule} ${kind} ${gain} ${channel}\n${addressKey(task.a)}\n${addressKey(task.b)}`
    }
    case 'map':
      return `m\n${task.kind}\n${task.runId}\n${task.reference}\n${task.prediction}`
  }
}

/** @param onChange called when something that is wanted has arrived. */
export function startFrameSupply(onChange: () => void): FrameSupply {
  const threads = Math.min(4, Math.max(2, (navigator.hardwareConcurrency || 4) - 1))
  const workers = startPictureWorkers(threads)
  const link = measureLink()
  const hand = followHand()
  const pace = keepPace()
  let stride = 1
  /** Exact copies of files that the browser would show with other pixels, by path. */
  const exactPaths = new Map<string, string>()
  let resting: ReturnType<typeof setTimeout> | undefined

  const cache = createPictureCache<Picture, Task>({
    limitBytes,
    concurrency: threads * 2,
    load,
    dispose: ({ bitmap }) => bitmap.close(),
    onChange,
  })
  const isSlow = () => link.isSlow() === true

  async function load(task: Task, signal: AbortSignal): Promise<Loaded<Picture>> {
    switch (task.type) {
      case 'picture': {
        const { address, width } = task
        return run([address], ([url]) => ({ type: 'decode', url }), signal, width)
      }
      case 'difference': {
        const { a, b, rule, options } = task
        return run([a, b], ([a, b]) => ({ type: 'difference', a, b, rule, options }), signal)
      }
      case 'map': {
        const { type: _, ...pair } = task
        const { width, height, data } = await engine().call('compare.map', pair)
        return run([], () => ({ type: 'map', data, width, height, range: mapRanges[task.kind] }), signal)
      }
    }
  }

  /** Has a worker do a task on some pictures; those it cannot show exactly are replaced by exact copies. */
  async function run(
    addresses: readonly PictureAddress[],
    taskOn: (urls: readonly string[]) => PictureTask,
    signal: AbortSignal,
    width = 0,
  ): Promise<Loaded<Picture>> {
    const urlOf = ({ path, frame }: PictureAddress) =>
      mediaUrl(exactPaths.get(path) ?? path, {
        ...(width === 0 ? {} : { width }),
        ...(frame === undefined ? {} : { frame, isPacked: isSlow() }),
      })
    for (let tries = 0; tries <= addresses.length; tries++) {
      const urls = addresses.map(urlOf)
      const result = await workers.run(taskOn(urls), signal)
      if ('bitmap' in result) {
        const { bitmap, sizes, transfers } = result
        if (width === 0) transfers.forEach(link.note)
        return { picture: { bitmap, sizes }, bytes: bitmap.width * bitmap.height * 4 }
      }
      if ('message' in result) throw new Error(result.message)
      const { path } = addresses[urls.indexOf(result.inexactUrl)]
      if (exactPaths.has(path)) throw new Error(`${path} cannot be shown.`)
      exactPaths.set(path, (await engine().call('compare.picture', { path })).path)
    }
    throw new Error('The picture cannot be shown.')
  }

  function show(state: CompareState, source: number, position: number): Shown {
    const address = pictureOf(state, source, position)
    if (address === undefined) return { state: 'missing' }
    const full = cache.peek(keyOf({ type: 'picture', address, width: 0 }))
    if (full) return shownOf(full, false)
    const small = cache.peek(keyOf({ type: 'picture', address, width: previewWidth }))
    return small && 'picture' in small ? shownOf(small, true) : { state: 'loading' }
  }

  function showDerived(state: CompareState, source: number, position: number): Shown {
    const task = derivedTask(state, source, position)
    if (task === undefined) return { state: 'missing' }
    return shownOf(cache.peek(keyOf(task)), false)
  }

  const hasArrived = (shown: Shown) => shown.state !== 'loading'

  /** What is to be had for one position; `isLookedAt` for the one under the playhead. */
  function tasksAt(state: CompareState, position: number, isLookedAt: boolean): Task[] {
    const { panes, head } = state
    const tasks: Task[] = []
    if (isDerived(state))
      for (const source of panes.slice(1)) {
        const task = derivedTask(state, source, position)
        if (task) tasks.push(task)
      }
    for (const source of panes) {
      const address = pictureOf(state, source, position)
      if (address === undefined) continue
      const full: Task = { type: 'picture', address, width: 0 }
      if (isDerived(state)) {
        // Its pixels are only read while it rests; a stage needs the first picture's size.
        if (isLookedAt && !head.isPlaying) tasks.push(full)
        continue
      }
      // The first pair of all says how fast the link is; until then something small comes with it.
      if (isSlow() || (link.isSlow() === undefined && isLookedAt))
        tasks.push({ type: 'picture', address, width: previewWidth })
      // On a slow link only the pair that is looked at comes in full, and only while it rests.
      if (!isSlow() || (isLookedAt && !head.isPlaying)) tasks.push(full)
    }
    // Small ones first, or the full pictures of one pane would hold up another.
    return tasks.sort((a, b) => Number(isFull(a)) - Number(isFull(b)))
  }

  /** Where to have pictures ready, and how far apart. */
  function positionsNow({ head, ...state }: CompareState, nowMs: number): number[] {
    const { stride: jump, direction } = hand(head.position, nowMs)
    if (head.isPlaying) {
      const reach = { forward: 24, backward: 0, stride }
      const [, ...next] = positionsWanted(head, reach)
      const waiting = next.findIndex((position) => !isReady({ ...state, head }, position))
      const before = stride
      stride = pace(head, waiting < 0 ? next.length : waiting, next.length, nowMs)
      return stride === before ? [head.position, ...next] : positionsWanted(head, { ...reach, stride })
    }
    stride = 1
    const isDragged = resting !== undefined
    return positionsWanted(
      { ...head, direction },
      isDragged ? { forward: 5, backward: 0, stride: jump } : { forward: 10, backward: 6, stride: 1 },
    )
  }

  function isReady(state: CompareState, position: number): boolean {
    const [, ...others] = state.panes
    return isDerived(state)
      ? others.every((source) => hasArrived(showDerived(state, source, position)))
      : state.panes.every((source) => hasArrived(show(state, source, position)))
  }

  function update(state: CompareState): void {
    clearTimeout(resting)
    const { head, data } = state
    if (!data) return cache.want([])
    const positions = positionsNow(state, performance.now())
    const wanted = new Map<string, Wanted<Task>>()
    positions.forEach((position, order) => {
      // Maps take the engine long; so many at once would only be waited for.
      if (order >= 8 && (state.mode === 'ssim' || state.mode === 'lpips')) return
      const isLookedAt = order === 0
      for (const task of tasksAt(state, position, isLookedAt)) {
        const key = keyOf(task)
        // On a slow link what is no longer looked at must not hold up what is.
        const isFinished = !isSlow() || (isLookedAt && !isFull(task))
        if (!wanted.has(key)) wanted.set(key, { key, task, isLookedAt, isFinished })
      }
    })
    cache.want([...wanted.values()])
    resting = head.isPlaying
      ? undefined
      : setTimeout(() => {
          resting = undefined
          update(state)
        }, restMs)
  }

  return {
    show,
    showDerived,
    isReady,
    update,
    get stride() {
      return stride
    },
    get bytes() {
      return cache.bytes
    },
    close() {
      clearTimeout(resting)
      cache.clear()
      workers.close()
    },
  }
}

const isDerived = ({ mode, panes }: CompareState) =>
  panes.length > 1 && (mode === 'difference' || mode === 'ssim' || mode === 'lpips')
const isFull = (task: Task) => task.type === 'picture' && task.width === 0

function shownOf(entry: Entry<Picture> | undefined, isPreview: boolean): Shown {
  if (!entry) return { state: 'loading' }
  if ('picture' in entry) return { state: 'ready', ...entry.picture, isPreview }
  return { state: 'failed', reason: entry.failure.reason }
}

/** The picture a source shows when the playhead is at `position`. */
export function pictureOf(
  { data, offsets }: CompareState,
  source: number,
  position: number,
): PictureAddress | undefined {
  if (!data) return undefined
  const shifted = shiftedPosition(position, offsets[source] ?? 0, data.names.length)
  return shifted === undefined ? undefined : pictureAt(data, source, shifted)
}

function derivedTask(state: CompareState, source: number, position: number): Task | undefined {
  const [base] = state.panes
  const [a, b] = [pictureOf(state, base, position), pictureOf(state, source, position)]
  if (a === undefined || b === undefined || !state.data) return undefined
  if (state.mode === 'difference')
    return { type: 'difference', a, b, rule: state.alignment, options: state.difference }
  // A map belongs to a run and ground truth, whatever the order of the panes.
  const isTruth = (index: number) => state.data!.sources[index].id === 'reference'
  const run = isTruth(base) ? source : isTruth(source) ? base : undefined
  if (run === undefined || state.data.sources[run].run === undefined) return undefined
  const nameAt = (index: number) => state.data!.names[position + (state.offsets[index] ?? 0)]
  return {
    type: 'map',
    runId: state.data.sources[run].id,
    kind: state.mode === 'lpips' ? 'lpips' : 'ssim',
    reference: nameAt(0),
    prediction: nameAt(run),
  }
}
