/**
 * JPEG as Pillow 10.4 reads it (`JpegImagePlugin.py`, libjpeg-turbo with default settings). sharp decodes, given only
 * the segments that change pixels: no profiles, no orientation, no gain maps. Like Pillow it passes over damage within
 * the data as libjpeg does, and refuses data that ends too early.
 */
import { misplacedMarker } from './jpegMarkers.ts'
import type { ImageHeader, RgbPixels } from './rgbImage.ts'
import { sharp } from './sharp.ts'
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

type JpegHeader = ImageHeader & {
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

/** Decodes to RGB. The caller has checked the size. @throws AppError `unreadable` */
export async function decodeJpeg(bytes: Uint8Array, subject: Subject): Promise<ImageHeader & RgbPixels> {
  const header = readJpegHeader(bytes, subject)
  if (misplacedMarker(bytes, header.scanOffset, header) !== undefined) {
    throw unreadable(subject, 'the data of the JPEG is damaged')
  }
  const plain = Buffer.concat([
    ...header.segments.map(([start, stop]) => bytes.subarray(start, stop)),
    bytes.subarray(header.scanOffset),
  ])
  const { format, mode, width, height } = header
  const isCmyk = mode === 'CMYK'
  const pipeline = sharp(plain, {
    failOn: 'truncated',
    limitInputPixels: false,
    ignoreIcc: true,
    sequentialRead: true,
  })
  if (isCmyk) pipeline.pipelineColourspace('cmyk').toColourspace('cmyk')
  const decoded = await pipeline
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      const isCutOff = /premature end/i.test(String(cause))
      throw unreadable(
        subject,
        isCutOff
          ? 'the JPEG is cut off: the file ends before the picture does'
          : 'the data of the JPEG is damaged',
        cause,
      )
    })
  if (decoded.info.width !== width || decoded.info.height !== height) {
    throw unreadable(subject, 'the JPEG contradicts itself about its size')
  }
  const { channels } = decoded.info
  const data = isCmyk ? rgbFromCmyk(decoded.data) : channels === 1 ? rgbFromGrey(decoded.data) : decoded.data
  return { format, mode, width, height, data }
}

/**
 * Pillow's conversion from CMYK (`Convert.c`: `cmyk2rgb`). Both libvips and Pillow take every CMYK JPEG as stored
 * inverted, as Adobe does, and have turned the samples round.
 */
function rgbFromCmyk(cmyk: Uint8Array): Uint8Array {
  const data = new Uint8Array((cmyk.length / 4) * 3)
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const white = 255 - cmyk[from + 3]!
    for (let channel = 0; channel < 3; channel++) {
      const product = cmyk[from + channel]! * white + 128
      data[to + channel] = Math.max(0, white - (((product >> 8) + product) >> 8))
    }
  }
  return data
}

function rgbFromGrey(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3)
  for (let from = 0, to = 0; from < grey.length; from++, to += 3)
    data[to] = data[to + 1] = data[to + 2] = grey[from]!
  return data
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return (
    text.length <= bytes.length && [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
  )
}
