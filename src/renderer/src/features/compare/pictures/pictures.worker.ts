/** Decodes pictures and works out difference pictures away from the page's own thread. */
import { alignedRect, isSameSize, type AlignmentRule, type Size } from '../stage/alignment.ts'
import { differencePixels } from './difference.ts'
import { mapPixels } from './mapColors.ts'
import { isShownExactly, jpegSize } from './pictureTraits.ts'
import type { PictureReply, PictureRequest, PictureResult, PictureTask, Transfer } from './workerMessages.ts'

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<PictureRequest>) => void) | null
  postMessage(reply: PictureReply, transfer: Transferable[]): void
}
const running = new Map<number, AbortController>()

/** Nothing that the browser offers to do to colours, orientation or alpha may happen. */
const asStored: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
  imageOrientation: 'from-image',
}

/** The browser's pixels of this address are not those that metrics see. */
class InexactError extends Error {
  readonly url: string
  constructor(url: string) {
    super(`${url} is not shown exactly.`)
    this.url = url
  }
}

scope.onmessage = ({ data }) => {
  if ('cancel' in data) return running.get(data.id)?.abort()
  const controller = new AbortController()
  running.set(data.id, controller)
  const fetching: RequestInit = {
    signal: controller.signal,
    cache: data.isStored ? 'default' : 'no-store',
  }
  void answer(data.task, fetching).then((result) => {
    running.delete(data.id)
    scope.postMessage({ id: data.id, result }, result.ok ? [result.bitmap] : [])
  })
}

async function answer(task: PictureTask, fetching: RequestInit): Promise<PictureResult> {
  try {
    switch (task.type) {
      case 'decode': {
        const { bitmap, size, transfer } = await decode(task.url, fetching, task.scale)
        return { ok: true, bitmap, sizes: [size], transfers: [transfer] }
      }
      case 'difference':
        return await difference(task, fetching)
      case 'map': {
        const bytes = Uint8Array.from(atob(task.data), (sign) => sign.charCodeAt(0))
        const pixels = mapPixels(new Float32Array(bytes.buffer), task.range)
        const bitmap = await createImageBitmap(new ImageData(pixels, task.width, task.height), asStored)
        return { ok: true, bitmap, sizes: [], transfers: [] }
      }
    }
  } catch (error) {
    if (error instanceof InexactError) return { ok: false, inexactUrl: error.url }
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height })

type Decoded = {
  bitmap: ImageBitmap
  /** Of the file. */
  size: Size
  transfer: Transfer
}

async function decode(url: string, fetching: RequestInit, scale?: number): Promise<Decoded> {
  const now = () => performance.timeOrigin + performance.now()
  const fromMs = now()
  const response = await fetch(url, fetching)
  if (!response.ok) {
    const refusal = (await response.json().catch(() => undefined)) as
      { error?: { message?: string } } | undefined
    throw new Error(refusal?.error?.message ?? `The engine answered ${response.status}.`)
  }
  const bytes = await response.arrayBuffer()
  const transfer = { fromMs, toMs: now() }
  if (!isShownExactly(new Uint8Array(bytes))) throw new InexactError(url)
  const size = scale === undefined ? undefined : jpegSize(new Uint8Array(bytes))
  const type = response.headers.get('content-type') ?? ''
  const bitmap = await (
    scale !== undefined && size
      ? decodeQuickly(bytes, size, scale)
      : createImageBitmap(new Blob([bytes], { type }), asStored)
  ).catch(() => undefined)
  // Damaged for the browser; whether metrics could read it, and why not, the engine knows.
  if (!bitmap) throw new InexactError(url)
  return { bitmap, size: size ?? sizeOf(bitmap), transfer }
}

/** Colours may be a level or two off, for samples of colour are not smoothed. */
async function decodeQuickly(
  data: ArrayBuffer,
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
  { a, b, rule, options }: Extract<PictureTask, { type: 'difference' }>,
  fetching: RequestInit,
): Promise<PictureResult> {
  const [first, second] = await Promise.all([pixelsAt(a, fetching), pixelsAt(b, fetching)])
  const over = isSameSize(first.pixels, second.pixels)
    ? second.pixels
    : laidOver(second.pixels, first.pixels, rule)
  const { width, height } = first.pixels
  const pixels = differencePixels(first.pixels.data, over.data, options)
  const bitmap = await createImageBitmap(new ImageData(pixels, width, height), asStored)
  const transfers = [first, second].flatMap(({ transfer }) => transfer ?? [])
  const sizes = [sizeOf(first.pixels), sizeOf(second.pixels)]
  return { ok: true, bitmap, sizes, transfers }
}

/** The last pictures that differences were made of: another gain or another run needs them again. */
const kept = new Map<string, Promise<ImageData>>()
const keptBytes = 40 * 2 ** 20

async function pixelsAt(
  url: string,
  fetching: RequestInit,
): Promise<{ pixels: ImageData; transfer?: Transfer }> {
  // Whoever asked for it first may have lost interest and ended it.
  const known = await kept.get(url)?.catch(() => undefined)
  if (known) {
    keep(url, Promise.resolve(known))
    return { pixels: known }
  }
  const decoding = decode(url, fetching)
  const reading = decoding.then(({ bitmap }) => {
    const context = scratch(bitmap.width, bitmap.height)
    context.drawImage(bitmap, 0, 0)
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height)
    bitmap.close()
    return pixels
  })
  keep(url, reading)
  try {
    const pixels = await reading
    const most = Math.max(2, Math.floor(keptBytes / pixels.data.length))
    for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest)
    return { pixels, transfer: (await decoding).transfer }
  } catch (error) {
    if (kept.get(url) === reading) kept.delete(url)
    throw error
  }
}

/** Puts a picture last in the order of use. */
function keep(url: string, pixels: Promise<ImageData>): void {
  kept.delete(url)
  kept.set(url, pixels)
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
