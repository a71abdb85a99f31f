/**
 * Which files a browser shows with other pixels than metrics see. Metrics read a picture as Pillow does: not turned by
 * EXIF, alpha dropped, 16 bits cut to 8, CMYK by Pillow's own rule. Those files are fetched as exact PNGs instead, and
 * so are files that are cut off, which every decoder mends in its own way or refuses.
 */

const ascii = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length))

/** Whether the browser's own decoder gives the pixels that metrics see. Reads markers and headers only. */
export function isShownExactly(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return isPlainJpeg(bytes)
  if (ascii(bytes, 1, 3) === 'PNG') return isPlainPng(bytes)
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return isPlainWebp(bytes)
  return false
}

function isPlainJpeg(bytes: Uint8Array): boolean {
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== 0xd9) return false
  const frame = jpegFrame(bytes, (marker, at) => {
    if (marker === 0xe1 && ascii(bytes, at + 4, 4) === 'Exif') return false
    // An Adobe segment may say that three components are RGB, or inverted CMYK.
    return marker !== 0xee
  })
  if (frame === undefined) return false
  const components = bytes[frame + 9]
  return bytes[frame + 4] === 8 && (components === 1 || components === 3)
}

/** The size that a JPEG says it has; `undefined` when the bytes are none. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const frame = jpegFrame(bytes, () => true)
  if (frame === undefined) return undefined
  return {
    width: bytes[frame + 7] * 256 + bytes[frame + 8],
    height: bytes[frame + 5] * 256 + bytes[frame + 6],
  }
}

/**
 * Goes through the segments of a JPEG to its frame header (SOF).
 *
 * @param isGood asked about every segment before it, by marker and place; ends the search with `false`.
 * @returns the place of the frame header's marker.
 */
function jpegFrame(bytes: Uint8Array, isGood: (marker: number, at: number) => boolean): number | undefined {
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    if (!isGood(marker, at)) return undefined
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return at
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3]
  }
  return undefined
}

function isPlainPng(bytes: Uint8Array): boolean {
  if (ascii(bytes, bytes.length - 8, 4) !== 'IEND') return false
  const [depth, colour] = [bytes[24], bytes[25]]
  if (depth !== 8 || (colour !== 0 && colour !== 2)) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= bytes.length;) {
    const type = ascii(bytes, at + 4, 4)
    if (type === 'IDAT') return true
    if (type === 'tRNS' || type === 'acTL' || type === 'eXIf') return false
    at += 12 + view.getUint32(at)
  }
  return false
}

function isPlainWebp(bytes: Uint8Array): boolean {
  const chunk = ascii(bytes, 12, 4)
  if (chunk === 'VP8 ') return true
  // Lossless: bit 4 of the fifth byte after the signature says whether alpha is used.
  return chunk === 'VP8L' && (bytes[24] & 0x10) === 0
}
