/**
 * The work on one pair: read, decode once, bring to every size that is wanted, run the kernels. Pure but for reading
 * the two files, so that it runs in a worker thread or inline.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { decodeRgb } from '../images/decode.ts'
import { resize } from '../images/resample.ts'
import { resizeFloatPillowBicubic, resizeTorchBilinear } from '../images/resizeFloat.ts'
import type { AllocateBytes, RgbImage } from '../images/rgbImage.ts'
import type { FileStamp } from '../features/featureCache.ts'
import { viewKey, type FramePlan, type Side, type View } from './framePlan.ts'
import { runKernels } from './kernels.ts'

export type FrameTask = {
  /** Absolute paths; a side without a path (statistics in its place) is left out. */
  paths: Partial<Record<Side, string>>
  /** Views to give back as tensors, because a network wants them and no cache has their features. */
  wanted: { side: Side; view: View }[]
}

/** Pixels for a network: H x W x 3 in 0..255, bytes or 32-bit floats. */
export type Tensor = { side: Side; view: string; data: Uint8Array | Float32Array }

export type FrameResult = {
  /** Raw quantities of the pair; metrics are derived from them. */
  quantities: Record<string, number>
  /** Quantities that cannot exist for this pair, each with its reason. */
  impossible: Record<string, string>
  stamps: Partial<Record<Side, FileStamp>>
  tensors: Tensor[]
  /** Milliseconds spent per stage. */
  spent: { decode: number; resize: number; kernels: number }
}

/**
 * @param memory where the decoded pictures go; nothing of it is in the result.
 * @throws AppError naming the file that cannot be read or decoded.
 */
export async function runFrameTask(
  task: FrameTask,
  plan: FramePlan,
  memory: Record<Side, AllocateBytes>,
): Promise<FrameResult> {
  const spent = { decode: 0, resize: 0, kernels: 0 }
  const stamps: FrameResult['stamps'] = {}
  const images: Partial<Record<Side, RgbImage>> = {}
  const views = new Map<string, Uint8Array | Float32Array>()
  let since = performance.now()
  const lap = (stage: keyof typeof spent) => {
    const now = performance.now()
    spent[stage] += now - since
    since = now
  }

  // Side by side: while one file is read or waits for its decoder, the other one keeps the core busy.
  await Promise.all(
    (['reference', 'prediction'] as const).map(async (side) => {
      const path = task.paths[side]
      if (path === undefined) return
      const { bytes, stamp } = await readStamped(path)
      stamps[side] = stamp
      images[side] = await decodeRgb(bytes, { subject: path, allocate: memory[side] })
    }),
  )
  lap('decode')

  const view = (side: Side, wanted: View): Uint8Array | Float32Array => {
    const image = images[side]
    if (!image) throw new AppError('internal', `There is no ${side} frame to resize.`)
    const key = `${side} ${viewKey(wanted)}`
    const known = views.get(key)
    if (known) return known
    const made = owned(makeView(image, wanted), image)
    views.set(key, made)
    return made
  }
  let kernels: Pick<FrameResult, 'quantities' | 'impossible'> = { quantities: {}, impossible: {} }
  if (images.reference && images.prediction && plan.kernels.length > 0) {
    const reference = view('reference', plan.paired) as Uint8Array
    const prediction = view('prediction', plan.paired) as Uint8Array
    lap('resize')
    kernels = runKernels(reference, prediction, plan)
    lap('kernels')
  }
  const tensors = task.wanted.map(({ side, view: wanted }) => ({
    side,
    view: viewKey(wanted),
    data: view(side, wanted),
  }))
  lap('resize')
  return { ...kernels, stamps, tensors, spent }
}

async function readStamped(path: string): Promise<{ bytes: Buffer; stamp: FileStamp }> {
  try {
    const [bytes, { size, mtimeMs }] = await Promise.all([readFile(path), stat(path)])
    return {
      bytes,
      stamp: { size, modifiedMs: mtimeMs, sha256: createHash('sha256').update(bytes).digest('hex') },
    }
  } catch (error) {
    throw toAppError(error, path)
  }
}

/**
 * Pixels in a buffer of their own. A frame that has the wanted size already is still the decoder's memory, which
 * cannot move to another thread and is used again.
 */
function owned(pixels: Uint8Array | Float32Array, image: RgbImage): Uint8Array | Float32Array {
  return pixels.buffer === image.data.buffer ? Uint8Array.from(pixels) : pixels
}

function makeView(image: RgbImage, view: View): Uint8Array | Float32Array {
  switch (view.kind) {
    case 'pillow':
      return resize(image, view.size, view.size, view.filter).data
    case 'torch-bilinear':
      return resizeTorchBilinear(image, view.size, view.size)
    case 'clean-fid':
      return resizeFloatPillowBicubic(image, view.size, view.size)
  }
}
