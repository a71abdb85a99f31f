/** The header of a JPEG as Pillow 10.4 reads it (`JpegImagePlugin.py`): everything up to the first scan. */
import type { ImageHeader } from './rgbImage.ts'
import { unreadable, type Subject } from './unreadable.ts'

/** Segments that begin a frame: all of C0..CF except tables (C4), extensions (C8) and arithmetic conditioning (CC). */
const isFrameStart = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const restartInterval = 0xdd
const startOfScan = 0xda
const endOfImage = 0xd9
const app0 = 0xe0
const app14 = 0xee
const comment = 0xfe

export type JpegHeader = ImageHeader & {
  /** Byte ranges `[start, end)` of the segments before the first scan that decide the pixels. */
  segments: [number, number][]
  /** Where the first scan begins. */
  scanOffset: number
  hasRestarts: boolean
  /** Whether scans may follow the first: it is progressive, or holds only some components. */
  hasManyScans: boolean
}

/** Reads the segments up to the first scan. @throws AppError `unreadable` */
export function readJpegHeader(bytes: Uint8Array, subject: Subject): JpegHeader {
  const segments: [number, number][] = [[0, 2]]
  let frame: Frame | undefined
  let hasRestarts = false
  let offset = 2
  for (;;) {
    // Like Pillow and libjpeg: skip what lies between segments, and fill bytes before a marker.
    while (offset < bytes.length && bytes[offset] !== 0xff) offset += 1
    while (offset < bytes.length && bytes[offset] === 0xff) offset += 1
    const marker = bytes[offset]
    if (marker === undefined) throw unreadable(subject, 'the JPEG ends within its header')
    const start = offset - 1
    offset += 1
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) continue
    if (marker === endOfImage) throw unreadable(subject, 'the JPEG holds no picture')
    if (marker === startOfScan) {
      if (!frame) throw unreadable(subject, 'the JPEG has picture data but no header that gives its size')
      const { isProgressive, components, ...header } = frame
      const hasManyScans = isProgressive || bytes[offset + 2]! < components
      return { ...header, segments, scanOffset: start, hasRestarts, hasManyScans }
    }
    const length = offset + 2 <= bytes.length ? bytes[offset]! * 256 + bytes[offset + 1]! : 0
    const end = offset + length
    if (length < 2 || end > bytes.length) throw unreadable(subject, 'the JPEG ends within its header')
    const body = bytes.subarray(offset + 2, end)
    if (isFrameStart(marker)) frame = readFrame(marker, body, subject)
    if (marker === restartInterval) hasRestarts = body.some((byte) => byte !== 0)
    const isJfif = marker === app0 && startsWith(body, 'JFIF\0')
    const isAdobe = marker === app14 && startsWith(body, 'Adobe') && body.length >= 12
    const isMetadata = (marker >= app0 && marker <= 0xef) || marker === comment
    if (!isMetadata || isJfif || isAdobe) segments.push([start, end])
    offset = end
  }
}

type Frame = ImageHeader & { isProgressive: boolean; components: number }

function readFrame(marker: number, body: Uint8Array, subject: Subject): Frame {
  if (body.length < 6) throw unreadable(subject, 'the JPEG ends within its header')
  const [bits, , , , , components] = body
  const mode = { 1: 'L', 3: 'RGB', 4: 'CMYK' }[components!]
  if (bits !== 8) throw unreadable(subject, `a JPEG with ${bits} bits per sample is not supported`)
  if (mode === undefined) throw unreadable(subject, `a JPEG with ${components} components is not supported`)
  const height = body[1]! * 256 + body[2]!
  const width = body[3]! * 256 + body[4]!
  if (width === 0 || height === 0) throw unreadable(subject, 'the JPEG header gives a size of zero')
  const isProgressive = marker === 0xc2 || marker === 0xca
  return { format: 'jpeg', mode, width, height, isProgressive, components: components! }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return (
    text.length <= bytes.length && [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
  )
}
