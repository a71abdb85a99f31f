/** Where one byte or text comes next. Found by the native search and kept until it is passed, so a chunk is searched once. */
export class Seeker {
  readonly #bytes: Buffer
  readonly #wanted: number | Buffer
  #at = -1

  constructor(bytes: Buffer, wanted: number | Buffer) {
    this.#bytes = bytes
    this.#wanted = wanted
  }

  /** The next place at or after `start`; Infinity when there is none. */
  from(start: number): number {
    if (this.#at < start) {
      const at = this.#bytes.indexOf(this.#wanted, start)
      this.#at = at < 0 ? Infinity : at
    }
    return this.#at
  }
}

export type Seekers = ReturnType<typeof seekers>

/**
 * The middle of a record's head, nearly always; metric lines have no other level. Without the ` - ` before it: the search
 * goes from one first letter to the next, and spaces are everywhere.
 */
const infoMark = Buffer.from('INFO - ')

/** Line ends, signs of console output, of colour (ESC) and of damage (NUL), and of a record's head. */
export function seekers(bytes: Buffer) {
  return {
    newline: new Seeker(bytes, 10),
    carriageReturn: new Seeker(bytes, 13),
    percent: new Seeker(bytes, 37),
    brace: new Seeker(bytes, 123),
    nul: new Seeker(bytes, 0),
    escape: new Seeker(bytes, 27),
    infoMark: new Seeker(bytes, infoMark),
  }
}
