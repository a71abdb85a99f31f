/** The tables and components of a JPEG (ITU-T T.81, annex B) that `baselineJpeg.ts` can decode. */

const markers = {
  sof0: 0xc0,
  sof1: 0xc1,
  dht: 0xc4,
  soi: 0xd8,
  dqt: 0xdb,
  dri: 0xdd,
  app0: 0xe0,
  app14: 0xee,
}

export type BaselineLayout = {
  /** One (grey) or three (Y, Cb, Cr). `across` and `down` count the blocks in an MCU; those of chroma are 1. */
  components: { across: number; down: number; dc: number; ac: number; factors: Uint8Array }[]
  /** The tables that the components use: 16 counts, then the symbols, 272 bytes. */
  huffman: { isAc: boolean; id: number; table: Uint8Array }[]
  /** MCUs between restart markers, or 0. */
  restartInterval: number
  /** Where the entropy-coded data begins. */
  dataOffset: number
}

type Frame = { id: number; across: number; down: number; factors: number }[]

/** What the segments before the scan have said so far. Later tables replace earlier ones. */
type Tables = {
  frame: Frame | undefined
  factors: Map<number, Uint8Array>
  /** By class and id, as DHT writes them in one byte. */
  huffman: Map<number, Uint8Array>
  restartInterval: number
  isOtherColour: boolean
}

/**
 * Reads the segments of a JPEG.
 *
 * @param segments byte ranges before the first scan, without metadata; `scanOffset` is where that scan begins.
 * @returns nothing unless the picture is of the common kind and everything about it is as the standard says.
 */
export function baselineLayout(
  bytes: Uint8Array,
  segments: readonly [number, number][],
  scanOffset: number,
): BaselineLayout | undefined {
  const tables: Tables = {
    frame: undefined,
    factors: new Map(),
    huffman: new Map(),
    restartInterval: 0,
    isOtherColour: false,
  }
  for (const [start, end] of segments) {
    if (!readSegment(bytes[start + 1]!, bytes.subarray(start + 4, end), tables)) return undefined
  }
  const { frame, restartInterval } = tables
  const scan = bytes.subarray(scanOffset + 4)
  const dataOffset = scanOffset + 2 + bytes[scanOffset + 2]! * 256 + bytes[scanOffset + 3]!
  if (!frame || tables.isOtherColour || !isOnlyScan(scan, frame, dataOffset - scanOffset - 4))
    return undefined

  const layout: BaselineLayout = { components: [], huffman: [], restartInterval, dataOffset }
  for (const [index, { across, down, factors: id }] of frame.entries()) {
    const factors = tables.factors.get(id)
    if (!factors) return undefined
    const selectors = scan[2 + index * 2]!
    const [dc, ac] = [selectors >> 4, selectors & 15]
    layout.components.push({ across, down, dc, ac, factors })
    for (const key of [dc, 0x10 | ac]) {
      const table = tables.huffman.get(key)
      if (!table) return undefined
      if (layout.huffman.every((other) => other.table !== table))
        layout.huffman.push({ isAc: key >= 0x10, id: key & 15, table })
    }
  }
  return layout
}

/** @returns false for segments that are irregular or belong to other kinds of JPEG. */
function readSegment(marker: number, body: Uint8Array, tables: Tables): boolean {
  switch (marker) {
    case markers.sof0:
    case markers.sof1:
      if (tables.frame) return false
      tables.frame = readFrame(body)
      return tables.frame !== undefined
    case markers.dqt:
      return readFactors(body, tables)
    case markers.dht:
      return readHuffman(body, tables)
    case markers.dri:
      tables.restartInterval = body[0]! * 256 + body[1]!
      return body.length === 2
    case markers.app14:
      // Adobe's transform: 1 is YCbCr, 0 leaves RGB as it is.
      if (body[11] !== 1) tables.isOtherColour = true
      return true
    default:
      return marker === markers.soi || marker === markers.app0
  }
}

function readFrame(body: Uint8Array): Frame | undefined {
  const count = body[5]!
  if ((count !== 1 && count !== 3) || body.length !== 6 + 3 * count) return undefined
  const frame: Frame = []
  for (let at = 6; at < body.length; at += 3) {
    const [id, sampling, factors] = body.subarray(at, at + 3)
    frame.push({ id: id!, across: sampling! >> 4, down: sampling! & 15, factors: factors! })
  }
  const [luma, ...chroma] = frame
  const kinds = count === 1 ? ['1x1'] : ['1x1', '2x1', '2x2']
  if (!kinds.includes(`${luma!.across}x${luma!.down}`)) return undefined
  if (chroma.some(({ across, down }) => across !== 1 || down !== 1)) return undefined
  // libjpeg does not filter chroma rows of one or two samples.
  const width = body[3]! * 256 + body[4]!
  return luma!.across === 2 && width <= 4 ? undefined : frame
}

/** The scan holds all components in order, each with all its coefficients. */
function isOnlyScan(scan: Uint8Array, frame: Frame, length: number): boolean {
  const count = frame.length
  if (scan[0] !== count || length !== 4 + 2 * count || scan.length < length) return false
  const ids = frame.map(({ id }) => id)
  // Without another sign libjpeg takes components called R, G and B for these colours.
  if (new Set(ids).size !== count || String.fromCharCode(...ids) === 'RGB') return false
  if (ids.some((id, index) => scan[1 + index * 2] !== id)) return false
  const [first, last, approximation] = scan.subarray(1 + 2 * count)
  return first === 0 && last === 63 && approximation === 0
}

function readFactors(body: Uint8Array, { factors }: Tables): boolean {
  for (let at = 0; at < body.length; at += 65) {
    // Tables 0..3 of 8 bits; those of 16 bits would have 16 in this byte.
    const id = body[at]!
    if (id > 3 || at + 65 > body.length) return false
    factors.set(id, body.subarray(at + 1, at + 65))
  }
  return true
}

function readHuffman(body: Uint8Array, { huffman }: Tables): boolean {
  for (let at = 0; at < body.length;) {
    const key = body[at]!
    const symbols = body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0)
    const end = at + 17 + symbols
    if ((key & 0xef) > 3 || symbols > 256 || end > body.length) return false
    const table = new Uint8Array(16 + 256)
    table.set(body.subarray(at + 1, end))
    huffman.set(key, table)
    at = end
  }
  return true
}
