/** Where one byte comes next. Found by the native search and kept until it is passed, so a chunk is searched once. */
export class Seeker {
  readonly #bytes: Buffer
  readonly #byte: number
  #at = -1

  constructor(bytes: Buffer, byte: number) {
    this.#bytes = bytes
    this.#byte = byte
  }

  /** The next place at or after `start`; Infinity when there is none. */
  from(start: number): number {
    if (this.#at < start) {
      const at = this.#bytes.indexOf(this.#byte, start)
      this.#at = at < 0 ? Infinity : at
    }
    return this.#at
  }
}

export type Seekers = ReturnType<typeof seekers>

/** Line ends, signs of console output, and NUL, the sign of damage. */
export function seekers(bytes: Buffer) {
  const [newline, carriageReturn, percent, brace, nul] = [10, 13, 37, 123, 0].map(
    (byte) => new Seeker(bytes, byte),
  ) as [Seeker, Seeker, Seeker, Seeker, Seeker]
  return { newline, carriageReturn, percent, brace, nul }
}
