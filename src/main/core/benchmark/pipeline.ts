/**
 * Measures the frames of one target: bounded numbers of pairs are on their way through decode, kernels and networks
 * at any time, so memory does not grow with the number of frames, and every finished frame is stored at once.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { featureKey, type FeatureCache, type FileStamp } from '../features/featureCache.ts'
import type { Pool } from '../../workers/pool.ts'
import type { FrameRecord, StoredFrame } from './benchmark.repository.ts'
import type { FrameResult, FrameTask } from './frameTask.ts'
import { viewKey, type FramePlan, type NetworkUse, type Side } from './framePlan.ts'
import type { NetworkStage } from './networkStage.ts'
import type { Quantity } from './kernels.ts'
import { isStatistics } from './targets.ts'
import type { PreparedTarget } from './preflight.ts'

/** A network that is loaded and ready. `key` names it with its weights and provider. */
export type ReadyNetwork = NetworkUse & { key: string; provider: string }

export type PipelineOptions = {
  target: PreparedTarget
  plan: FramePlan
  networks: readonly ReadyNetwork[]
  frames: Pool<FrameTask, FrameResult>
  stage: NetworkStage
  cache: FeatureCache
  /** Frames stored by an earlier, unfinished run of the same recipe. */
  finished: ReadonlyMap<number, StoredFrame>
  /** Score of one aesthetic embedding (the affine head), when that network is ready. */
  aestheticScore: ((embedding: Float32Array) => number) | undefined
  /** Receives finished frames in small groups; writes them. */
  store: (frames: FrameRecord[]) => void
  onFrame: (timings: FrameResult['spent'] | undefined) => void
  signal: AbortSignal
  /** Pairs on their way at once. */
  pairsInFlight: number
}

const storeEveryMs = 250
const storeAtMost = 200

/**
 * Runs every frame that is not finished. A frame that fails is stored with its reason and does not stop the others.
 *
 * @throws AppError `cancelled` when the signal is aborted, after what is finished has been stored; any error of the
 * database or the disk.
 */
export async function measureFrames(options: PipelineOptions): Promise<void> {
  const { target, finished, signal } = options
  const waiting: FrameRecord[] = []
  let storedAt = Date.now()
  const storeWaiting = () => {
    options.cache.flush()
    if (waiting.length > 0) options.store(waiting.splice(0))
    storedAt = Date.now()
  }
  const inFlight = new Set<Promise<void>>()
  let failure: unknown

  const measureOne = async (index: number, known: KnownFile[]) => {
    const { record, spent } = await measureFrame(index, known, options)
    if (signal.aborted) return
    waiting.push(record)
    options.onFrame(spent)
    if (waiting.length >= storeAtMost || Date.now() - storedAt >= storeEveryMs) storeWaiting()
  }

  try {
    for (let index = 0; index < target.names.length; index++) {
      if (signal.aborted || failure !== undefined) break
      const files = await lookUpFiles(index, options)
      // Failed frames are tried again.
      if (finished.get(index)?.status === 'ok' && isUnchanged(finished.get(index), files)) {
        options.onFrame(undefined)
        continue
      }
      const running = measureOne(index, files)
        .catch((error: unknown) => void (failure ??= error))
        .finally(() => inFlight.delete(running))
      inFlight.add(running)
      if (inFlight.size >= options.pairsInFlight) await Promise.race(inFlight)
    }
    await Promise.all(inFlight)
  } finally {
    storeWaiting()
  }
  if (failure !== undefined) throw failure
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.')
}

/** A file of a frame as it lies there now; `sha256` when its content was seen before. */
type KnownFile = { side: Side; path: string; size: number; modifiedMs: number; sha256: string | undefined }

async function lookUpFiles(
  index: number,
  { target, cache }: Pick<PipelineOptions, 'target' | 'cache'>,
): Promise<KnownFile[]> {
  const name = target.names[index]
  const sides = (['reference', 'prediction'] as const).filter((side) => !isStatistics(target[side]))
  return Promise.all(
    sides.map(async (side) => {
      const path = join(target[side], name)
      // A file that vanished is reported when the frame is read.
      const found = await stat(path).catch(() => undefined)
      const size = found?.size ?? -1
      const modifiedMs = found?.mtimeMs ?? 0
      return { side, path, size, modifiedMs, sha256: cache.knownHash(path, size, modifiedMs) }
    }),
  )
}

/** Whether every frame of a finished run was measured from the very files that lie there now. */
export async function areFilesUnchanged(
  target: PreparedTarget,
  frames: readonly StoredFrame[],
  cache: FeatureCache,
): Promise<boolean> {
  for (const frame of frames) {
    if (!isUnchanged(frame, await lookUpFiles(frame.index, { target, cache }))) return false
  }
  return frames.length === target.names.length
}

/** Whether a stored frame was measured from the very files that lie there now. */
function isUnchanged(stored: StoredFrame | undefined, files: readonly KnownFile[]): boolean {
  if (stored === undefined) return false
  return files.every(({ side, size, modifiedMs }) => {
    const stamp = side === 'reference' ? stored.referenceStamp : stored.predictionStamp
    return stamp.startsWith(`${size}:${modifiedMs}:`)
  })
}

/** A file's identity as stored with its frame: size, time of change, content hash. */
export const stampText = (stamp: FileStamp | undefined) =>
  stamp ? `${stamp.size}:${stamp.modifiedMs}:${stamp.sha256}` : ''

/** The content hash within a stored stamp. */
export const hashOfStamp = (text: string) => text.slice(text.lastIndexOf(':') + 1)

async function measureFrame(
  index: number,
  files: readonly KnownFile[],
  options: PipelineOptions,
): Promise<{ record: FrameRecord; spent: FrameResult['spent'] | undefined }> {
  const name = options.target.names[index]
  const blank = { index, name, referenceStamp: '', predictionStamp: '', quantities: {} }
  try {
    const task = planTask(files, options)
    const result = task ? await options.frames.run(task) : resultFromStamps(files)
    for (const { side, path } of files) {
      const stamp = result.stamps[side]
      if (stamp) options.cache.rememberHash(path, stamp)
    }
    const quantities = { ...result.quantities, ...(await runNetworks(result, options)) }
    const stamps = {
      referenceStamp: stampText(result.stamps.reference),
      predictionStamp: stampText(result.stamps.prediction),
    }
    const reasons = Object.entries(result.impossible).map(([quantity, reason]) => `${quantity}: ${reason}`)
    const note = reasons.length === 0 ? {} : { error: reasons.join(' ') }
    return { record: { ...blank, ...stamps, ...note, status: 'ok', quantities }, spent: result.spent }
  } catch (caught) {
    const error = toAppError(caught)
    // A full disk, a crash or a missing network is no fault of this frame.
    if (error.code !== 'unreadable' && error.code !== 'not-found' && error.code !== 'permission') throw error
    const record: FrameRecord = { ...blank, ...statStamps(files), status: 'failed', error: error.message }
    return { record, spent: undefined }
  }
}

/** Stamps without content hash, for files that could not be read. */
function statStamps(files: readonly KnownFile[]): Pick<FrameRecord, 'referenceStamp' | 'predictionStamp'> {
  const of = (wanted: Side) => {
    const file = files.find(({ side }) => side === wanted)
    return file ? `${file.size}:${file.modifiedMs}:` : ''
  }
  return { referenceStamp: of('reference'), predictionStamp: of('prediction') }
}

/** The frame worker's task, or `undefined` when every feature is cached and no kernel has to run. */
function planTask(
  files: readonly KnownFile[],
  { plan, networks, cache }: PipelineOptions,
): FrameTask | undefined {
  const isPair = files.length === 2
  const wanted = new Map<string, FrameTask['wanted'][number]>()
  for (const network of networks) {
    for (const { side, sha256 } of files) {
      if (!network.sides.includes(side) || (network.mode === 'pair' && !isPair)) continue
      const isCached =
        network.mode === 'features' && sha256 !== undefined && cache.has(keyOf(network, sha256))
      if (!isCached) wanted.set(`${side} ${viewKey(network.view)}`, { side, view: network.view })
    }
  }
  const needsKernels = isPair && plan.kernels.length > 0
  if (!needsKernels && wanted.size === 0 && files.every(({ sha256 }) => sha256 !== undefined))
    return undefined
  return {
    paths: Object.fromEntries(files.map(({ side, path }) => [side, path])),
    wanted: [...wanted.values()],
  }
}

function resultFromStamps(files: readonly KnownFile[]): FrameResult {
  const stamps = files.map(({ side, size, modifiedMs, sha256 }) => [side, { size, modifiedMs, sha256 }])
  return {
    quantities: {},
    impossible: {},
    stamps: Object.fromEntries(stamps) as FrameResult['stamps'],
    tensors: [],
    spent: { decode: 0, resize: 0, kernels: 0 },
  }
}

const keyOf = (network: ReadyNetwork, sha256: string) =>
  featureKey(sha256, network.key, viewKey(network.view))

/** Runs the networks of a frame and gives the quantities that come from them; set features go to the cache. */
async function runNetworks(
  result: FrameResult,
  options: PipelineOptions,
): Promise<Partial<Record<Quantity, number>>> {
  const tensorOf = (side: Side, network: ReadyNetwork) =>
    result.tensors.find((tensor) => tensor.side === side && tensor.view === viewKey(network.view))?.data
  const parts = options.networks.map(async (network): Promise<Partial<Record<Quantity, number>>> => {
    if (network.mode === 'pair') {
      const inputs = [tensorOf('reference', network), tensorOf('prediction', network)]
      if (inputs.some((input) => input === undefined)) return {}
      const [distance] = await options.stage.run(network.id, inputs as Uint8Array[])
      return { lpips: distance }
    }
    const features = await Promise.all(
      network.sides.map((side) => {
        const stamp = result.stamps[side]
        return stamp && featuresOf(network, stamp.sha256, tensorOf(side, network), options)
      }),
    )
    return quantitiesOf(network, features, options)
  })
  return Object.assign({}, ...(await Promise.all(parts)))
}

async function featuresOf(
  network: ReadyNetwork,
  sha256: string,
  tensor: Uint8Array | Float32Array | undefined,
  { cache, stage }: PipelineOptions,
): Promise<Float32Array> {
  const key = keyOf(network, sha256)
  const cached = cache.get(key)
  if (cached) return cached
  if (!tensor)
    throw new AppError('internal', 'Cached features vanished while the run was under way.', {
      hint: 'Run the same command again.',
    })
  const features = await stage.run(network.id, [tensor])
  cache.put(key, features)
  return features
}

function quantitiesOf(
  network: ReadyNetwork,
  features: readonly (Float32Array | undefined)[],
  { aestheticScore }: PipelineOptions,
): Partial<Record<Quantity, number>> {
  const [first, second] = features
  if (network.id === 'clipB32' && first && second) return { clip: cosine(first, second) }
  if (network.id === 'clipL14' && first && aestheticScore) return { aesthetic: aestheticScore(first) }
  return {}
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    aa += a[i] * a[i]
    bb += b[i] * b[i]
  }
  return dot / Math.sqrt(aa * bb)
}
