/** Turns one row of PNG samples into RGB bytes, with Pillow's rules for each depth (`src/libImaging/Unpack.c`). */

/** Reads `count` pixels at `source[start]` and writes RGB at `target[at]`, `at + step`, and so on. */
export type RowUnpacker = (
  source: Uint8Array,
  start: number,
  count: number,
  target: Uint8Array,
  at: number,
  step: number,
) => void

/** A row of samples of 1, 2, 4 or 8 bits, looked up in `colours` (RGB per sample value). */
function unpackIndices(bitDepth: number, colours: Uint8Array): RowUnpacker {
  const perByte = 8 / bitDepth
  const mask = (1 << bitDepth) - 1
  return (source, start, count, target, at, step) => {
    for (let index = 0; index < count; index++, at += step) {
      const shift = 8 - bitDepth * ((index % perByte) + 1)
      const value = (source[start + Math.floor(index / perByte)]! >> shift) & mask
      target[at] = colours[value * 3]!
      target[at + 1] = colours[value * 3 + 1]!
      target[at + 2] = colours[value * 3 + 2]!
    }
  }
}

/** Palette indices. Colours that the palette lacks, and one that is cut off at its end, are black. */
export function unpackPalette(bitDepth: number, palette: Uint8Array): RowUnpacker {
  const colours = new Uint8Array(256 * 3)
  colours.set(palette.subarray(0, palette.length - (palette.length % 3)))
  return unpackIndices(bitDepth, colours)
}

/**
 * Grey samples, with alpha (dropped) when `samples` is 2. Few bits are scaled to 0..255; 16 bits saturate at 255
 * (Pillow's `I;16`), but with alpha give their high byte.
 */
export function unpackGrey(bitDepth: number, samples: number): RowUnpacker {
  if (bitDepth < 8) {
    const levels = 1 << bitDepth
    const greys = Uint8Array.from(
      { length: levels * 3 },
      (_, index) => (Math.floor(index / 3) * 255) / (levels - 1),
    )
    return unpackIndices(bitDepth, greys)
  }
  const bytes = (samples * bitDepth) / 8
  const saturates = bitDepth === 16 && samples === 1
  return (source, start, count, target, at, step) => {
    for (let index = 0; index < count; index++, at += step, start += bytes) {
      const grey = !saturates ? source[start]! : source[start] === 0 ? source[start + 1]! : 255
      target[at] = target[at + 1] = target[at + 2] = grey
    }
  }
}

/** Red, green, blue, perhaps alpha (dropped, hidden colours stay); of 16 bits the high byte. */
export function unpackTruecolour(bitDepth: number, samples: number): RowUnpacker {
  const sampleBytes = bitDepth / 8
  const pixelBytes = samples * sampleBytes
  return (source, start, count, target, at, step) => {
    if (pixelBytes === 3 && step === 3) {
      target.set(source.subarray(start, start + count * 3), at)
      return
    }
    for (let index = 0; index < count; index++, at += step, start += pixelBytes) {
      target[at] = source[start]!
      target[at + 1] = source[start + sampleBytes]!
      target[at + 2] = source[start + 2 * sampleBytes]!
    }
  }
}
