/**
 * PNG as Pillow 10.4 reads it (`PngImagePlugin.py`, `ZipDecode.c`): which samples, which depth, which damage is an
 * error. Gamma, profiles, transparency and orientation do not change the samples. An animated PNG gives its first
 * picture.
 */
import { crc32 } from 'node:zlib'
import { adam7Passes, type Adam7Pass } from './adam7.ts'
import { cutOff, inflateAtMost } from './inflate.ts'
import { unpackGrey, unpackPalette, unpackTruecolour, type RowUnpacker } from './pngRows.ts'
import type { ImageHeader, RgbPixels } from './rgbImage.ts'
import { unfilterRows } from './unfilter.ts'
import { unreadable, type Subject } from './unreadable.ts'

export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

const greyscale = 0
const truecolour = 2
const indexed = 3
const greyscaleAlpha = 4
const truecolourAlpha = 6

/** Pillow's mode for each colour type and bit depth that PNG allows. */
const modes: Record<number, Record<number, string>> = {
  [greyscale]: { 1: '1', 2: 'L', 4: 'L', 8: 'L', 16: 'I;16' },
  [truecolour]: { 8: 'RGB', 16: 'RGB' },
  [indexed]: { 1: 'P', 2: 'P', 4: 'P', 8: 'P' },
  // Pillow reads 16-bit grey with alpha as colour.
  [greyscaleAlpha]: { 8: 'LA', 16: 'RGBA' },
  [truecolourAlpha]: { 8: 'RGBA', 16: 'RGBA' },
}
const samplesPerPixel: Record<number, number> = {
  [greyscale]: 1,
  [truecolour]: 3,
  [indexed]: 1,
  [greyscaleAlpha]: 2,
  [truecolourAlpha]: 4,
}

type PngHeader = ImageHeader & { bitDepth: number; colourType: number; isInterlaced: boolean }

/** Reads the first chunk. @throws AppError `unreadable` */
export function readPngHeader(bytes: Uint8Array, subject: Subject): PngHeader {
  const chunk = readChunk(bytes, pngSignature.length)
  if (chunk?.type !== 'IHDR' || chunk.data.length < 13)
    throw unreadable(subject, 'the PNG header is missing or cut off')
  const view = viewOf(chunk.data)
  const [bitDepth, colourType, , filterMethod, interlace] = chunk.data.subarray(8, 13)
  const mode = modes[colourType!]?.[bitDepth!]
  if (mode === undefined || filterMethod !== 0)
    throw unreadable(subject, 'the PNG header names a pixel layout that does not exist')
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width === 0 || height === 0) throw unreadable(subject, 'the PNG header gives a size of zero')
  return {
    format: 'png',
    mode,
    width,
    height,
    bitDepth: bitDepth!,
    colourType: colourType!,
    isInterlaced: interlace !== 0,
  }
}

/** Decodes to RGB. The caller has checked the size. @throws AppError `unreadable` */
export async function decodePng(bytes: Uint8Array, subject: Subject): Promise<ImageHeader & RgbPixels> {
  const header = readPngHeader(bytes, subject)
  const { palette, idat } = readChunks(bytes, subject)
  const { width, height, bitDepth, colourType } = header
  const bitsPerPixel = samplesPerPixel[colourType]! * bitDepth
  const passes = header.isInterlaced
    ? adam7Passes(width, height)
    : [{ width, height, x: 0, y: 0, stepX: 1, stepY: 1 }]
  const rowBytes = (pass: Adam7Pass) => Math.ceil((pass.width * bitsPerPixel) / 8)
  const inflatedBytes = passes.reduce((sum, pass) => sum + pass.height * (rowBytes(pass) + 1), 0)

  let rows = await inflateAtMost(idat, inflatedBytes, subject)
  if (rows.length < inflatedBytes) {
    // A stream that ends in good order after any row leaves the other rows empty in Pillow.
    if (!endsWithRow(rows.length, passes, rowBytes)) throw unreadable(subject, cutOff)
    const padded = new Uint8Array(inflatedBytes)
    padded.set(rows)
    rows = padded
  }
  const unpack = rowUnpacker(header, palette)
  const data = new Uint8Array(width * height * 3)
  let offset = 0
  for (const pass of passes) {
    const length = rowBytes(pass)
    const passRows = rows.subarray(offset, offset + pass.height * (length + 1))
    if (!unfilterRows(passRows, pass.height, length, Math.ceil(bitsPerPixel / 8))) {
      throw unreadable(subject, 'a row of the PNG names a filter that does not exist')
    }
    for (let row = 0; row < pass.height; row++) {
      const start = row * (length + 1) + 1
      const target = ((pass.y + row * pass.stepY) * width + pass.x) * 3
      unpack(passRows, start, pass.width, data, target, pass.stepX * 3)
    }
    offset += passRows.length
  }
  const { format, mode } = header
  return { format, mode, width, height, data }
}

function rowUnpacker({ colourType, bitDepth }: PngHeader, palette: Uint8Array): RowUnpacker {
  if (colourType === indexed) return unpackPalette(bitDepth, palette)
  if (colourType === greyscale || colourType === greyscaleAlpha)
    return unpackGrey(bitDepth, samplesPerPixel[colourType]!)
  return unpackTruecolour(bitDepth, samplesPerPixel[colourType]!)
}

type Chunk = { type: string; data: Uint8Array; isWhole: boolean; crcMatches: boolean; next: number }

/** The chunk that begins at `offset`, cut off where the file ends; nothing where no chunk begins. */
function readChunk(bytes: Uint8Array, offset: number): Chunk | undefined {
  if (offset + 8 > bytes.length) return undefined
  const view = viewOf(bytes)
  const length = view.getUint32(offset)
  const type = Buffer.from(bytes.buffer, bytes.byteOffset + offset + 4, 4).toString('latin1')
  if (!/^\w{4}$/.test(type)) return undefined
  const end = offset + 8 + length
  const data = bytes.subarray(offset + 8, Math.min(end, bytes.length))
  return {
    type,
    data,
    isWhole: data.length === length,
    get crcMatches() {
      return end + 4 <= bytes.length && crc32(bytes.subarray(offset + 4, end)) === view.getUint32(end)
    },
    next: end + 4,
  }
}

/** The palette and the compressed picture. Like Pillow, checksums count before the picture's data and not after. */
function readChunks(bytes: Uint8Array, subject: Subject): { palette: Uint8Array; idat: Uint8Array[] } {
  let palette: Uint8Array = new Uint8Array(0)
  let offset = pngSignature.length
  let chunk: Chunk | undefined
  for (; ; offset = chunk.next) {
    chunk = readChunk(bytes, offset)
    if (!chunk) throw unreadable(subject, 'the PNG ends before its picture begins')
    if (chunk.type === 'IDAT') break
    if (chunk.type === 'IEND') throw unreadable(subject, 'the PNG holds no picture')
    if (!chunk.isWhole) throw unreadable(subject, `the PNG ends within its chunk ${chunk.type}`)
    if (!chunk.crcMatches)
      throw unreadable(
        subject,
        `the checksum of the PNG chunk ${chunk.type} does not match: the file is damaged`,
      )
    if (chunk.type === 'PLTE') palette = chunk.data
  }
  if (palette.length > 768) throw unreadable(subject, 'the PNG palette has more than 256 colours')

  const idat: Uint8Array[] = []
  for (; chunk?.type === 'IDAT'; chunk = readChunk(bytes, chunk.next)) {
    idat.push(chunk.data)
    if (!chunk.isWhole) return { palette, idat }
  }
  for (; chunk && chunk.type !== 'IEND' && chunk.type !== 'fcTL'; chunk = readChunk(bytes, chunk.next)) {
    if (!chunk.isWhole) throw unreadable(subject, `the PNG ends within its chunk ${chunk.type}`)
  }
  return { palette, idat }
}

function endsWithRow(length: number, passes: Adam7Pass[], rowBytes: (pass: Adam7Pass) => number): boolean {
  let rest = length
  for (const pass of passes) {
    const passLength = pass.height * (rowBytes(pass) + 1)
    if (rest <= passLength) return length > 0 && rest % (rowBytes(pass) + 1) === 0
    rest -= passLength
  }
  return false
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
