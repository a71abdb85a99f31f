/**
 * WebP as Pillow 10.4 reads it (libwebp's `WebPAnimDecoder`): the first frame on an empty canvas, alpha dropped and
 * hidden colours kept. The frame's own bytes are wrapped anew, so that sharp sees a single picture without profile,
 * orientation or animation.
 */
import type { ImageHeader, RgbPixels } from './rgbImage.ts'
import { unreadable, type Subject } from './unreadable.ts'

type Chunk = { type: string; body: Uint8Array }
/** Where a frame lies on the canvas, its size and its chunks. */
type Frame = {
  x: number
  y: number
  width: number
  height: number
  hasAlpha: boolean
  alpha: Uint8Array | undefined
  bitstream: Chunk
}

const animationFlag = 2
const alphaFlag = 16
const cutOff = 'the WebP is cut off: the file ends before the picture does'
const broken = 'the WebP contradicts itself about its size or frames'

/** Canvas size and mode from the first 30 bytes. @throws AppError `unreadable` */
export function readWebpHeader(bytes: Uint8Array, subject: Subject): ImageHeader {
  const type = chunkType(bytes, 12)
  const body = bytes.subarray(20)
  if (type === 'VP8X') {
    if (body.length < 10) throw unreadable(subject, cutOff)
    const mode = (body[0]! & alphaFlag) !== 0 ? 'RGBA' : 'RGB'
    return { format: 'webp', mode, width: uint24(body, 4) + 1, height: uint24(body, 7) + 1 }
  }
  const { width, height, hasAlpha } = frameOf([{ type, body }], 0, 0, subject)
  return { format: 'webp', mode: hasAlpha ? 'RGBA' : 'RGB', width, height }
}

/** The first frame. Checks that every chunk and frame is whole, as libwebp's demultiplexer does. */
function firstFrame(bytes: Uint8Array, canvas: ImageHeader, subject: Subject): Frame {
  const riffEnd = 8 + viewOf(bytes).getUint32(4, true)
  if (riffEnd > bytes.length) throw unreadable(subject, cutOff)
  const body = bytes.subarray(12, riffEnd)
  const [first] = readChunks(body, subject)
  if (first?.type !== 'VP8X') return frameOf(first ? [first] : [], 0, 0, subject)
  const chunks = [...readChunks(body, subject)]
  if ((first.body[0]! & animationFlag) === 0) {
    const begin = chunks.findIndex(({ type }) => ['ALPH', 'VP8 ', 'VP8L'].includes(type))
    const frame = frameOf(chunks.slice(Math.max(0, begin)), 0, 0, subject)
    if (frame.width !== canvas.width || frame.height !== canvas.height) throw unreadable(subject, broken)
    return frame
  }
  const frames = chunks
    .filter(({ type }) => type === 'ANMF')
    .map(({ body: animated }) => {
      const [x, y] = [uint24(animated, 0) * 2, uint24(animated, 3) * 2]
      const frame = frameOf([...readChunks(animated.subarray(16), subject)], x, y, subject)
      const fits = x + frame.width <= canvas.width && y + frame.height <= canvas.height
      if (!fits) throw unreadable(subject, broken)
      return frame
    })
  if (!frames[0] || !chunks.some(({ type }) => type === 'ANIM')) throw unreadable(subject, broken)
  return frames[0]
}

/** The frame that these chunks begin with: a VP8L stream, or a VP8 stream, perhaps behind its alpha. */
function frameOf(chunks: Chunk[], x: number, y: number, subject: Subject): Frame {
  const alpha = chunks[0]?.type === 'ALPH' ? chunks[0].body : undefined
  const bitstream = chunks[alpha ? 1 : 0]
  const size = bitstream && bitstreamSize(bitstream)
  if (!size || (alpha && bitstream.type !== 'VP8 ')) throw unreadable(subject, 'the WebP holds no picture')
  return { x, y, ...size, alpha, bitstream }
}

/** Decodes the first frame to RGB. The caller has checked the size. @throws AppError `unreadable` */
export async function decodeWebp(bytes: Uint8Array, subject: Subject): Promise<ImageHeader & RgbPixels> {
  const header = readWebpHeader(bytes, subject)
  const { format, mode, width, height } = header
  const frame = firstFrame(bytes, header, subject)
  // Loaded when it is needed: the start of every thread would wait for it, and few ever need it.
  const { sharp } = await import('./sharp.ts')
  const decoded = await sharp(wrapFrame(frame), {
    failOn: 'truncated',
    limitInputPixels: false,
    ignoreIcc: true,
  })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw unreadable(subject, 'the data of the WebP is damaged or cut off', cause)
    })
  const { info, data: samples } = decoded
  if (info.channels === 3 && info.width === width && info.height === height)
    return { format, mode, width, height, data: samples }
  const data = new Uint8Array(width * height * 3)
  for (let row = 0, from = 0; row < info.height; row++) {
    let to = ((frame.y + row) * width + frame.x) * 3
    for (let column = 0; column < info.width; column++, from += info.channels, to += 3) {
      data[to] = samples[from]!
      data[to + 1] = samples[from + 1]!
      data[to + 2] = samples[from + 2]!
    }
  }
  return { format, mode, width, height, data }
}

/** The chunks of a RIFF body, in order, each with its padding. @throws AppError where one is cut off. */
function* readChunks(bytes: Uint8Array, subject: Subject): Generator<Chunk> {
  const view = viewOf(bytes)
  for (let offset = 0; offset < bytes.length;) {
    const length = offset + 8 <= bytes.length ? view.getUint32(offset + 4, true) : Infinity
    const end = offset + 8 + length + (length & 1)
    if (end > bytes.length) throw unreadable(subject, cutOff)
    yield { type: chunkType(bytes, offset), body: bytes.subarray(offset + 8, offset + 8 + length) }
    offset = end
  }
}

/** Size and alpha bit from the first bytes of a VP8 or VP8L stream; nothing where they are not such bytes. */
function bitstreamSize({
  type,
  body,
}: Chunk): { width: number; height: number; hasAlpha: boolean } | undefined {
  if (type === 'VP8 ') {
    const view = viewOf(body)
    if (body.length < 10 || body[3] !== 0x9d || body[4] !== 0x01 || body[5] !== 0x2a) return undefined
    return {
      width: view.getUint16(6, true) & 0x3fff,
      height: view.getUint16(8, true) & 0x3fff,
      hasAlpha: false,
    }
  }
  if (type !== 'VP8L' || body.length < 5 || body[0] !== 0x2f) return undefined
  const bits = viewOf(body).getUint32(1, true)
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >> 14) & 0x3fff) + 1,
    hasAlpha: ((bits >> 28) & 1) === 1,
  }
}

/** A WebP file of this one frame: extended with its alpha plane, or simple. */
function wrapFrame({ width, height, alpha, bitstream }: Frame): Buffer {
  const chunks: Chunk[] = [bitstream]
  if (alpha && bitstream.type === 'VP8 ') {
    const extended = Buffer.alloc(10)
    extended[0] = 0x10
    extended.writeUIntLE(width - 1, 4, 3)
    extended.writeUIntLE(height - 1, 7, 3)
    chunks.unshift({ type: 'VP8X', body: extended }, { type: 'ALPH', body: alpha })
  }
  const parts = chunks.flatMap(({ type, body }) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32LE(body.length, 4)
    return [head, body, Buffer.alloc(body.length & 1)]
  })
  const riff = Buffer.alloc(12)
  riff.write('RIFF', 'latin1')
  riff.writeUInt32LE(4 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  riff.write('WEBP', 8, 'latin1')
  return Buffer.concat([riff, ...parts])
}

const chunkType = (bytes: Uint8Array, offset: number) =>
  Buffer.from(bytes.subarray(offset, offset + 4)).toString('latin1')
const uint24 = (bytes: Uint8Array, offset: number) =>
  bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16)
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
