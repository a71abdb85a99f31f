/**
 * Decodes baseline JPEG to RGB, equal in every byte to libjpeg-turbo with its default settings. Only the regular case:
 * one scan of one component, or of three with chroma as large as luma or halved in columns or both. Everything
 * else, and every irregularity in the data, is reported and not decoded.
 *
 * One picture at a time: tables, then `setFrame`, `setScan`, and `decodeRows` until the last row. Only a few rows are
 * kept, so memory hardly depends on the picture's size.
 */
import { SLACK, left, open, openInterval, takeMarker } from './jpeg/bits'
import { IRREGULAR, decodeBlock, difference } from './jpeg/block'
import { fullRow, greyRow, halvedRow } from './jpeg/colour'
import { build, tableAt } from './jpeg/huffman'
import { inverseDct } from './jpeg/idct'

const BLOCK: i32 = 8
const END_OF_IMAGE: i32 = 0xd9
const RESTART: i32 = 0xd0
/** Bytes around a plane's rows: vectors reach beyond them, and the samples beside a row repeat its ends. */
const MARGIN: usize = 32

const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
  28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
  47, 55, 62, 63,
])
/** Coefficients of one block, all 0 between blocks. */
const block = memory.data(128, 16)
/** For each component its 64 factors of 16 bits, in rows. */
const quantisations = memory.data(3 * 128, 16)

/** What belongs to one component; three of them lie one after the other. */
@unmanaged
class Component {
  dc: usize
  ac: usize
  /** The last first coefficient. */
  predicted: i32
  /** Blocks of one MCU. */
  across: i32
  down: i32
  /** The first sample of the first row of the MCU row; a row before it is kept from the MCU row above. */
  plane: usize
  stride: usize
}
const components = memory.data(3 * 28, 16)

let width: i32 = 0
let height: i32 = 0
let componentCount: i32 = 0
let mcusPerRow: i32 = 0
let mcuRows: i32 = 0
let mcuRow: i32 = 0
let restartInterval: i32 = 0
/** MCUs up to the next restart marker, and that marker. */
let untilRestart: i32 = 0
let nextRestart: i32 = 0

/** Where this module's own data ends and working memory may begin. */
export function heapBase(): usize {
  return __heap_base
}

// @ts-ignore: decorator
@inline
function component(index: i32): Component {
  return changetype<Component>(components + <usize>index * offsetof<Component>())
}

/**
 * Takes a Huffman table: 16 counts and the symbols, at `source`.
 *
 * @param id 0..3
 * @returns false when it is not a table that `decodeRows` can use
 */
export function setHuffman(isAc: bool, id: i32, source: usize): bool {
  return build(isAc, id, source)
}

/**
 * Says which tables a component uses.
 *
 * @param factors 64 bytes of its quantisation table in zigzag order
 * @param across, down its blocks in an MCU: 1 or 2
 */
export function setComponent(index: i32, dc: i32, ac: i32, factors: usize, across: i32, down: i32): void {
  const it = component(index)
  it.dc = tableAt(false, dc)
  it.ac = tableAt(true, ac)
  it.across = across
  it.down = down
  const quantisation = quantisations + <usize>index * 128
  for (let k: usize = 0; k < 64; k++) {
    store<u16>(quantisation + (<usize>load<u8>(ZIGZAG + k) << 1), <u16>load<u8>(factors + k))
  }
}

/**
 * Takes the size of the picture, after its components.
 *
 * @param restarts MCUs between restart markers, or 0
 * @returns bytes of working memory for `scanBytes` of entropy-coded data
 */
export function setFrame(wide: i32, high: i32, count: i32, restarts: i32, scanBytes: i32): usize {
  const first = component(0)
  width = wide
  height = high
  componentCount = count
  restartInterval = restarts
  mcusPerRow = (wide + first.across * BLOCK - 1) / (first.across * BLOCK)
  mcuRows = (high + first.down * BLOCK - 1) / (first.down * BLOCK)
  mcuRow = 0
  let bytes = <usize>scanBytes + 2 * SLACK
  for (let c = 0; c < count; c++) {
    const it = component(c)
    it.stride = <usize>(mcusPerRow * it.across * BLOCK) + MARGIN
    // Counted from the start of the working memory until `setScan` says where that lies.
    it.plane = bytes + it.stride + MARGIN
    bytes += it.stride * <usize>(it.down * BLOCK + 1) + 2 * MARGIN
  }
  return bytes
}

/**
 * Takes the data.
 *
 * @param scan its first entropy-coded byte; everything up to the end of the image
 * @param work as much memory as `setFrame` asked for
 * @returns false when the data is irregular
 */
export function setScan(scan: usize, bytes: usize, work: usize): bool {
  for (let c = 0; c < componentCount; c++) component(c).plane += work
  open(scan, bytes, work)
  // A decoder that gave up may have left something.
  memory.fill(block, 0, 128)
  nextRestart = 0
  return startInterval()
}

function startInterval(): bool {
  untilRestart = restartInterval
  for (let c = 0; c < componentCount; c++) component(c).predicted = 0
  return openInterval()
}

/**
 * Decodes the next row of MCUs and writes the rows of pixels that are complete with it.
 *
 * @param target room for 17 rows and 48 bytes
 * @returns how many rows were written, or -1 when the data is irregular
 */
export function decodeRows(target: usize): i32 {
  for (let x = 0; x < mcusPerRow; x++) {
    if (restartInterval > 0 && untilRestart-- == 0) {
      if (!takeMarker(RESTART + nextRestart) || !startInterval()) return -1
      nextRestart = (nextRestart + 1) & 7
      untilRestart--
    }
    if (!decodeMcu(x)) return -1
  }
  mcuRow++
  if (mcuRow == mcuRows && !takeMarker(END_OF_IMAGE)) return -1
  return componentCount == 1 ? writeGrey(target) : component(0).down == 1 ? writeRows(target) : writeHalvedRows(target)
}

function decodeMcu(x: i32): bool {
  for (let c = 0; c < componentCount; c++) {
    const it = component(c)
    const quantisation = quantisations + <usize>c * 128
    for (let down = 0; down < it.down; down++) {
      let to = it.plane + <usize>(down * BLOCK) * it.stride + <usize>(x * it.across * BLOCK)
      for (let across = 0; across < it.across; across++, to += <usize>BLOCK) {
        const last = decodeBlock(block, it.dc, it.ac)
        if (last == IRREGULAR) return false
        it.predicted += difference
        store<i16>(block, <i16>it.predicted)
        inverseDct(block, quantisation, last, to, it.stride)
      }
    }
  }
  return left() >= 0
}

function writeGrey(target: usize): i32 {
  const y = component(0)
  const rows = min(BLOCK, height - (mcuRow - 1) * BLOCK)
  for (let row = 0; row < rows; row++) {
    greyRow(y.plane + <usize>row * y.stride, target + <usize>(row * width) * 3, width)
  }
  return rows
}

/** Rows of pictures whose chroma has every row. */
function writeRows(target: usize): i32 {
  const y = component(0)
  const cb = component(1)
  const cr = component(2)
  const rows = min(BLOCK, height - (mcuRow - 1) * BLOCK)
  const isHalved = y.across == 2
  if (isHalved) {
    repeatEnds(cb)
    repeatEnds(cr)
  }
  for (let row = 0; row < rows; row++) {
    const luma = y.plane + <usize>row * y.stride
    const blue = cb.plane + <usize>row * cb.stride
    const red = cr.plane + <usize>row * cr.stride
    const to = target + <usize>(row * width) * 3
    if (isHalved) halvedRow(luma, blue, blue, red, red, to, width, 4, 8)
    else fullRow(luma, blue, red, to, width)
  }
  return rows
}

/**
 * Rows of pictures with half as many rows of chroma. The last row of luma waits for the chroma below it, so each MCU
 * row writes the one before its first and leaves its own last one, unless it is the last MCU row.
 */
function writeHalvedRows(target: usize): i32 {
  const y = component(0)
  const cb = component(1)
  const cr = component(2)
  repeatEnds(cb)
  repeatEnds(cr)
  const top = (mcuRow - 1) * 2 * BLOCK
  const isLast = mcuRow == mcuRows
  const from = top == 0 ? 0 : -1
  const to = isLast ? height - top : 2 * BLOCK - 1
  // Chroma rows beyond the picture's own are those at its edge.
  const firstChroma = top == 0 ? 0 : -1
  const lastChroma = isLast ? ((height + 1) >> 1) - (top >> 1) - 1 : BLOCK - 1
  for (let row = from; row < to; row++) {
    const near = row >> 1
    const far = max(firstChroma, min(lastChroma, near + ((row & 1) << 1) - 1))
    halvedRow(
      y.plane + <usize>row * y.stride,
      cb.plane + <usize>near * cb.stride, cb.plane + <usize>far * cb.stride,
      cr.plane + <usize>near * cr.stride, cr.plane + <usize>far * cr.stride,
      target + <usize>((row - from) * width) * 3, width, 8, 7,
    )
  }
  keepLast(y)
  keepLast(cb)
  keepLast(cr)
  return to - from
}

/** Copies the last row of a component to the row before its first. */
function keepLast(it: Component): void {
  const rows = <usize>(it.down * BLOCK)
  memory.copy(it.plane - it.stride - 1, it.plane + (rows - 1) * it.stride - 1, it.stride)
}

/** Repeats the first and the last sample of halved rows beside them; what the last block holds beyond is padding. */
function repeatEnds(it: Component): void {
  const samples = <usize>((width + 1) >> 1)
  for (let row = 0; row < BLOCK; row++) {
    const first = it.plane + <usize>row * it.stride
    store<u8>(first - 1, load<u8>(first))
    store<u8>(first + samples, load<u8>(first + samples - 1))
  }
}
