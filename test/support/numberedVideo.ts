/** Videos whose every picture says which frame it is, in any codec that ffmpeg writes. */
import { dirname } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { findFfmpeg } from '../../src/main/core/ffmpeg/findFfmpeg.ts'
import { startProcess } from '../../src/main/core/processes/runProcess.ts'
import type { RgbPixels } from '../../src/main/core/images/rgbImage.ts'
import { blockShare, numberBits, numberedPixels, type NumberedSource } from './numberedFrames.ts'

/** Encoder and container of a video, as ffmpeg arguments. */
export type VideoKind = { name: string; extension: string; encoder: string; args: readonly string[] }

/** Long groups, B-frames, hidden frames, no time stamps: what makes frames hard to find. */
export const videoKinds: readonly VideoKind[] = [
  {
    name: 'H.264 with B-frames and open groups',
    extension: 'mp4',
    encoder: 'libx264',
    args: ['-preset', 'veryfast', '-bf', '3', '-g', '40', '-x264-params', 'open-gop=1:b-adapt=0'],
  },
  {
    name: 'H.264 in a transport stream',
    extension: 'mkv',
    encoder: 'libx264',
    args: ['-bf', '2', '-f', 'mpegts'],
  },
  {
    name: 'H.265',
    extension: 'mp4',
    encoder: 'libx265',
    args: ['-preset', 'ultrafast', '-x265-params', 'log-level=error'],
  },
  {
    name: 'VP9',
    extension: 'webm',
    encoder: 'libvpx-vp9',
    args: [
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-deadline',
      'good',
    ],
  },
  {
    name: 'VP8 with hidden frames',
    extension: 'webm',
    encoder: 'libvpx',
    args: ['-auto-alt-ref', '1', '-lag-in-frames', '16', '-b:v', '2M', '-cpu-used', '4', '-deadline', 'good'],
  },
  { name: 'FFV1', extension: 'mkv', encoder: 'ffv1', args: ['-pix_fmt', 'bgr0'] },
  { name: 'ProRes', extension: 'mov', encoder: 'prores_ks', args: [] },
  {
    name: 'MPEG-4 with B-frames in AVI',
    extension: 'avi',
    encoder: 'mpeg4',
    args: ['-bf', '2', '-q:v', '2'],
  },
  { name: 'GIF', extension: 'gif', encoder: 'gif', args: [] },
]

/** Writes a video of `frames` numbered pictures at 10 a second; `false` when this ffmpeg lacks the encoder. */
export async function writeNumberedVideo(
  file: string,
  source: NumberedSource,
  frames: number,
  { encoder, args }: Pick<VideoKind, 'encoder' | 'args'>,
): Promise<boolean> {
  const ffmpeg = await findFfmpeg()
  if (!ffmpeg.encoders.has(encoder)) return false
  await mkdir(dirname(file), { recursive: true })
  const size = `${source.width}x${source.height}`
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-video_size',
    size,
    '-framerate',
    '10',
    '-i',
    'pipe:0',
  ]
  const pixels =
    args.includes('-pix_fmt') || encoder === 'gif' || encoder === 'prores_ks' ? [] : ['-pix_fmt', 'yuv420p']
  const running = startProcess({
    file: ffmpeg.path,
    args: ['-hide_banner', '-loglevel', 'error', '-y', ...input, '-c:v', encoder, ...pixels, ...args, file],
  })
  for (let frame = 0; frame < frames; frame++) running.stdin.write(numberedPixels(source, frame))
  running.stdin.end()
  const outcome = await running.ended
  if (outcome.exitCode !== 0) throw new Error(outcome.lastLines.join('\n'))
  return true
}

/** The number a picture says it has. */
export function numberOf({ width, data }: RgbPixels): number {
  const block = Math.round(width * blockShare)
  let number = 0
  for (let bit = 0; bit < numberBits; bit++) {
    const [x, y] = [Math.floor((bit + 0.5) * block), Math.floor(block / 2)]
    number = number * 2 + (data[(y * width + x) * 3 + 1] > 127 ? 1 : 0)
  }
  return number
}
