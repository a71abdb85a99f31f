/** The shapes that decoding gives and resizing takes: what a metric really sees of a file. */

/** File formats that the studio decodes, told apart by content, never by extension. */
export const imageFormats = ['jpeg', 'png', 'webp', 'bmp'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** Interleaved 8-bit RGB: `data` holds `height` rows of `width` pixels of 3 bytes, without padding. */
export type RgbPixels = { width: number; height: number; data: Uint8Array }

/**
 * What the header of a file says. `mode` is Pillow's name for the stored pixels before they become RGB:
 * `1`, `L`, `LA`, `P`, `RGB`, `RGBA`, `CMYK` or `I;16`.
 */
export type ImageHeader = { format: ImageFormat; mode: string; width: number; height: number }

/** A decoded picture, equal to Pillow's `Image.open(file).convert('RGB')`. */
export type RgbImage = ImageHeader & RgbPixels

/**
 * The most pixels that are decoded: twice Pillow's `MAX_IMAGE_PIXELS`, where Pillow raises `DecompressionBombError`.
 * At this size the RGB bytes take 512 MiB.
 */
export const pillowPixelLimit = 178_956_970

/** Gives as many bytes of memory as asked for, with any content; decoders overwrite all of it. */
export type AllocateBytes = (byteLength: number) => Uint8Array

/** Memory for one picture at a time: each call gives the same bytes again, more of them when a picture is larger. */
export function reusableBytes(): AllocateBytes {
  let kept = new Uint8Array(0)
  return (byteLength) => {
    if (kept.length < byteLength) kept = new Uint8Array(byteLength)
    return kept.subarray(0, byteLength)
  }
}
