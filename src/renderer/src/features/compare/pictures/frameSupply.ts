/** Brings the pictures of a comparison to the page: which are wanted, which are there, and what stands in for them. */
import { mediaUrl } from '../../../api/media.ts'
import { engine } from '../../../api/connection.ts'
import { pictureAt, type PictureAddress } from '../comparison.ts'
import type { CompareState } from '../compareStore.ts'
import { shiftedPosition } from '../stage/alignment.ts'
import { mapRanges } from './mapColors.ts'
import { createPictureCache, type Entry, type Loaded } from './pictureCache.ts'
import { positionsWanted } from './prefetch.ts'
import { startPictureWorkers } from './workerPool.ts'

/** What a pane shows of one source at one position. */
export type Shown =
  | { state: 'ready'; bitmap: ImageBitmap; isPreview: boolean }
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
  /** Bytes of pictures held. */
  readonly bytes: number
  close(): void
}

const limitBytes = 384 * 2 ** 20
/** A link on which a full picture takes longer than this is called slow. */
const slowMs = 140
const previewWidth = 480

type Key =
  | { type: 'picture'; path: string; frame?: number; width: number }
  | {
      type: 'difference'
      /** Keys of two pictures. */
      a: string
      b: string
      rule: CompareState['alignment']
      options: CompareState['difference']
    }
  | { type: 'map'; runId: string; kind: 'ssim' | 'lpips'; reference: string; prediction: string }

const pictureKey = ({ path, frame }: PictureAddress, width = 0) =>
  JSON.stringify({ type: 'picture', path, ...(frame === undefined ? {} : { frame }), width } satisfies Key)

/** @param onChange called when something that is wanted has arrived. */
export function startFrameSupply(onChange: () => void): FrameSupply {
  const threads = Math.min(4, Math.max(2, (navigator.hardwareConcurrency || 4) - 1))
  const workers = startPictureWorkers(threads)
  let fullMs = 0

  const cache = createPictureCache<ImageBitmap>({
    limitBytes,
    concurrency: threads * 2,
    load: async (text, signal) => {
      const key = JSON.parse(text) as Key
      if (key.type === 'picture') return loadPicture(key, signal)
      if (key.type === 'difference') return loadDifference(key, signal)
      return loadMap(key, signal)
    },
    needs: (text) => {
      if (!text.startsWith('{"type":"difference"')) return []
      const { a, b } = JSON.parse(text) as { a: string; b: string }
      return [a, b]
    },
    dispose: (bitmap) => bitmap.close(),
    onChange,
  })

  async function decode(url: string, signal: AbortSignal): Promise<ImageBitmap | 'inexact'> {
    const result = await workers.run({ type: 'decode', url }, signal)
    if (result.ok) return result.bitmap
    if (result.isInexact) return 'inexact'
    throw new Error(result.message)
  }

  async function loadPicture({ path, frame, width }: Extract<Key, { type: 'picture' }>, signal: AbortSignal) {
    const since = performance.now()
    const look = {
      ...(width === 0 ? {} : { width }),
      ...(frame === undefined ? {} : { frame, isPacked: isSlow() }),
    }
    let bitmap = await decode(mediaUrl(path, look), signal)
    if (bitmap === 'inexact') {
      const exact = await engine().call('compare.picture', { path })
      bitmap = await decode(mediaUrl(exact.path), signal)
      if (bitmap === 'inexact') throw new Error(`${path} cannot be shown.`)
    }
    const took = performance.now() - since
    if (width === 0) fullMs = fullMs === 0 ? took : fullMs * 0.7 + took * 0.3
    return loaded(bitmap)
  }

  async function loadDifference(key: Extract<Key, { type: 'difference' }>, signal: AbortSignal) {
    const [a, b] = [key.a, key.b].map((picture) => {
      const entry = cache.peek(picture)
      if (entry && 'picture' in entry) return entry.picture
      throw new Error(entry ? entry.failure.reason : 'A picture is not loaded.')
    })
    const result = await workers.run(
      { type: 'difference', a, b, rule: key.rule, options: key.options },
      signal,
    )
    if (!result.ok) throw new Error(result.isInexact ? 'The difference failed.' : result.message)
    return loaded(result.bitmap)
  }

  async function loadMap(
    { runId, kind, reference, prediction }: Extract<Key, { type: 'map' }>,
    signal: AbortSignal,
  ) {
    const { width, height, data } = await engine().call('compare.map', { runId, kind, reference, prediction })
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))
    const values = new Float32Array(bytes.buffer)
    const result = await workers.run({ type: 'map', values, width, height, range: mapRanges[kind] }, signal)
    if (!result.ok) throw new Error(result.isInexact ? 'The map failed.' : result.message)
    return loaded(result.bitmap)
  }

  const isSlow = () => fullMs > slowMs

  function show(state: CompareState, source: number, position: number): Shown {
    const picture = pictureOf(state, source, position)
    if (picture === undefined) return { state: 'missing' }
    const full = cache.peek(pictureKey(picture))
    if (full && 'picture' in full) return { state: 'ready', bitmap: full.picture, isPreview: false }
    if (full) return { state: 'failed', reason: full.failure.reason }
    const small = cache.peek(pictureKey(picture, previewWidth))
    if (small && 'picture' in small) return { state: 'ready', bitmap: small.picture, isPreview: true }
    return { state: 'loading' }
  }

  function showDerived(state: CompareState, source: number, position: number): Shown {
    const key = derivedKey(state, source, position)
    if (key === undefined) return { state: 'missing' }
    return shownOf(cache.peek(key))
  }

  const isDerived = ({ mode }: CompareState) => mode === 'difference' || mode === 'ssim' || mode === 'lpips'
  const hasArrived = (shown: Shown) => shown.state !== 'loading'

  return {
    show,
    showDerived,
    isReady: (state, position) => {
      const [, ...others] = state.panes
      return isDerived(state)
        ? others.every((source) => hasArrived(showDerived(state, source, position)))
        : state.panes.every((source) => hasArrived(show(state, source, position)))
    },
    update(state) {
      const { head, panes, data } = state
      if (!data) return cache.want([])
      const derived = isDerived(state)
      const previewsOnly = isSlow() && head.isPlaying && !derived
      const forward = head.isPlaying ? 32 : 10
      const wanted: string[] = []
      positionsWanted(
        head,
        Math.ceil(forward * Math.max(1, Math.min(2, head.speed))),
        head.isPlaying ? 2 : 6,
      ).forEach((position, order) => {
        for (const source of panes) {
          const picture = pictureOf(state, source, position)
          if (picture === undefined) continue
          if (isSlow() && !derived) wanted.push(pictureKey(picture, previewWidth))
          // On a slow link only the pair that is looked at comes in full.
          if (!previewsOnly && (!isSlow() || order === 0)) wanted.push(pictureKey(picture))
        }
        if (derived && (order < 12 || state.mode === 'difference'))
          for (const source of panes.slice(1)) {
            const key = derivedKey(state, source, position)
            if (key !== undefined) wanted.push(key)
          }
      })
      cache.want([...new Set(wanted)])
    },
    get bytes() {
      return cache.bytes
    },
    close() {
      cache.clear()
      workers.close()
    },
  }
}

function loaded(bitmap: ImageBitmap): Loaded<ImageBitmap> {
  return { picture: bitmap, bytes: bitmap.width * bitmap.height * 4 }
}

function shownOf(entry: Entry<ImageBitmap> | undefined): Shown {
  if (!entry) return { state: 'loading' }
  if ('picture' in entry) return { state: 'ready', bitmap: entry.picture, isPreview: false }
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

function derivedKey(state: CompareState, source: number, position: number): string | undefined {
  const [base] = state.panes
  const [a, b] = [pictureOf(state, base, position), pictureOf(state, source, position)]
  if (a === undefined || b === undefined || !state.data) return undefined
  if (state.mode === 'difference')
    return JSON.stringify({
      type: 'difference',
      a: pictureKey(a),
      b: pictureKey(b),
      rule: state.alignment,
      options: state.difference,
    } satisfies Key)
  // A map belongs to a run and ground truth, whatever the order of the panes.
  const isTruth = (index: number) => state.data!.sources[index].id === 'reference'
  const run = isTruth(base) ? source : isTruth(source) ? base : undefined
  if (run === undefined || state.data.sources[run].run === undefined) return undefined
  const nameAt = (index: number) => state.data!.names[position + (state.offsets[index] ?? 0)]
  return JSON.stringify({
    type: 'map',
    runId: state.data.sources[run].id,
    kind: state.mode === 'lpips' ? 'lpips' : 'ssim',
    reference: nameAt(0),
    prediction: nameAt(run),
  } satisfies Key)
}
