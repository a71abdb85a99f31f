/** A column of up to 100 000 values as one entry per screen column, so that no single bad frame is drawn away. */

export type Decimated = {
  /** NaN in columns without any value. */
  min: Float32Array
  max: Float32Array
  /** Mean of the finite values of a column. */
  mean: Float32Array
}

/**
 * @param from first position shown, may be fractional. @param to the one after the last, greater than `from`.
 * @param columns screen columns. With fewer frames than columns, each frame fills the columns it stands on.
 */
export function decimate(values: Float32Array, from: number, to: number, columns: number): Decimated {
  const min = new Float32Array(columns).fill(NaN)
  const max = new Float32Array(columns).fill(NaN)
  const mean = new Float32Array(columns).fill(NaN)
  const perColumn = (to - from) / columns
  for (let column = 0; column < columns; column++) {
    const first = Math.max(0, Math.floor(from + column * perColumn))
    const last = Math.min(values.length - 1, Math.max(first, Math.ceil(from + (column + 1) * perColumn) - 1))
    let sum = 0
    let count = 0
    for (let at = first; at <= last; at++) {
      const value = values[at]
      if (Number.isNaN(value)) continue
      if (!(value >= min[column])) min[column] = value
      if (!(value <= max[column])) max[column] = value
      if (Number.isFinite(value)) {
        sum += value
        count++
      }
    }
    if (count > 0) mean[column] = sum / count
  }
  return { min, max, mean }
}

/** What a screen column hides: `whole` when every frame of it has a value. */
export const columnStates = { whole: 0, missing: 1, failed: 2 } as const

/**
 * The worst that befell any frame of a column, so that a single missing frame among thousands is seen.
 *
 * @param values NaN for frames without a value. @param isFailed whether such a frame could not be read.
 * @returns one of `columnStates` per column; ranges as in `decimate`.
 */
export function worstStates(
  values: Float32Array,
  isFailed: (position: number) => boolean,
  from: number,
  to: number,
  columns: number,
): Uint8Array {
  const worst = new Uint8Array(columns)
  const perColumn = (to - from) / columns
  for (let at = Math.max(0, Math.floor(from)); at < Math.min(values.length, to); at++) {
    if (!Number.isNaN(values[at])) continue
    const state = isFailed(at) ? columnStates.failed : columnStates.missing
    const first = Math.max(0, Math.floor((at - from) / perColumn))
    const last = Math.min(columns - 1, Math.max(first, Math.ceil((at + 1 - from) / perColumn) - 1))
    for (let column = first; column <= last; column++) worst[column] = Math.max(worst[column], state)
  }
  return worst
}
