/**
 * BMP as Pillow 10.4 reads it (`BmpImagePlugin.py`): headers of 12 to 124 bytes, palettes, 16, 24 and 32 bits, bit
 * fields, run lengths, both row orders. Its quirks are kept, because they decide what the reference scripts see.
 */
import { expandRuns } from './bmpRuns.ts'
import type { ImageHeader, RgbPixels } from './rgbImage.ts'
import { unreadable, type Subject } from './unreadable.ts'

const raw = 0
const rle8 = 1
const rle4 = 2
const bitfields = 3

/** Byte positions of red, green and blue in pixels of 24 and 32 bits. */
type ByteOrder = { kind: 'bytes'; size: number; red: number; green: number; blue: number }
/** Two-byte pixels with 5 bits of red and blue and 5 or 6 bits of green. */
type PackedOrder = { kind: 'packed'; greenBits: 5 | 6 }
/** Indices of 1, 4 or 8 bits. */
type IndexOrder = { kind: 'index'; bits: number; palette: Uint8Array }
type PixelLayout = ByteOrder | PackedOrder | IndexOrder

type BmpHeader = ImageHeader & {
  bits: number
  compression: number
  isTopDown: boolean
  layout: PixelLayout
  dataOffset: number
}

const blueFirst = (size: number): ByteOrder => ({ kind: 'bytes', size, red: 2, green: 1, blue: 0 })

/** The layouts of bit fields that Pillow knows, by bits and masks of red, green, blue (and alpha with 32 bits). */
const bitfieldLayouts: Record<string, PixelLayout & { hasAlpha?: boolean }> = {
  '32 ff0000 ff00 ff 0': blueFirst(4),
  '32 ff000000 ff0000 ff00 0': { kind: 'bytes', size: 4, red: 3, green: 2, blue: 1 },
  '32 ff000000 ff00 ff 0': { kind: 'bytes', size: 4, red: 3, green: 1, blue: 0 },
  '32 ff000000 ff0000 ff00 ff': { kind: 'bytes', size: 4, red: 3, green: 2, blue: 1, hasAlpha: true },
  '32 ff ff00 ff0000 ff000000': { kind: 'bytes', size: 4, red: 0, green: 1, blue: 2, hasAlpha: true },
  '32 ff0000 ff00 ff ff000000': { ...blueFirst(4), hasAlpha: true },
  '32 ff000000 ff00 ff ff0000': { kind: 'bytes', size: 4, red: 3, green: 1, blue: 0, hasAlpha: true },
  '32 0 0 0 0': { ...blueFirst(4), hasAlpha: true },
  '24 ff0000 ff00 ff': blueFirst(3),
  '16 f800 7e0 1f': { kind: 'packed', greenBits: 6 },
  '16 7c00 3e0 1f': { kind: 'packed', greenBits: 5 },
}

/** Reads headers and palette. @throws AppError `unreadable` */
export function readBmpHeader(bytes: Uint8Array, subject: Subject): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerSize = bytes.length >= 18 ? view.getUint32(14, true) : 0
  if (![12, 40, 52, 56, 64, 108, 124].includes(headerSize)) {
    throw unreadable(subject, `its BMP header has ${headerSize} bytes, a kind that is not known`)
  }
  if (bytes.length < 14 + headerSize) throw unreadable(subject, 'the BMP ends within its header')
  const isCore = headerSize === 12
  const isTopDown = !isCore && bytes[25] === 0xff
  const width = isCore ? view.getUint16(18, true) : view.getUint32(18, true)
  const storedHeight = isCore ? view.getUint16(20, true) : view.getUint32(22, true)
  const height = isTopDown ? 2 ** 32 - storedHeight : storedHeight
  const bits = view.getUint16(isCore ? 24 : 28, true)
  const compression = isCore ? raw : view.getUint32(30, true)
  const colours = (isCore ? 0 : view.getUint32(46, true)) || 2 ** bits
  if (width === 0 || height === 0) throw unreadable(subject, 'the BMP header gives a size of zero')
  if (![1, 4, 8, 16, 24, 32].includes(bits))
    throw unreadable(subject, `a BMP with ${bits} bits per pixel is not known`)
  if (compression > bitfields) throw unreadable(subject, `the BMP compression ${compression} is not known`)
  if (bits <= 8 && colours > 65_536)
    throw unreadable(subject, `a BMP palette of ${colours} colours does not exist`)

  let position = 14 + headerSize
  let layout: PixelLayout & { hasAlpha?: boolean }
  let mode = 'RGB'
  if (compression === bitfields) {
    // A header of 40 bytes is followed by three masks; longer ones hold them.
    const maskCount = headerSize >= 56 && bits === 32 ? 4 : 3
    if (bytes.length < 14 + 40 + maskCount * 4) throw unreadable(subject, 'the BMP ends within its header')
    const masks = Array.from({ length: maskCount }, (_, index) =>
      view.getUint32(54 + index * 4, true).toString(16),
    )
    if (bits === 32 && maskCount === 3) masks.push('0')
    const known = bitfieldLayouts[`${bits} ${masks.join(' ')}`]
    if (!known) throw unreadable(subject, 'the bit fields of the BMP are not known')
    layout = known
    if (known.hasAlpha) mode = 'RGBA'
    if (headerSize === 40) position += 12
  } else if (bits <= 8) {
    const entryBytes = isCore ? 3 : 4
    const stored = bytes.subarray(position, position + entryBytes * colours)
    position += stored.length
    mode = paletteMode(stored, entryBytes, colours)
    if (mode === 'P' && colours > 256)
      throw unreadable(subject, `a BMP palette of ${colours} colours does not exist`)
    // Pillow reads a grey palette's samples with the depth of the mode that it stands for.
    layout = {
      kind: 'index',
      bits: mode === '1' ? 1 : mode === 'L' ? 8 : bits,
      palette: rgbPalette(stored, entryBytes, mode),
    }
  } else {
    layout = bits === 16 ? { kind: 'packed', greenBits: 5 } : blueFirst(bits / 8)
  }

  let dataOffset = view.getUint32(10, true)
  if (dataOffset === 14 + headerSize && bits <= 8) dataOffset += 4 * colours
  if (dataOffset === 0) dataOffset = position
  return { format: 'bmp', mode, width, height, bits, compression, isTopDown, layout, dataOffset }
}

/** `1` or `L` for a palette that is black and white or the plain grey ramp, else `P`. */
function paletteMode(palette: Uint8Array, entryBytes: number, colours: number): string {
  for (let index = 0; index < colours; index++) {
    const grey = colours === 2 ? index * 255 : index
    for (let channel = 0; channel < 3; channel++) {
      if (palette[index * entryBytes + channel] !== grey) return 'P'
    }
  }
  return colours === 2 ? '1' : 'L'
}

/** 256 RGB colours; those that the file lacks are black. */
function rgbPalette(stored: Uint8Array, entryBytes: number, mode: string): Uint8Array {
  const palette = new Uint8Array(256 * 3)
  if (mode === 'L') return palette.map((_, index) => Math.floor(index / 3))
  for (let index = 0; (index + 1) * entryBytes <= stored.length && index < 256; index++) {
    for (let channel = 0; channel < 3; channel++)
      palette[index * 3 + channel] = stored[index * entryBytes + 2 - channel]!
  }
  return palette
}

/** Decodes to RGB. The caller has checked the size. @throws AppError `unreadable` */
export function decodeBmp(bytes: Uint8Array, subject: Subject): ImageHeader & RgbPixels {
  const { format, mode, width, height, bits, compression, isTopDown, layout, dataOffset } = readBmpHeader(
    bytes,
    subject,
  )
  const data = new Uint8Array(width * height * 3)
  let source = bytes
  let offset = dataOffset
  let stride = ((width * bits + 31) >>> 3) & ~3
  let rowLayout = layout
  if (compression === rle8 || compression === rle4) {
    if (layout.kind !== 'index' || mode === '1')
      throw unreadable(subject, 'the BMP has run lengths but no palette')
    source = expandRuns(bytes, dataOffset, width, height, compression === rle4)
    if (source.length < width * height)
      throw unreadable(subject, 'the BMP is cut off: its data ends before the last row')
    offset = 0
    stride = width
    rowLayout = { ...layout, bits: 8 }
  }
  const pixelBits =
    rowLayout.kind === 'index' ? rowLayout.bits : rowLayout.kind === 'packed' ? 16 : rowLayout.size * 8
  const rowBytes = Math.ceil((width * pixelBits) / 8)
  if (rowBytes > stride) throw unreadable(subject, 'the rows of the BMP are shorter than its palette needs')
  if (offset + (height - 1) * stride + rowBytes > source.length) {
    throw unreadable(subject, 'the BMP is cut off: its data ends before the last row')
  }
  for (let row = 0; row < height; row++) {
    const target = (isTopDown ? row : height - 1 - row) * width * 3
    unpackRow(rowLayout, source, offset + row * stride, width, data, target)
  }
  return { format, mode, width, height, data }
}

function unpackRow(
  layout: PixelLayout,
  source: Uint8Array,
  start: number,
  count: number,
  target: Uint8Array,
  at: number,
): void {
  if (layout.kind === 'bytes') {
    const { size, red, green, blue } = layout
    for (let index = 0; index < count; index++, start += size, at += 3) {
      target[at] = source[start + red]!
      target[at + 1] = source[start + green]!
      target[at + 2] = source[start + blue]!
    }
  } else if (layout.kind === 'packed') {
    const greenLevels = (1 << layout.greenBits) - 1
    for (let index = 0; index < count; index++, start += 2, at += 3) {
      const pixel = source[start]! | (source[start + 1]! << 8)
      target[at] = Math.floor((((pixel >> (5 + layout.greenBits)) & 31) * 255) / 31)
      target[at + 1] = Math.floor((((pixel >> 5) & greenLevels) * 255) / greenLevels)
      target[at + 2] = Math.floor(((pixel & 31) * 255) / 31)
    }
  } else {
    const { bits, palette } = layout
    for (let index = 0; index < count; index++, at += 3) {
      const bit = index * bits
      const entry = ((source[start + (bit >> 3)]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1)) * 3
      target[at] = palette[entry]!
      target[at + 1] = palette[entry + 1]!
      target[at + 2] = palette[entry + 2]!
    }
  }
}
