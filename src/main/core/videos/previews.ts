/** Poster and thumbnail strip of a clip, for lists and for scrubbing. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clip } from '../../../shared/contract/videos.ts'
import { sharp } from '../images/sharp.ts'
import { fitInside, type Size } from './layout.ts'

const mostTiles = 20
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

/**
 * Writes `poster.jpg` and `strip.jpg` into a folder of their own.
 *
 * @param tiles RGB pictures of `tile` size, those of `stripFrames`, in order.
 */
export async function writePreviews(
  folder: string,
  content: { poster: Uint8Array | undefined; tiles: readonly Uint8Array[]; tile: Size; frames: number },
): Promise<Pick<Clip, 'poster' | 'strip'>> {
  await mkdir(folder, { recursive: true })
  const { poster, tiles, tile } = content
  const previews: Pick<Clip, 'poster' | 'strip'> = {}
  if (poster) {
    previews.poster = join(folder, 'poster.jpg')
    await writeFile(previews.poster, poster)
  }
  if (tiles.length > 0) {
    const file = join(folder, 'strip.jpg')
    const strip = { width: tile.width * tiles.length, height: tile.height }
    await sharp({ create: { ...strip, channels: 3, background: 'black' } })
      .composite(
        tiles.map((input, index) => ({
          input: Buffer.from(input),
          raw: { ...tile, channels: 3 as const },
          left: index * tile.width,
          top: 0,
        })),
      )
      .jpeg({ quality: 80 })
      .toFile(file)
    previews.strip = {
      file,
      tileWidth: tile.width,
      tileHeight: tile.height,
      frames: stripFrames(content.frames),
    }
  }
  return previews
}
