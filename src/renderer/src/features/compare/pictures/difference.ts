/** Difference pictures, pixel by pixel, from RGBA bytes to RGBA bytes. Pure, so that a worker and a test call the same. */

export const channels = ['all', 'red', 'green', 'blue', 'mean'] as const
export type Channel = (typeof channels)[number]

export type DifferenceOptions = {
  /** `absolute`: |B - A|, black where equal. `signed`: mid grey where equal, brighter where B is brighter. */
  kind: 'absolute' | 'signed'
  /** Factor of the difference; at least 1 in the page, any positive number here. */
  gain: number
  /** `all` keeps colours; one channel or the mean of all three is shown as grey. */
  channel: Channel
}

/** What equal pixels are in a signed difference. */
export const signedMiddle = 128

/**
 * @param a first picture, RGBA, 4 bytes per pixel. @param b the same size.
 * @returns RGBA; transparent where either picture has no pixel (alpha 0), as outside an aligned picture.
 */
export function differencePixels(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  { kind, gain, channel }: DifferenceOptions,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(a.length)
  const table = levelTable(kind, gain)
  const one = channel === 'red' ? 0 : channel === 'green' ? 1 : channel === 'blue' ? 2 : -1
  for (let at = 0; at < a.length; at += 4) {
    if (a[at + 3] === 0 || b[at + 3] === 0) continue
    out[at + 3] = 255
    if (channel === 'all') {
      out[at] = table[b[at] - a[at] + 255]
      out[at + 1] = table[b[at + 1] - a[at + 1] + 255]
      out[at + 2] = table[b[at + 2] - a[at + 2] + 255]
      continue
    }
    const level =
      one >= 0
        ? table[b[at + one] - a[at + one] + 255]
        : meanLevel(b[at] - a[at], b[at + 1] - a[at + 1], b[at + 2] - a[at + 2], kind, gain)
    out[at] = out[at + 1] = out[at + 2] = level
  }
  return out
}

/** Output level of each difference -255..255. */
function levelTable(kind: DifferenceOptions['kind'], gain: number): Uint8ClampedArray {
  const table = new Uint8ClampedArray(511)
  for (let difference = -255; difference <= 255; difference++) {
    table[difference + 255] =
      kind === 'absolute' ? Math.abs(difference) * gain : signedMiddle + (difference * gain) / 2
  }
  return table
}

function meanLevel(
  red: number,
  green: number,
  blue: number,
  kind: DifferenceOptions['kind'],
  gain: number,
): number {
  return kind === 'absolute'
    ? ((Math.abs(red) + Math.abs(green) + Math.abs(blue)) / 3) * gain
    : signedMiddle + (((red + green + blue) / 3) * gain) / 2
}
