/** Which encoder really works here: asked by encoding a frame, since a list of names proves nothing. */
import type { VideoEncoder, VideoFormat, VideoPreset } from '../../../shared/contract/videos.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Ffmpeg } from '../ffmpeg/findFfmpeg.ts'
import { runProcess } from '../processes/runProcess.ts'
import { encoderNameOf, h264Arguments, type EncodeSettings } from './encoding.ts'

const hardware = ['nvenc', 'qsv', 'videotoolbox'] as const
type Hardware = (typeof hardware)[number]

const hardwareNames: Record<Hardware, string> = {
  nvenc: 'NVIDIA NVENC',
  qsv: 'Intel Quick Sync Video',
  videotoolbox: 'Apple VideoToolbox',
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
    ...h264Arguments(settings),
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
