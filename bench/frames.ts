/** Frames to measure on: 1280×720 JPEG ground truth and 448×448 JPEG predictions, textured like rendered scenes. */
import { link, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Writes `count` pairs into `root/gt` and `root/pred`. Each pair is different, so no cache can help by accident. */
export async function makeFrames(root: string, count: number): Promise<{ gt: string; pred: string }> {
  const [gt, pred] = [join(root, 'gt'), join(root, 'pred')]
  await Promise.all([mkdir(gt, { recursive: true }), mkdir(pred, { recursive: true })])
  for (let index = 0; index < count; index++) {
    const name = `file_num1_frame_${index}.jpg`
    const pixels = texture(1280, 720, index)
    const picture = sharp(pixels, { raw: { width: 1280, height: 720, channels: 3 } })
    await picture.clone().jpeg({ quality: 92 }).toFile(join(gt, name))
    await picture
      .clone()
      .resize(448, 448, { fit: 'fill' })
      .blur(0.8)
      .jpeg({ quality: 75 })
      .toFile(join(pred, name))
  }
  return { gt, pred }
}

/**
 * Writes `distinct` pairs of 1280×720 JPEGs, and links to them under further names until each folder holds `count`:
 * frames 1, 2, 3, … of recordings of 2000 frames.
 */
export async function makeLargePairs(gt: string, pred: string, count: number, distinct = 120): Promise<void> {
  await Promise.all([mkdir(gt, { recursive: true }), mkdir(pred, { recursive: true })])
  const name = (index: number) => `file_num${Math.floor(index / 2000)}_frame_${index % 2000}.jpg`
  for (let index = 0; index < count; index++) {
    if (index < distinct) {
      const picture = sharp(texture(1280, 720, index), { raw: { width: 1280, height: 720, channels: 3 } })
      await picture
        .clone()
        .jpeg({ quality: 92 })
        .toFile(join(gt, name(index)))
      await picture
        .clone()
        .blur(1 + (index % 7) / 4)
        .jpeg({ quality: 85 })
        .toFile(join(pred, name(index)))
    } else
      await Promise.all(
        [gt, pred].map((folder) => link(join(folder, name(index % distinct)), join(folder, name(index)))),
      )
  }
}

/** Waves of several sizes with a little grain: compresses about as well as a game frame. */
function texture(width: number, height: number, seed: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  let noise = seed * 2654435761 + 1
  for (let y = 0, at = 0; y < height; y++) {
    const rows = 40 * Math.cos(y / 37 + seed * 0.3)
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0
      const value =
        128 +
        rows +
        50 * Math.sin(x / 53 + seed * 0.2) +
        20 * Math.sin((x + 2 * y) / 9) +
        ((noise >>> 24) & 15)
      pixels[at++] = value
      pixels[at++] = value * 0.8 + 20
      pixels[at++] = 255 - value * 0.7
    }
  }
  return pixels
}
