/** Frames with a number drawn into them, and ways to read it back from a decoded clip. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'
import { makeVideos } from '../../../../src/main/core/videos/makeVideos.ts'
import type { VideoDeps } from '../../../../src/main/core/videos/videoDeps.ts'
import { videoRequest, type VideoRequest } from '../../../../src/shared/contract/videos.ts'
import type { z } from 'zod'

export const frameSize = { width: 160, height: 120 }
const bits = 12
const block = 12
/** Blocks lie in the middle of the picture, where no label is. */
const blockTop = 54
const blockLeft = 8

/** A picture whose middle row of blocks is `number` in binary, least significant bit first. */
export async function counterFrame(number: number, size = frameSize): Promise<Buffer> {
  const data = Buffer.alloc(size.width * size.height * 3, 90)
  for (let bit = 0; bit < bits; bit++) {
    const shade = (number >> bit) & 1 ? 230 : 20
    for (let y = blockTop; y < blockTop + block; y++) {
      const start = (y * size.width + blockLeft + bit * block) * 3
      data.fill(shade, start, start + block * 3)
    }
  }
  return await sharp(data, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
}

/** Reads the number out of a decoded RGB frame; `left` is where the panel begins. */
export function readCounter(rgb: Uint8Array, width: number, left = 0): number {
  let number = 0
  for (let bit = 0; bit < bits; bit++) {
    const x = left + blockLeft + bit * block + block / 2
    if (rgb[((blockTop + block / 2) * width + x) * 3] > 125) number |= 1 << bit
  }
  return number
}

/** Writes `file_num<recording>_frame_<n>.png` for each number, the counter being `n + offset`. */
export async function writeCounterFrames(
  dir: string,
  recording: number,
  numbers: readonly number[],
  offset = 0,
): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const n of numbers) {
    await writeFile(join(dir, `file_num${recording}_frame_${n}.png`), await counterFrame(n + offset))
  }
}

export const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parallax-videos-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export const workerEntry: VideoDeps['workerEntry'] = (name) =>
  new URL(`../../../../src/main/workers/${name}.worker.ts`, import.meta.url)

/** Makes videos below a temporary folder; `in/` paths of the request are relative to it. */
export async function make(
  workspace: string,
  request: Omit<z.input<typeof videoRequest>, 'workspace'>,
  deps: Partial<VideoDeps> = {},
) {
  const parsed: VideoRequest = videoRequest.parse({ workspace, outputDir: 'out', ...request })
  return await makeVideos(parsed, {
    signal: new AbortController().signal,
    cacheDir: join(workspace, 'cache'),
    workerEntry,
    ...deps,
  })
}

/** The ffmpeg of @ffmpeg-installer, which is always there in development. */
export const installedFfmpeg = (
  createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }
).path

export type Decoded = {
  width: number
  height: number
  frames: Uint8Array[]
  /** What ffmpeg says of the file. */
  about: string
}

/** Decodes a file with ffmpeg into RGB frames. */
export function decode(file: string, ffmpeg = installedFfmpeg): Decoded {
  const about = spawnSync(ffmpeg, ['-hide_banner', '-i', file], { encoding: 'utf8' }).stderr
  const size = /Video: .*?, (\d+)x(\d+)/.exec(about)
  if (!size) throw new Error(`No video in ${file}: ${about}`)
  const [width, height] = [Number(size[1]), Number(size[2])]
  const args = ['-loglevel', 'error', '-i', file, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const { stdout } = spawnSync(ffmpeg, args, { maxBuffer: 1 << 30 })
  const bytes = width * height * 3
  const frames = Array.from({ length: stdout.length / bytes }, (_, index) =>
    stdout.subarray(index * bytes, (index + 1) * bytes),
  )
  return { width, height, frames, about }
}

/** The mean colour of a square of 9 pixels around (x, y). */
export function colourAt({ width }: Decoded, rgb: Uint8Array, x: number, y: number): number[] {
  const sum = [0, 0, 0]
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      for (let c = 0; c < 3; c++) sum[c] += rgb[((y + dy) * width + x + dx) * 3 + c]
    }
  }
  return sum.map((value) => value / 81)
}
