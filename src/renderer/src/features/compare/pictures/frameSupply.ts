/** Brings the pictures of a comparison to the page: which are wanted, which are there, and what stands in for them. */
import { engine, mediaAddress } from '../../../api/connection.ts'
import type { PictureAddress } from '../comparison.ts'
import type { CompareState } from '../compareStore.ts'
import type { Playhead } from '../playback/playhead.ts'
import type { Size } from '../stage/alignment.ts'
import { measureLink } from './linkSpeed.ts'
import { mapRanges } from './mapColors.ts'
import { canDecodeQuickly, movingDifferenceScale, movingScales } from './movingPictures.ts'
import { createPictureCache, type Entry, type Loaded } from './pictureCache.ts'
import { derivedTask, isDerived, keyOf, pictureOf, type Detail, type Task } from './pictureTasks.ts'
import { atRest, followHand, keepPace, positionsForHand, positionsWanted, type Motion } from './prefetch.ts'
import type { PictureSource, PictureTask } from './workerMessages.ts'
import { wantedTasks } from './wantedTasks.ts'
import { bundleSize, startPictureWorkers } from './workerPool.ts'

/** What a pane shows of one source at one position. */
export type Shown =
  | {
      state: 'ready'
      bitmap: ImageBitmap
      /** Only `file` has the pixels of the file. */
      detail: Detail
      /** Own sizes of the pictures it was made of; of the files, but for a preview. */
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
  /** Whether all panes have something to show at a position: while frames are recorded, the files themselves. */
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
/** While it goes on resting, there is time to look far around; and what failed may be whole by now. */
const lookAgainMs = 1000

/** How far pictures are made ready around a playhead: in its direction, and on the other side. */
const reaches = {
  moving: { forward: 5, backward: 0 },
  resting: { forward: 10, backward: 6 },
  restingLong: { forward: 300, backward: 100 },
  playing: { forward: 24, backward: 0 },
}

/** Faster than this, nobody sees whether a picture is sharp. */
const flyingRate = 12
/** Further ahead a hand cannot be foretold. */
const longestLeadMs = 400

type Picture = { bitmap: ImageBitmap; sizes: readonly Size[] }

/** @param onChange called when something that is wanted has arrived. */
export function startFrameSupply(onChange: () => void): FrameSupply {
  const threads = Math.min(4, Math.max(2, (navigator.hardwareConcurrency || 4) - 1))
  const workers = startPictureWorkers(threads)
  const link = measureLink()
  const hand = followHand()
  let pace = keepPace()
  /** How long pictures were under way lately, from the wish to the bitmap. */
  let leadMs = 100
  let stride = 1
  /** Exact copies of files that the browser would show with other pixels, by path. */
  const exactPaths = new Map<string, string>()
  /** Of the file that each source showed last. */
  const ownSizes = new Map<number, Size>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Looks in which the playhead was found at rest, since it moved last. */
  let restLooks = 0

  const cache = createPictureCache<Picture, Task>({
    limitBytes,
    concurrency: threads * 4,
    spareConcurrency: bundleSize,
    load,
    dispose: ({ bitmap }) => bitmap.close(),
    // Around a playhead that rests much arrives that changes nothing on the screen.
    onChange: (isLookedAt) => {
      if (isLookedAt || restLooks === 0) onChange()
    },
  })
  const isSlow = () => link.isSlow() === true

  function motionOf(
    { position, isPlaying, framesPerSecond, speed, direction }: Playhead,
    nowMs: number,
  ): Motion {
    const motion = hand(position, nowMs)
    if (isPlaying) return { isMoving: true, framesPerSecond: framesPerSecond * speed, direction }
    return restLooks === 0 ? motion : { ...atRest, direction: motion.direction }
  }

  async function load(task: Task, signal: AbortSignal): Promise<Loaded<Picture>> {
    switch (task.type) {
      case 'picture': {
        const { address, detail } = task
        const scale = detail === 'moving' ? task.scale : undefined
        return run([address], ([source]) => ({ type: 'decode', source, scale }), signal, detail)
      }
      case 'difference': {
        const { a, b, rule, options, scale } = task
        return run([a, b], ([a, b]) => ({ type: 'difference', a, b, rule, options, scale }), signal)
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
    taskOn: (sources: readonly PictureSource[]) => PictureTask,
    signal: AbortSignal,
    detail: Detail = 'file',
  ): Promise<Loaded<Picture>> {
    const sourceOf = ({ path, frame }: PictureAddress): PictureSource => ({
      path: exactPaths.get(path) ?? path,
      look: {
        ...(detail === 'preview' ? { width: previewWidth } : {}),
        ...(frame === undefined ? {} : { frame, isPacked: isSlow() }),
      },
    })
    const fromMs = performance.now()
    for (let tries = 0; tries <= addresses.length; tries++) {
      const way = { address: mediaAddress(), isFast: link.isSlow() === false }
      const result = await workers.run(taskOn(addresses.map(sourceOf)), way, signal)
      if ('bitmap' in result) {
        const { bitmap, sizes, transfers } = result
        if (detail !== 'preview') transfers.forEach(link.note)
        leadMs = Math.min(longestLeadMs, leadMs * 0.9 + (performance.now() - fromMs) * 0.1)
        return { picture: { bitmap, sizes }, bytes: bitmap.width * bitmap.height * 4 }
      }
      if ('message' in result) throw new Error(result.message)
      const path = result.inexactPath
      // An exact copy that is not exact either.
      if (!addresses.some((address) => address.path === path)) throw new Error(`${path} cannot be shown.`)
      exactPaths.set(path, (await engine().call('compare.picture', { path })).path)
    }
    throw new Error('The picture cannot be shown.')
  }

  function show(state: CompareState, source: number, position: number): Shown {
    const address = pictureOf(state, source, position)
    if (address === undefined) return { state: 'missing' }
    const full = cache.peek(keyOf({ type: 'picture', address, detail: 'file' }))
    if (full) return noted(source, shownOf(full, 'file'))
    for (const scale of canDecodeQuickly(address) ? movingScales : []) {
      const moving = cache.peek(keyOf({ type: 'picture', address, detail: 'moving', scale }))
      if (moving) return noted(source, shownOf(moving, 'moving'))
    }
    const small = cache.peek(keyOf({ type: 'picture', address, detail: 'preview' }))
    return small && 'picture' in small ? shownOf(small, 'preview') : { state: 'loading' }
  }

  function noted(source: number, shown: Shown): Shown {
    if (shown.state === 'ready') ownSizes.set(source, shown.sizes[0])
    return shown
  }

  function showDerived(state: CompareState, source: number, position: number): Shown {
    const task = derivedTask(state, source, position)
    if (task === undefined) return { state: 'missing' }
    const full = cache.peek(keyOf(task))
    if (full || task.type !== 'difference') return shownOf(full, 'file')
    const moving = cache.peek(keyOf({ ...task, scale: movingDifferenceScale }))
    return shownOf(moving, 'moving')
  }

  const hasArrived = (shown: Shown, { isRecording }: CompareState) =>
    shown.state !== 'loading' && (!isRecording || shown.state !== 'ready' || shown.detail === 'file')

  /** Where to have pictures ready. */
  function positionsNow(state: CompareState, motion: Motion, nowMs: number): number[] {
    const { head } = state
    if (head.isPlaying) {
      const next = positionsWanted(head, { ...reaches.playing, stride }).slice(1)
      const waiting = next.findIndex((position) => !isReady(state, position))
      stride = pace(
        head.framesPerSecond * head.speed,
        waiting < 0 ? next.length : waiting,
        next.length,
        nowMs,
      )
      return positionsWanted(head, { ...reaches.playing, stride })
    }
    stride = 1
    pace = keepPace()
    // The first pair has the line for itself: it says how fast that is, and how large pictures are.
    if (link.isSlow() === undefined) return [head.position]
    // On a slow link nothing comes before the hand is there: what it is at comes first, and is brought to its end.
    if (motion.isMoving && !isSlow()) return positionsForHand(head, motion, leadMs)
    const reach =
      restLooks === 0 ? 'moving' : restLooks === 1 || !isCheapFarAround(state) ? 'resting' : 'restingLong'
    return positionsWanted({ ...head, direction: motion.direction }, { ...reaches[reach], stride })
  }

  /** Whether pictures that perhaps nobody will look at are only files to be read. */
  const isCheapFarAround = ({ data, panes }: CompareState) =>
    link.isQuick() &&
    exactPaths.size === 0 &&
    document.visibilityState === 'visible' &&
    panes.every((source) => data?.sources[source].clip === undefined)

  function isReady(state: CompareState, position: number): boolean {
    const [, ...others] = state.panes
    return isDerived(state)
      ? others.every((source) => hasArrived(showDerived(state, source, position), state))
      : state.panes.every((source) => hasArrived(show(state, source, position), state))
  }

  function update(state: CompareState): void {
    clearTimeout(timer)
    restLooks = 0
    want(state)
    if (!state.head.isPlaying) timer = setTimeout(() => rest(state), restMs)
  }

  function rest(state: CompareState): void {
    restLooks++
    want(state)
    // The first pair, which says what else to fetch, may still be on its way.
    timer = setTimeout(() => rest(state), link.isSlow() === undefined ? restMs : lookAgainMs)
  }

  function want(state: CompareState): void {
    if (!state.data) return cache.want([])
    const nowMs = performance.now()
    const motion = motionOf(state.head, nowMs)
    const positions = positionsNow(state, motion, nowMs)
    const facts = {
      isSlow: link.isSlow(),
      ownSize: (source: number) => ownSizes.get(source),
      has: (task: Task) => cache.peek(keyOf(task)) !== undefined,
    }
    cache.want(wantedTasks(state, positions, motion.framesPerSecond > flyingRate, facts))
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
      clearTimeout(timer)
      cache.clear()
      workers.close()
    },
  }
}

function shownOf(entry: Entry<Picture> | undefined, detail: Detail): Shown {
  if (!entry) return { state: 'loading' }
  if ('picture' in entry) return { state: 'ready', ...entry.picture, detail }
  return { state: 'failed', reason: entry.failure.reason }
}
