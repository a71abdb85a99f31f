/** Pictures that say which frame of which source they are, in blocks that survive scaling and lossy formats. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Bits of the frame number, each a block `block` pixels wide in the upper left corner, most significant first. */
export const numberBits = 10
export const blockShare = 1 / 20

export type NumberedSource = {
  width: number
  height: number
  /** Red, green and blue of the ground, without the pattern of `texture`. */
  ground: [number, number, number]
}

/** Name of frame `index`: one recording, every second frame kept. */
export const numberedName = (index: number, extension = 'png') =>
  `file_num3_frame_${10 + 2 * index}.${extension}`

/** A pixel of the ground: each differs from its neighbours, so that a value read at the wrong place is noticed. */
export function groundPixel(
  { ground }: NumberedSource,
  x: number,
  y: number,
  index: number,
): [number, number, number] {
  const texture = (x * 7 + y * 13 + index * 5) % 23
  return [ground[0] + texture, ground[1] + ((texture * 3) % 19), ground[2] + ((texture * 5) % 17)]
}

/** RGB bytes of a frame. */
export function numberedPixels(source: NumberedSource, index: number): Uint8Array {
  const { width, height } = source
  const block = Math.round(width * blockShare)
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = Math.floor(x / block)
      const isBlock = y < block && bit < numberBits
      const level = (index >> (numberBits - 1 - bit)) & 1 ? 255 : 0
      pixels.set(isBlock ? [level, level, level] : groundPixel(source, x, y, index), (y * width + x) * 3)
    }
  return pixels
}

/** Writes `count` frames, as PNG unless JPEG is asked for. */
export async function writeNumberedFrames(
  folder: string,
  source: NumberedSource,
  count: number,
  extension: 'png' | 'jpg' = 'png',
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { width, height } = source
  for (let index = 0; index < count; index++) {
    const picture = sharp(numberedPixels(source, index), { raw: { width, height, channels: 3 } })
    const encoded = extension === 'png' ? picture.png({ compressionLevel: 1 }) : picture.jpeg({ quality: 92 })
    await encoded.toFile(join(folder, numberedName(index, extension)))
  }
}
