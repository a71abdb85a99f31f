/** From format, preset and encoder to the arguments of ffmpeg. They suit builds from 2018 on. */
import type { VideoEncoder, VideoFormat, VideoPreset } from '../../../shared/contract/videos.ts'
import { formatFrameRate, framesPerSecond, type FrameRate } from '../../../shared/domain/frameRate.ts'
import { yuv420Bytes } from './yuv.ts'

/** How pixels go through the pipe: our own BT.709 conversion, or RGB for formats that keep or index it. */
export type PipeFormat = 'yuv420p' | 'rgb24'

export type EncodeSettings = {
  format: VideoFormat
  preset: VideoPreset
  /** An encoder that is there: never `auto`. */
  encoder: Exclude<VideoEncoder, 'auto'>
  frameRate: FrameRate
  /** Even, in pixels. */
  width: number
  height: number
  /** Threads of the encoder. */
  threads: number
}

/** Bytes of one frame in the pipe. */
export const pipeBytes = (format: PipeFormat, width: number, height: number) =>
  format === 'yuv420p' ? yuv420Bytes(width, height) : width * height * 3

export const pipeFormatOf = (format: VideoFormat): PipeFormat =>
  format === 'mp4' || format === 'webm' ? 'yuv420p' : 'rgb24'

/** Name of ffmpeg's encoder for a format. */
export function encoderNameOf(format: VideoFormat, encoder: EncodeSettings['encoder']): string {
  if (format === 'mp4') return encoder === 'software' ? 'libx264' : `h264_${encoder}`
  return { webm: 'libvpx-vp9', webp: 'libwebp_anim', gif: 'gif', mkv: 'ffv1' }[format]
}

const goodTools = '8x8dct=1:aq-mode=1:mbtree=1:rc-lookahead=5:bframes=3:b-adapt=0:weightp=0:scenecut=40'

/**
 * x264: constant rate factor and speed. `good` is `ultrafast` with the tools that save most bits for their time
 * switched on again: on the frames of `npm run bench -- videos` 47 dB in half the time of `veryfast`, at about its size.
 * Deblocking and `subme=1` are not among them: at this rate they cost a third of the time for 3 % of size and 0.1 dB.
 * Flat colours stay within two levels down to `draft`.
 */
export const x264: Record<VideoPreset, string[]> = {
  draft: ['-preset', 'ultrafast', '-crf', '20', '-x264-params', 'chroma-qp-offset=-3'],
  good: ['-preset', 'ultrafast', '-crf', '18', '-x264-params', goodTools],
  archive: ['-preset', 'slow', '-crf', '12'],
}
const vp9: Record<VideoPreset, string[]> = {
  draft: ['-crf', '34', '-deadline', 'realtime', '-cpu-used', '7'],
  good: ['-crf', '26', '-deadline', 'good', '-cpu-used', '4'],
  archive: ['-crf', '14', '-deadline', 'good', '-cpu-used', '1'],
}
const webpQuality: Record<VideoPreset, string> = { draft: '60', good: '80', archive: '95' }
const gifDither: Record<VideoPreset, string> = {
  draft: 'bayer:bayer_scale=3',
  good: 'sierra2_4a',
  archive: 'floyd_steinberg',
}
const hardwareQuality: Record<VideoPreset, number> = { draft: 27, good: 21, archive: 15 }
const hardwareSpeed: Record<VideoPreset, string> = { draft: 'fast', good: 'medium', archive: 'slow' }

/** The decoder of any player then knows the matrix, the range and the transfer curve instead of guessing by size. */
const bt709 = [
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
  '-colorspace',
  'bt709',
  '-color_range',
  'tv',
]

/**
 * Arguments that read raw frames from stdin and write one finished file.
 *
 * @param file where to write; its extension does not matter, the container is named.
 */
export function encodeArguments(settings: EncodeSettings, file: string): string[] {
  const { format, width, height, frameRate } = settings
  const pixels = pipeFormatOf(format)
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    pixels,
    '-video_size',
    `${width}x${height}`,
    '-framerate',
    formatFrameRate(frameRate),
  ]
  return [
    '-hide_banner',
    '-loglevel',
    'error',
    '-nostats',
    '-y',
    ...input,
    ...(pixels === 'yuv420p' ? bt709 : []),
    '-i',
    'pipe:0',
    '-an',
    '-threads',
    String(settings.threads),
    ...outputArguments(settings),
    file,
  ]
}

function outputArguments(settings: EncodeSettings): string[] {
  const { format, preset, frameRate } = settings
  const codec = ['-c:v', encoderNameOf(format, settings.encoder)]
  switch (format) {
    case 'mp4':
      // A key frame every two seconds: scrubbing stays quick, and files grow by little.
      return [
        ...codec,
        ...h264Arguments(settings),
        ...bt709,
        '-g',
        String(Math.max(10, Math.round(2 * framesPerSecond(frameRate)))),
        '-movflags',
        '+faststart+write_colr',
        '-f',
        'mp4',
      ]
    case 'webm':
      return [
        ...codec,
        ...vp9[preset],
        '-b:v',
        '0',
        '-row-mt',
        '1',
        '-tile-columns',
        '1',
        '-pix_fmt',
        'yuv420p',
        ...bt709,
        '-f',
        'webm',
      ]
    case 'webp':
      return [
        ...codec,
        '-lossless',
        '0',
        '-quality',
        webpQuality[preset],
        '-pix_fmt',
        'bgra',
        '-loop',
        '0',
        '-f',
        'webp',
      ]
    case 'gif':
      // A palette per frame: one for the whole clip would need every frame in memory first.
      return [
        '-filter_complex',
        `[0:v]split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=${gifDither[preset]}`,
        ...codec,
        '-loop',
        '0',
        '-f',
        'gif',
      ]
    case 'mkv':
      return [
        ...codec,
        '-level',
        '3',
        '-g',
        '1',
        '-slices',
        '4',
        '-slicecrc',
        '1',
        '-pix_fmt',
        'bgr0',
        '-f',
        'matroska',
      ]
  }
}

/** Encoder settings for H.264, without its name. */
export function h264Arguments({ encoder, preset }: EncodeSettings): string[] {
  const quality = hardwareQuality[preset]
  switch (encoder) {
    case 'software':
      return [...x264[preset], '-pix_fmt', 'yuv420p']
    case 'nvenc':
      return [
        '-preset',
        hardwareSpeed[preset],
        '-rc',
        'vbr',
        '-cq',
        String(quality),
        '-b:v',
        '0',
        '-pix_fmt',
        'yuv420p',
      ]
    case 'qsv':
      return ['-preset', hardwareSpeed[preset], '-global_quality', String(quality), '-pix_fmt', 'nv12']
    case 'videotoolbox':
      return ['-q:v', String(110 - 2 * quality), '-pix_fmt', 'yuv420p']
  }
}
