/** From format, preset and encoder to the arguments of ffmpeg. They suit builds from 2018 on. */
import type { VideoEncoder, VideoFormat, VideoPreset } from '../../../shared/contract/videos.ts'
import { formatFrameRate, framesPerSecond, type FrameRate } from '../../../shared/domain/frameRate.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import { runProcess } from '../processes/runProcess.ts'
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

const hardware = ['nvenc', 'qsv', 'videotoolbox'] as const
type Hardware = (typeof hardware)[number]

const hardwareNames: Record<Hardware, string> = {
  nvenc: 'NVIDIA NVENC',
  qsv: 'Intel Quick Sync Video',
  videotoolbox: 'Apple VideoToolbox',
}

/** Name of ffmpeg's encoder for a format. */
export function encoderNameOf(format: VideoFormat, encoder: EncodeSettings['encoder']): string {
  if (format === 'mp4') return encoder === 'software' ? 'libx264' : `h264_${encoder}`
  return { webm: 'libvpx-vp9', webp: 'libwebp_anim', gif: 'gif', mkv: 'ffv1' }[format]
}

const goodTools =
  'cabac=1:deblock=0,0:8x8dct=1:aq-mode=1:mbtree=1:rc-lookahead=5:bframes=3:b-adapt=0:subme=1:scenecut=40'

/**
 * x264: constant rate factor and speed. `good` is `ultrafast` with the tools that save most bits switched on again: at
 * the quality and size of `veryfast` (measured: 44 dB) it takes little more than half the time. Flat colours stay within
 * two levels down to `draft`.
 */
export const x264: Record<VideoPreset, string[]> = {
  draft: ['-preset', 'ultrafast', '-crf', '20', '-x264-params', 'chroma-qp-offset=-3'],
  good: ['-preset', 'ultrafast', '-crf', '17', '-x264-params', goodTools],
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
        ...h264(settings),
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

function h264({ encoder, preset }: EncodeSettings): string[] {
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

/**
 * Turns the encoder asked for into one that works here, by encoding a frame with it.
 *
 * @returns never `auto`: that becomes the first hardware encoder that works, else `software`.
 * @throws AppError `unsupported` when the encoder asked for by name does not work, with ffmpeg's own reason.
 */
export async function chooseEncoder(
  ffmpeg: Ffmpeg,
  format: VideoFormat,
  preset: VideoPreset,
  wanted: VideoEncoder,
): Promise<EncodeSettings['encoder']> {
  if (wanted === 'auto') {
    if (format !== 'mp4') return requireSoftware(ffmpeg, format)
    for (const candidate of hardware) {
      if ((await hardwareProblem(ffmpeg, preset, candidate)) === undefined) return candidate
    }
    return requireSoftware(ffmpeg, format)
  }
  if (wanted === 'software') return requireSoftware(ffmpeg, format)
  if (format !== 'mp4') {
    throw new AppError('usage', `${hardwareNames[wanted]} writes H.264 in MP4, not ${format}.`, {
      hint: 'Use --format mp4, or leave the encoder out.',
    })
  }
  const problem = await hardwareProblem(ffmpeg, preset, wanted)
  if (problem === undefined) return wanted
  throw new AppError(
    'unsupported',
    `${hardwareNames[wanted]} was asked for but does not work here: ${problem}`,
    {
      hint: 'Leave the encoder out to encode on the CPU, or use --encoder auto.',
    },
  )
}

function requireSoftware(ffmpeg: Ffmpeg, format: VideoFormat): 'software' {
  const name = encoderNameOf(format, 'software')
  if (ffmpeg.encoders.has(name)) return 'software'
  throw new AppError(
    'unsupported',
    `The ffmpeg at ${ffmpeg.path} was built without ${name}, which ${format} needs.`,
    {
      hint: 'Use another --format, or set FFMPEG_PATH to a complete ffmpeg.',
    },
  )
}

/** Why a hardware encoder cannot be used; `undefined` when it has just encoded a frame. */
async function hardwareProblem(
  ffmpeg: Ffmpeg,
  preset: VideoPreset,
  encoder: Hardware,
): Promise<string | undefined> {
  const name = encoderNameOf('mp4', encoder)
  if (!ffmpeg.encoders.has(name)) return `this ffmpeg was built without ${name}.`
  const settings: EncodeSettings = {
    format: 'mp4',
    preset,
    encoder,
    frameRate: { numerator: 10, denominator: 1 },
    width: 320,
    height: 240,
    threads: 1,
  }
  const args = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-f',
    'lavfi',
    '-i',
    'color=black:s=320x240:r=10',
    '-frames:v',
    '1',
    ...h264(settings),
    '-c:v',
    name,
    '-f',
    'null',
    '-',
  ]
  try {
    await runProcess({ file: ffmpeg.path, args })
    return undefined
  } catch (error) {
    const lines = error instanceof AppError ? error.details?.lastLines : undefined
    return Array.isArray(lines) && lines.length > 0 ? String(lines[0]) : (error as Error).message
  }
}
