/** Decodes pictures and works out difference pictures away from the page's own thread. */
import { alignedRect } from '../stage/alignment.ts'
import { differencePixels } from './difference.ts'
import { mapPixels } from './mapColors.ts'
import { isShownExactly } from './pictureTraits.ts'
import type { PictureReply, PictureRequest, PictureResult, PictureTask } from './workerMessages.ts'

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

scope.onmessage = ({ data }) => {
  if ('cancel' in data) return running.get(data.id)?.abort()
  const controller = new AbortController()
  running.set(data.id, controller)
  void answer(data.task, controller.signal).then((result) => {
    running.delete(data.id)
    scope.postMessage({ id: data.id, result }, result.ok ? [result.bitmap] : [])
  })
}

async function answer(task: PictureTask, signal: AbortSignal): Promise<PictureResult> {
  try {
    switch (task.type) {
      case 'decode':
        return await decode(task.url, signal)
      case 'difference':
        return { ok: true, bitmap: await difference(task) }
      case 'map': {
        const pixels = new ImageData(mapPixels(task.values, task.range), task.width, task.height)
        return { ok: true, bitmap: await createImageBitmap(pixels, asStored) }
      }
    }
  } catch (error) {
    return {
      ok: false,
      isInexact: false,
      isGone: false,
      message: error instanceof Error ? error.message : String(error),
    }
  }
}

async function decode(url: string, signal: AbortSignal): Promise<PictureResult> {
  const response = await fetch(url, { signal })
  if (!response.ok) {
    const refusal = (await response.json().catch(() => undefined)) as
      { error?: { message?: string } } | undefined
    const message = refusal?.error?.message ?? `The engine answered ${response.status}.`
    return { ok: false, isInexact: false, isGone: response.status === 404, message }
  }
  const bytes = await response.arrayBuffer()
  if (!isShownExactly(new Uint8Array(bytes))) return { ok: false, isInexact: true }
  const type = response.headers.get('content-type') ?? ''
  try {
    return { ok: true, bitmap: await createImageBitmap(new Blob([bytes], { type }), asStored) }
  } catch {
    // Damaged for the browser; whether metrics could read it, and why not, the engine knows.
    return { ok: false, isInexact: true }
  }
}

async function difference({
  a,
  b,
  rule,
  options,
}: Extract<PictureTask, { type: 'difference' }>): Promise<ImageBitmap> {
  const first = pixelsOf(a, a, rule)
  const second = pixelsOf(b, a, rule)
  a.close()
  b.close()
  const pixels = new ImageData(differencePixels(first.data, second.data, options), first.width, first.height)
  return createImageBitmap(pixels, asStored)
}

function pixelsOf(
  bitmap: ImageBitmap,
  stage: ImageBitmap,
  rule: Parameters<typeof alignedRect>[2],
): ImageData {
  const { width, height } = stage
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  const rect = alignedRect(bitmap, { width, height }, rule)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, rect.x, rect.y, rect.width, rect.height)
  return context.getImageData(0, 0, width, height)
}
