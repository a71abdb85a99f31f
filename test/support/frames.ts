/** Small folders of frames for tests: real JPEG files with content that differs from frame to frame. */
import { mkdirSync, mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'

/** A fresh folder below the system's temporary one. */
export function temporaryFolder(name = 'test'): string {
  return mkdtempSync(join(tmpdir(), `parallax-${name}-`))
}

/** A smooth picture with some texture; `seed` moves its waves, `shift` changes its brightness. */
export function texture(width: number, height: number, seed: number, shift = 0): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const wave = 60 * Math.sin(x / 17 + channel + seed) + 50 * Math.cos(y / 23 - channel + seed / 3)
        pixels[at++] = Math.max(0, Math.min(255, Math.round(128 + wave + shift)))
      }
    }
  }
  return pixels
}

export type FramePair = { reference: string; prediction: string; names: string[] }

/**
 * Writes `count` pairs of frames, ground truth 64×48 and predictions 32×32, under
 * `<root>/data/preprocessed_data/<map>/imgs` and `<root>/outputs_eval/<experiment>/test_20260101_000000/gen_imgs/<map>`.
 */
export async function writePairs(
  root: string,
  count: number,
  { map = 'de_test', experiment = 'exp1', shift = 12 } = {},
): Promise<FramePair> {
  const reference = join(root, 'data/preprocessed_data', map, 'imgs')
  const prediction = join(root, 'outputs_eval', experiment, 'test_20260101_000000/gen_imgs', map)
  mkdirSync(reference, { recursive: true })
  mkdirSync(prediction, { recursive: true })
  const names = Array.from({ length: count }, (_, index) => `file_num1_frame_${index}.jpg`)
  await Promise.all(
    names.map(async (name, index) => {
      await writeFile(join(reference, name), await jpeg(64, 48, index, 0))
      await writeFile(join(prediction, name), await jpeg(32, 32, index, shift))
    }),
  )
  return { reference, prediction, names }
}

/** JPEG bytes of a texture. */
export function jpeg(width: number, height: number, seed: number, shift: number): Promise<Buffer> {
  return sharp(texture(width, height, seed, shift), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer()
}
