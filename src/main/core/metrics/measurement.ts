/** What kernels give and take where a plain number or array is not enough. */

/** A number, or the reason for its absence: a picture can be too small for a metric. */
export type Measurement = number | { readonly reason: string }

/** Whether a measurement is a number. */
export function isMeasured(measurement: Measurement): measurement is number {
  return typeof measurement === 'number'
}

/**
 * Checks that pictures are RGB (uint8, H x W x 3) of the given size before raw memory is read.
 *
 * @throws RangeError otherwise, a mistake of the caller
 */
export function requirePictures(width: number, height: number, ...pictures: Uint8Array[]): void {
  for (const { length } of pictures) {
    if (length !== width * height * 3)
      throw new RangeError(`${length} samples are no ${width}×${height} RGB picture.`)
  }
}
