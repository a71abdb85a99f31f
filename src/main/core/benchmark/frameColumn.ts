/**
 * A number for each frame of a run that has one, by frame index. A run of 100,000 frames has a dozen of these: an array
 * of them needs no entry and no search for each, as a map does.
 */
export class FrameColumn {
  /** NaN where a frame has none. */
  readonly #values: Float64Array
  /** How many frames have a number. */
  readonly size: number

  /** @param values by frame index; NaN where a frame has none. */
  constructor(values: Float64Array) {
    this.#values = values
    let size = 0
    for (let index = 0; index < values.length; index++) if (!Number.isNaN(values[index]!)) size++
    this.size = size
  }

  /** @param indices of frames, rising. @param values of each; no NaN. */
  static of(indices: readonly number[], values: readonly number[]): FrameColumn {
    const all = new Float64Array((indices.at(-1) ?? -1) + 1).fill(NaN)
    for (let at = 0; at < indices.length; at++) all[indices[at]!] = values[at]!
    return new FrameColumn(all)
  }

  has(index: number): boolean {
    return this.get(index) !== undefined
  }

  get(index: number): number | undefined {
    const value = this.#values[index]
    return value === undefined || Number.isNaN(value) ? undefined : value
  }

  /** Calls back for each number, in the order of the frames. */
  forEach(act: (value: number, index: number) => void): void {
    const values = this.#values
    for (let index = 0; index < values.length; index++)
      if (!Number.isNaN(values[index]!)) act(values[index]!, index)
  }

  /** Every number changed; one that becomes NaN is there no longer. */
  map(change: (value: number, index: number) => number): FrameColumn {
    const changed = new Float64Array(this.#values.length).fill(NaN)
    this.forEach((value, index) => (changed[index] = change(value, index)))
    return new FrameColumn(changed)
  }

  /** Only the frames for which `keep` holds. */
  filter(keep: (index: number) => boolean): FrameColumn {
    return this.map((value, index) => (keep(index) ? value : NaN))
  }

  /** The numbers alone, in the order of the frames. */
  toArray(): Float64Array {
    return this.#values.filter((value) => !Number.isNaN(value))
  }

  /** Added up in the order of the frames. */
  sum(): number {
    let sum = 0
    this.forEach((value) => (sum += value))
    return sum
  }

  /** NaN where there is none. */
  mean(): number {
    return this.sum() / this.size
  }
}
