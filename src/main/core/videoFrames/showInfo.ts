/** What ffmpeg's `showinfo` filter and its banner say about a video, line by line. */

/** A frame as it left the decoder. */
export type DecodedFrame = {
  /** Presentation time in units of the stream's time base; `undefined` where the file has none. */
  pts: number | undefined
  /** Adler-32 of the decoded planes: the same number means the same picture. */
  checksum: string
  width: number
  height: number
  /** ffmpeg's name of the pixel format, such as `yuv420p10le`. */
  pixelFormat: string
}

/** Reads a line about a frame; `undefined` for other lines. */
export function parseFrameLine(line: string): DecodedFrame | undefined {
  const found =
    /showinfo.*\bn: *\d+ +pts: *(-?\d+|NOPTS) .*\bfmt:(\w+) .*\bs:(\d+)x(\d+) .*\bchecksum:([0-9A-F]+)/.exec(
      line,
    )
  if (!found) return undefined
  const [, pts, pixelFormat, width, height, checksum] = found
  return {
    pts: pts === 'NOPTS' ? undefined : Number(pts),
    checksum,
    width: Number(width),
    height: Number(height),
    pixelFormat,
  }
}

/** Seconds of one tick of `pts`, from the filter's first line. */
export function parseTimeBase(line: string): number | undefined {
  const found = /showinfo.*config in time_base: (\d+)\/(\d+)/.exec(line)
  return found ? Number(found[1]) / Number(found[2]) : undefined
}

/** Time at which the file begins, and how long it is, in seconds, from `Duration: 00:00:12.00, start: 0.000000`. */
export function parseDuration(line: string): { startSeconds: number; durationSeconds: number } | undefined {
  const found = /^ *Duration: (?:(\d+):(\d+):([\d.]+)|N\/A)(?:, start: (-?[\d.]+))?/.exec(line)
  if (!found) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', start = '0'] = found
  return {
    durationSeconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    startSeconds: Number(start),
  }
}

/** The line about the video stream that is read: codec, and frames per second where it says so. */
export function parseStream(
  line: string,
): { codec: string; framesPerSecond: number | undefined } | undefined {
  const found = /^ *Stream #0:.*: Video: (\w+)/.exec(line)
  if (!found) return undefined
  const rate = /, ([\d.]+)(k?) (?:fps|tbr)\b/.exec(line)
  return {
    codec: found[1],
    framesPerSecond: rate ? Number(rate[1]) * (rate[2] === 'k' ? 1000 : 1) : undefined,
  }
}

/** Whether a frame says which matrix turns its YUV into RGB; undefined for lines that do not speak of it. */
export function parseHasMatrix(line: string): boolean | undefined {
  const found = /showinfo.*color_space:(\w+)/.exec(line)
  return found ? found[1] !== 'unknown' : undefined
}
