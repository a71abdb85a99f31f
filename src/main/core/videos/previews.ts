/** Poster and thumbnail strip of a clip, for lists and for scrubbing. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clip } from '../../../shared/contract/videos.ts'
import type { RgbPixels } from '../images/rgbImage.ts'
import { sharp } from '../images/sharp.ts'
import { blit } from './drawing/sprite.ts'
import { fitInside, type Size } from './layout.ts'

const mostTiles = 20
const widestPoster = 1280
const tileBox: Size = { width: 320, height: 90 }

/** The frame that stands for the clip: the middle one. */
export const posterFrame = (frames: number) => Math.floor(frames / 2)

/** Evenly spaced frames for the strip, first and last included. */
export function stripFrames(frames: number): number[] {
  const count = Math.min(frames, mostTiles)
  return Array.from({ length: count }, (_, tile) =>
    count === 1 ? 0 : Math.round((tile * (frames - 1)) / (count - 1)),
  )
}

/** Size of one small picture of a clip. */
export function tileSize(canvas: Size): Size {
  const { width, height } = fitInside(canvas, tileBox)
  return { width, height }
}

/** Size of the poster of a clip. */
export function posterSize(canvas: Size): Size {
  const { width, height } = fitInside(canvas, { width: widestPoster, height: canvas.height })
  return canvas.width <= widestPoster ? canvas : { width, height }
}

/** The pictures of a clip in a list, as JPEG. */
export type Previews = { poster: Uint8Array | undefined; strip: Uint8Array | undefined }

/**
 * Encodes poster and strip.
 *
 * @param drawn RGB pictures of the scene's sizes; the tiles are those of `stripFrames`, in order.
 */
export async function encodePreviews(
  drawn: { poster: Uint8Array | undefined; tiles: readonly Uint8Array[] },
  sizes: { poster: Size; tile: Size },
): Promise<Previews> {
  const { poster, tiles } = drawn
  const { width, height } = sizes.tile
  const strip: RgbPixels = {
    width: width * tiles.length,
    height,
    data: new Uint8Array(width * tiles.length * height * 3),
  }
  tiles.forEach((data, index) => blit(strip, { width, height, data }, index * width, 0))
  return {
    poster: poster && (await jpegOf({ ...sizes.poster, data: poster }, 85)),
    strip: tiles.length > 0 ? await jpegOf(strip, 80) : undefined,
  }
}

const jpegOf = ({ width, height, data }: RgbPixels, quality: number): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer()

/** Writes `poster.jpg` and `strip.jpg` into a folder of their own. */
export async function writePreviews(
  folder: string,
  { poster, strip }: Previews,
  { tile, frames }: { tile: Size; frames: number },
): Promise<Pick<Clip, 'poster' | 'strip'>> {
  await mkdir(folder, { recursive: true })
  const previews: Pick<Clip, 'poster' | 'strip'> = {}
  if (poster) {
    previews.poster = join(folder, 'poster.jpg')
    await writeFile(previews.poster, poster)
  }
  if (strip) {
    const file = join(folder, 'strip.jpg')
    await writeFile(file, strip)
    previews.strip = { file, tileWidth: tile.width, tileHeight: tile.height, frames: stripFrames(frames) }
  }
  return previews
}
