/** Decodes pictures and works out difference pictures away from the page's own thread. */
import { alignedRect, isSameSize, type AlignmentRule, type Size } from '../stage/alignment.ts'
import { differencePixels } from './difference.ts'
import { fetchFiles, type Fetched } from './fetchFiles.ts'
import { mapPixels } from './mapColors.ts'
import { isShownExactly, jpegSize } from './pictureTraits.ts'
import type {
  PictureReply,
  PictureRequest,
  PictureResult,
  PictureSource,
  PictureTask,
  Transfer,
  Way,
} from './workerMessages.ts'

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<PictureRequest>) => void) | null
  postMessage(replies: PictureReply[], transfer: Transferable[]): void
}
const running = new Map<number, AbortController>()

/** Nothing that the browser offers to do to colours, orientation or alpha may happen. */
const asStored: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
  imageOrientation: 'from-image',
}

/** The same for pixels that are whole or not there at all: drawing those takes less time when alpha is multiplied in. */
const asWorkedOut: ImageBitmapOptions = { colorSpaceConversion: 'none' }

/** The browser's pixels of this file are not those that metrics see. */
class InexactError extends Error {
  readonly path: string
  constructor(path: string) {
    super(`${path} is not shown exactly.`)
    this.path = path
  }
}

scope.onmessage = ({ data }) => {
  if ('cancel' in data) return running.get(data.cancel)?.abort()
  const { tasks, way } = data
  const signals = tasks.map(({ id }) => {
    const controller = new AbortController()
    running.set(id, controller)
    return controller.signal
  })
  void Promise.all(
    begin(
      tasks.map(({ task }) => task),
      way,
      signals,
    ).map(async (picture, index): Promise<PictureReply> => {
      const result = await picture.catch(resultOfError)
      running.delete(tasks[index].id)
      return { id: tasks[index].id, result }
    }),
  ).then((replies) =>
    scope.postMessage(
      replies,
      replies.flatMap(({ result }) => (result.ok ? [result.bitmap] : [])),
    ),
  )
}

/** Pictures that are asked for together are fetched together. */
function begin(
  tasks: readonly PictureTask[],
  way: Way,
  signals: readonly AbortSignal[],
): Promise<PictureResult>[] {
  const sources = tasks.map((task) => (task.type === 'decode' ? task.source : undefined))
  const wanted = tasks.flatMap((_, index) => (sources[index] ? [index] : []))
  const files = fetchFiles(
    wanted.map((index) => sources[index]!),
    way,
    wanted.map((index) => signals[index]),
  )
  return tasks.map(async (task, index): Promise<PictureResult> => {
    switch (task.type) {
      case 'decode': {
        const file = await files[wanted.indexOf(index)]
        const { bitmap, size } = await decode(file, task.source.path, task.scale)
        return { ok: true, bitmap, sizes: [size], transfers: [file.transfer] }
      }
      case 'difference':
        return difference(task, way, signals[index])
      case 'map': {
        const bytes = Uint8Array.from(atob(task.data), (sign) => sign.charCodeAt(0))
        const pixels = mapPixels(new Float32Array(bytes.buffer), task.range)
        const bitmap = await createImageBitmap(new ImageData(pixels, task.width, task.height), asWorkedOut)
        return { ok: true, bitmap, sizes: [], transfers: [] }
      }
    }
  })
}

function resultOfError(error: unknown): PictureResult {
  if (error instanceof InexactError) return { ok: false, inexactPath: error.path }
  return { ok: false, message: error instanceof Error ? error.message : String(error) }
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height })

type Decoded = {
  bitmap: ImageBitmap
  /** Of the file. */
  size: Size
}

async function decode({ bytes, contentType }: Fetched, path: string, scale?: number): Promise<Decoded> {
  if (!isShownExactly(bytes)) throw new InexactError(path)
  const size = scale === undefined ? undefined : jpegSize(bytes)
  const bitmap = await (
    scale !== undefined && size
      ? decodeQuickly(bytes, size, scale)
      : createImageBitmap(new Blob([bytes], { type: contentType }), asStored)
  ).catch(() => undefined)
  // Damaged for the browser; whether metrics could read it, and why not, the engine knows.
  if (!bitmap) throw new InexactError(path)
  return { bitmap, size: size ?? sizeOf(bitmap) }
}

/** Colours may be a level or two off, for samples of colour are not smoothed. */
async function decodeQuickly(
  data: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  scale: number,
): Promise<ImageBitmap> {
  const decoder = new ImageDecoder({
    data,
    type: 'image/jpeg',
    colorSpaceConversion: 'none',
    ...(scale < 1
      ? { desiredWidth: Math.ceil(width * scale), desiredHeight: Math.ceil(height * scale) }
      : {}),
  })
  try {
    const { image } = await decoder.decode()
    const bitmap = await createImageBitmap(image)
    image.close()
    return bitmap
  } finally {
    decoder.close()
  }
}

async function difference(
  { a, b, rule, options, scale }: Extract<PictureTask, { type: 'difference' }>,
  way: Way,
  signal: AbortSignal,
): Promise<PictureResult> {
  const [first, second] = await pixelsOf([a, b], scale, way, signal)
  const over = isSameSize(first.pixels, second.pixels)
    ? second.pixels
    : laidOver(second.pixels, first.pixels, rule)
  const { width, height } = first.pixels
  const pixels = differencePixels(first.pixels.data, over.data, options)
  const bitmap = await createImageBitmap(new ImageData(pixels, width, height), asWorkedOut)
  const transfers = [first, second].flatMap(({ transfer }) => transfer ?? [])
  const sizes = [first.size, second.size]
  return { ok: true, bitmap, sizes, transfers }
}

type Pixels = {
  pixels: ImageData
  /** Of the file. */
  size: Size
}

/** The last pictures that differences were made of: another gain or another run needs them again. */
const kept = new Map<string, Promise<Pixels>>()
const keptBytes = 40 * 2 ** 20

/** Those that are not kept are fetched together. */
async function pixelsOf(
  sources: readonly PictureSource[],
  scale: number | undefined,
  way: Way,
  signal: AbortSignal,
): Promise<(Pixels & { transfer?: Transfer })[]> {
  const keys = sources.map((source) => JSON.stringify([source, scale]))
  // Whoever asked for it first may have lost interest and ended it.
  const known = await Promise.all(keys.map((key) => kept.get(key)?.catch(() => undefined)))
  const missing = sources.filter((_, index) => !known[index])
  const files = fetchFiles(
    missing,
    way,
    missing.map(() => signal),
  )
  return Promise.all(
    sources.map((source, index) => {
      const pixels = known[index]
      if (!pixels) return readPixels(files[missing.indexOf(source)], source.path, scale, keys[index])
      keep(keys[index], Promise.resolve(pixels))
      return pixels
    }),
  )
}

async function readPixels(
  file: Promise<Fetched>,
  path: string,
  scale: number | undefined,
  key: string,
): Promise<Pixels & { transfer: Transfer }> {
  const reading = file.then(async (fetched) => {
    const { bitmap, size } = await decode(fetched, path, scale)
    const context = scratch(bitmap.width, bitmap.height)
    context.drawImage(bitmap, 0, 0)
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height)
    bitmap.close()
    return { pixels, size }
  })
  keep(key, reading)
  try {
    const read = await reading
    const most = Math.max(2, Math.floor(keptBytes / read.pixels.data.length))
    for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest)
    return { ...read, transfer: (await file).transfer }
  } catch (error) {
    if (kept.get(key) === reading) kept.delete(key)
    throw error
  }
}

/** Puts a picture last in the order of use. */
function keep(key: string, pixels: Promise<Pixels>): void {
  kept.delete(key)
  kept.set(key, pixels)
}

/** Pixels of a picture laid over a stage of another size; transparent where it does not reach. */
function laidOver(picture: ImageData, stage: Size, rule: AlignmentRule): ImageData {
  const source = new OffscreenCanvas(picture.width, picture.height)
  source.getContext('2d')!.putImageData(picture, 0, 0)
  const context = scratch(stage.width, stage.height)
  const rect = alignedRect(picture, stage, rule)
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, rect.x, rect.y, rect.width, rect.height)
  return context.getImageData(0, 0, stage.width, stage.height)
}

let canvas: OffscreenCanvasRenderingContext2D | undefined

/** One canvas for all: a new one for every picture would fill memory faster than it is freed. */
function scratch(width: number, height: number): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  if (canvas.canvas.width !== width || canvas.canvas.height !== height) {
    canvas.canvas.width = width
    canvas.canvas.height = height
  } else canvas.clearRect(0, 0, width, height)
  return canvas
}
