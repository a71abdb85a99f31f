/** Turns a network spec and its weight files into something that runs batches. One network belongs to one thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { AppError } from '../../../shared/errors.ts'
import { openCheckpoint } from '../checkpoints/openCheckpoint.ts'
import type { TensorSource } from '../checkpoints/tensorSource.ts'
import { sha256OfWeights } from '../checkpoints/contentHash.ts'
import { buildClipVision, clipShapes, expectedClip, type ClipSize } from './clipVision.ts'
import { checkTensors } from './expectedTensors.ts'
import type { OnnxModel } from './graphBuilder.ts'
import { buildInception, inceptionSide } from './inception.ts'
import type { InceptionTap } from './inceptionLayers.ts'
import { buildLpips } from './lpips.ts'
import { lpipsMinimumSide } from './lpipsBackbones.ts'
import { createModelFolder } from './modelFolder.ts'
import { chooseProvider, providerError } from './providers.ts'
import { networkKey, type Device, type NetworkSpec, type Provider } from './spec.ts'

/** Size of pictures in pixels. */
export type PictureSize = { width: number; height: number }

export type Network = {
  /** Equal for equal results: network, options and content of the weights. */
  readonly key: string
  /** The provider that runs the graph. */
  readonly provider: Provider
  /** Providers that `auto` refused, each with its reason. */
  readonly notes: string[]
  /**
   * Runs a batch of RGB pictures of 0..255, one behind the other, rows of pixels [H,W,3].
   *
   * @param inputs one array of `batch` pictures for features; reference and prediction for `lpips`.
   * @param size needed only for pictures that are not square.
   * @returns one row per picture: 1 distance, H·W distances of a map, or a feature vector.
   * @throws AppError `usage` when the arrays do not have the size the network takes.
   */
  run(
    inputs: readonly (Uint8Array | Float32Array)[],
    batch: number,
    size?: PictureSize,
  ): Promise<Float32Array>
  /** Frees the session's memory. */
  release(): Promise<void>
}

/**
 * Builds a network from its checkpoints and starts a session for it.
 *
 * @param files LPIPS: backbone, head. Inception and CLIP: the one checkpoint.
 * @param options.threads threads of one run; all cores when left out.
 * @throws AppError `invalid-model` for refused weights, `unsupported` when the device was asked for by name and is
 *   not usable.
 */
export async function createNetwork(
  spec: NetworkSpec,
  files: readonly string[],
  device: Device,
  options: { threads?: number } = {},
): Promise<Network> {
  const { provider, notes } = await chooseProvider(device)
  const { session, cleanUp } = await openSession(spec, files, provider, options.threads)
  const key = networkKey(spec, await Promise.all(files.map((file) => sha256OfWeights(file))))
  return {
    key,
    provider,
    notes,
    run: (inputs, batch, size) => run(session, spec, inputs, batch, size),
    release: async () => {
      await session.release()
      cleanUp()
    },
  }
}

type OpenedSession = { session: InferenceSession; cleanUp: () => void }

async function openSession(
  spec: NetworkSpec,
  files: readonly string[],
  provider: Provider,
  threads: number | undefined,
): Promise<OpenedSession> {
  const sources: TensorSource[] = []
  try {
    for (const file of files) sources.push(await openCheckpoint(file))
    if (spec.kind === 'clip') return await openClip(spec.size, sources[0], provider, threads)
    return {
      session: await createSession(buildInMemory(spec, sources), provider, threads),
      cleanUp: () => {},
    }
  } finally {
    for (const source of sources) source.close()
  }
}

/** CLIP goes through a file: ViT-L/14 has 1.2 GB of weights, which would else be in memory three times. */
async function openClip(
  size: ClipSize,
  source: TensorSource,
  provider: Provider,
  threads: number | undefined,
): Promise<OpenedSession> {
  checkTensors(source, expectedClip(clipShapes[size]), `CLIP ${clipTitles[size]}`)
  const folder = createModelFolder()
  try {
    const path = folder.finish(buildClipVision(source, folder.weights))
    return { session: await createSession(path, provider, threads), cleanUp: folder.remove }
  } finally {
    folder.remove()
  }
}

const clipTitles: Record<ClipSize, string> = { b32: 'ViT-B/32', l14: 'ViT-L/14' }

function buildInMemory(
  spec: Exclude<NetworkSpec, { kind: 'clip' }>,
  sources: readonly TensorSource[],
): OnnxModel {
  if (spec.kind === 'lpips') return buildLpips({ output: 'distance', ...spec }, sources[0], sources[1])
  return buildInception({ ...spec, tap: String(spec.dims) as InceptionTap }, sources[0])
}

/** Starts a session for a model in memory or in a file. @throws AppError `unsupported` when the provider refuses. */
export async function createSession(
  model: OnnxModel | string,
  provider: Provider,
  threads?: number,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Refusals are reported as errors of ours, not on the terminal.
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  }
  try {
    if (typeof model === 'string') return await InferenceSession.create(model, options)
    return await InferenceSession.create(Buffer.concat(model.pieces, model.byteLength), options)
  } catch (caught) {
    throw providerError(provider, caught)
  }
}

async function run(
  session: InferenceSession,
  spec: NetworkSpec,
  inputs: readonly (Uint8Array | Float32Array)[],
  batch: number,
  size: PictureSize | undefined,
): Promise<Float32Array> {
  const { width, height } = checkedSize(spec, inputs, batch, size)
  const feeds: Record<string, Tensor> = {}
  session.inputNames.forEach((name, index) => {
    const data = inputs[index]
    const shape = [batch, height, width, 3]
    feeds[name] =
      data instanceof Uint8Array ? new Tensor('uint8', data, shape) : new Tensor('float32', data, shape)
  })
  const outputs = await session.run(feeds)
  return outputs[session.outputNames[0]].data as Float32Array
}

/** The pictures' size, after checking that all arrays have it and that the network takes it. */
function checkedSize(
  spec: NetworkSpec,
  inputs: readonly (Uint8Array | Float32Array)[],
  batch: number,
  size: PictureSize | undefined,
): PictureSize {
  const wanted = spec.kind === 'lpips' ? 2 : 1
  if (inputs.length !== wanted)
    throw new AppError('usage', `The network takes ${wanted} pictures per item, not ${inputs.length}.`)
  const side = Math.round(Math.sqrt(inputs[0].length / (3 * batch)))
  const { width, height } = size ?? { width: side, height: side }
  if (inputs.some(({ length }) => length !== batch * width * height * 3)) {
    throw new AppError(
      'usage',
      `A batch of ${batch} pictures of ${width}×${height} pixels does not fit ${inputs.map(({ length }) => length).join(' and ')} samples.`,
    )
  }
  if (spec.kind === 'lpips') {
    const smallest = lpipsMinimumSide[spec.net]
    if (Math.min(width, height) < smallest) {
      throw new AppError(
        'usage',
        `Pictures of ${width}×${height} pixels are too small for LPIPS ${spec.net}, which needs at least ${smallest}×${smallest}.`,
      )
    }
  } else {
    const exact = spec.kind === 'clip' ? clipShapes[spec.size].side : inceptionSide
    if (width !== exact || height !== exact) {
      throw new AppError(
        'usage',
        `The network takes pictures of ${exact}×${exact} pixels, not ${width}×${height}.`,
      )
    }
  }
  return { width, height }
}
