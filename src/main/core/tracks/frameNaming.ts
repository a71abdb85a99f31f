/**
 * How file names say where a frame stands. The recording tools write `file_num<N>_frame_<M>`; everybody else numbers
 * frames, one folder per sequence, and says so with a pattern.
 */
import { parseFrameName, type FramePosition } from '../../../shared/domain/frameName.ts'
import { AppError } from '../../../shared/errors.ts'

/** Reads positions from file names. */
export type FrameNaming = {
  /** True when the pattern has no recording: all frames of one folder are one track, whatever the gaps. */
  isFolderOneTrack: boolean
  /** The position in a file name (no folder), `undefined` when the name has another form. */
  parse(fileName: string): FramePosition | undefined
}

/** The names `frames_to_video.py` and the benchmark scripts know. */
export const recordedNaming: FrameNaming = { isFolderOneTrack: false, parse: parseFrameName }

const recordingFields = ['recording', 'file', 'track']

/**
 * Reads a naming pattern. Five forms, tried in this order; all but a regular expression are matched against the
 * whole name, with or without its extension:
 *
 * - `numbered`: the last number of the name is the frame (`shot_a_0012.png` is frame 12)
 * - `frame_{frame}.png`, `{recording}-{frame}`: named numbers; `{file}` and `{track}` mean `{recording}`
 * - `frame_%05d.png`: the printf form ffmpeg uses, one number
 * - `clip(\d+)_(\d+)`: a regular expression, searched anywhere; one group is the frame, two are recording and frame,
 *   or groups named `recording` and `frame`
 * - `render_*.png`: only such files; the last number of the name is the frame
 *
 * @throws AppError `usage` when the pattern has none of these forms.
 */
export function frameNaming(pattern: string | undefined): FrameNaming {
  if (pattern === undefined || pattern === '') return recordedNaming
  if (pattern === 'numbered') return { isFolderOneTrack: true, parse: lastNumber }
  if (pattern.includes('{')) return templateNaming(pattern)
  if (/%0?\d*d/.test(pattern)) return templateNaming(pattern.replace(/%0?\d*d/, '{frame}'))
  if (pattern.includes('(')) return expressionNaming(pattern)
  if (/[*?]/.test(pattern)) return globNaming(pattern)
  throw badPattern(pattern, 'it does not say where the frame number stands')
}

function lastNumber(fileName: string): FramePosition | undefined {
  const numbers = withoutExtension(fileName).match(/\d+/g)
  return numbers ? { recording: 0, frame: Number(numbers.at(-1)) } : undefined
}

function templateNaming(pattern: string): FrameNaming {
  const fields = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, field]) =>
    recordingFields.includes(field) ? 'recording' : field,
  )
  const unknown = fields.find((field) => field !== 'frame' && field !== 'recording')
  if (unknown !== undefined)
    throw badPattern(pattern, `{${unknown}} is not known; use {frame} and {recording}`)
  if (fields.filter((field) => field === 'frame').length !== 1)
    throw badPattern(pattern, 'it needs {frame} exactly once')
  if (fields.length > 2) throw badPattern(pattern, 'it may hold {recording} only once')
  const source = pattern
    .split(/(\{\w+\}|[*?])/)
    .map((part) => {
      if (part === '*') return '.*'
      if (part === '?') return '.'
      if (part.startsWith('{')) return `(?<${part === '{frame}' ? 'frame' : 'recording'}>\\d+)`
      return escapeExpression(part)
    })
    .join('')
  return namingOf(new RegExp(`^${source}$`), fields.includes('recording'))
}

function expressionNaming(pattern: string): FrameNaming {
  let expression: RegExp
  let groups: number
  try {
    expression = new RegExp(pattern)
    groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1
  } catch (error) {
    throw badPattern(pattern, (error as Error).message)
  }
  if (groups < 1) throw badPattern(pattern, 'it has no group for the frame number')
  const hasRecording = groups >= 2 || pattern.includes('(?<recording>')
  return namingOf(expression, hasRecording)
}

function globNaming(pattern: string): FrameNaming {
  const source = pattern
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escapeExpression(part)))
    .join('')
  const expression = new RegExp(`^${source}$`)
  return {
    isFolderOneTrack: true,
    parse: (fileName) => (matchName(expression, fileName) ? lastNumber(fileName) : undefined),
  }
}

function namingOf(expression: RegExp, hasRecording: boolean): FrameNaming {
  return {
    isFolderOneTrack: !hasRecording,
    parse(fileName) {
      const match = matchName(expression, fileName)
      if (!match) return undefined
      const frame = match.groups?.frame ?? (hasRecording ? match[2] : match[1])
      const recording = hasRecording ? (match.groups?.recording ?? match[1]) : '0'
      if (!/^\d+$/.test(frame ?? '') || !/^\d+$/.test(recording ?? '')) return undefined
      return { recording: Number(recording), frame: Number(frame) }
    },
  }
}

const matchName = (expression: RegExp, fileName: string) =>
  expression.exec(fileName) ?? expression.exec(withoutExtension(fileName))
const withoutExtension = (fileName: string) => fileName.replace(/\.[^.]+$/, '')
const escapeExpression = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function badPattern(pattern: string, reason: string): AppError {
  return new AppError('usage', `The naming pattern "${pattern}" cannot be used: ${reason}.`, {
    hint: 'Examples: --pattern numbered, --pattern "frame_{frame}.png", --pattern "{recording}_{frame}".',
  })
}
