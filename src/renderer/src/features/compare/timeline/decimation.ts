/** A column of up to 100 000 values as one entry per screen column, so that no single bad frame is drawn away. */

export type Decimated = {
  /** NaN in columns without any value. */
  min: Float32Array
  max: Float32Array
  /** Mean of the finite values of a column. */
  mean: Float32Array
  /** 1 where at least one frame of the column has no value. */
  hasGap: Uint8Array
}

/**
 * @param from first position shown, may be fractional. @param to the one after the last, greater than `from`.
 * @param columns screen columns. With fewer frames than columns, each frame fills the columns it stands on.
 */
export function decimate(values: Float32Array, from: number, to: number, columns: number): Decimated {
  const min = new Float32Array(columns).fill(NaN)
  const max = new Float32Array(columns).fill(NaN)
  const mean = new Float32Array(columns).fill(NaN)
  const hasGap = new Uint8Array(columns)
  const perColumn = (to - from) / columns
  for (let column = 0; column < columns; column++) {
    const first = Math.max(0, Math.floor(from + column * perColumn))
    const last = Math.min(values.length - 1, Math.max(first, Math.ceil(from + (column + 1) * perColumn) - 1))
    let sum = 0
    let count = 0
    for (let at = first; at <= last; at++) {
      const value = values[at]
      if (Number.isNaN(value)) {
        hasGap[column] = 1
        continue
      }
      if (!(value >= min[column])) min[column] = value
      if (!(value <= max[column])) max[column] = value
      if (Number.isFinite(value)) {
        sum += value
        count++
      }
    }
    if (count > 0) mean[column] = sum / count
  }
  return { min, max, mean, hasGap }
}
