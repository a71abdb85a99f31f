/** Fetches small pictures of the sources and finds out at which shift they line up with the first pane. */
import { mediaUrl } from '../../../api/media.ts'
import { pictureAt, type OpenComparison } from '../comparison.ts'
import { costsOfShifts, samplePositions, triedShifts, type Grey } from './lineUp.ts'

const size = { width: 48, height: 27 }

export type ShiftCheck = {
  source: number
  /** Mean difference for each of `triedShifts`. */
  costs: number[]
}

/**
 * @param base source that the others are held against; unshifted here. @param sources the others.
 * @throws what fetching throws.
 */
export async function checkShifts(
  data: OpenComparison,
  base: number,
  sources: readonly number[],
  position: number,
): Promise<ShiftCheck[]> {
  const positions = samplePositions(position, data.names.length)
  const shifted = [...new Set(positions.flatMap((at) => triedShifts.map((shift) => at + shift)))]
  const bases = await greysOf(data, base, positions)
  const checks: ShiftCheck[] = []
  for (const source of sources)
    checks.push({ source, costs: costsOfShifts(bases, await greysOf(data, source, shifted), positions) })
  return checks
}

async function greysOf(
  data: OpenComparison,
  source: number,
  positions: readonly number[],
): Promise<Map<number, Grey>> {
  const greys = new Map<number, Grey>()
  await Promise.all(
    positions.map(async (position) => {
      const picture = pictureAt(data, source, position)
      if (!picture) return
      const { path, frame } = picture
      const url = mediaUrl(path, { width: size.width * 2, ...(frame === undefined ? {} : { frame }) })
      const response = await fetch(url)
      if (response.ok) greys.set(position, await greyOf(await response.blob()))
    }),
  )
  return greys
}

async function greyOf(blob: Blob): Promise<Grey> {
  const bitmap = await createImageBitmap(blob)
  const { width, height } = size
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  return Float32Array.from(
    { length: width * height },
    (_, at) => 0.299 * data[at * 4] + 0.587 * data[at * 4 + 1] + 0.114 * data[at * 4 + 2],
  )
}
