/** Reads a range of a file from front to back through a small window. */
import type { FileBytes } from './fileBytes.ts'
import { refuseCheckpoint } from './tensorSource.ts'

const windowBytes = 1 << 16

/** A position in `file` that moves forward and never past `end`. */
export class ByteCursor {
  position: number
  readonly #file: FileBytes
  readonly #end: number
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0

  constructor(file: FileBytes, start: number, end: number) {
    this.#file = file
    this.position = start
    this.#end = end
  }

  /** The next `length` bytes; valid until the next call. */
  take(length: number): Buffer {
    if (this.position + length > this.#end) {
      throw refuseCheckpoint(
        this.#file.path,
        `its pickle claims ${length} bytes where ${this.#end - this.position} are left (damaged or cut off)`,
      )
    }
    const start = this.position - this.#windowStart
    if (start < 0 || start + length > this.#window.length) {
      const size = Math.min(Math.max(windowBytes, length), this.#end - this.position)
      this.#window = this.#file.read(this.position, size)
      this.#windowStart = this.position
    }
    const from = this.position - this.#windowStart
    this.position += length
    return this.#window.subarray(from, from + length)
  }

  u8(): number {
    return this.take(1)[0]
  }

  text(length: number): string {
    return this.take(length).toString('utf8')
  }

  /** Text up to the next line feed, which is consumed. Lines of pickles are names: 1 KiB is plenty. */
  line(): string {
    const bytes: number[] = []
    for (let byte = this.u8(); byte !== 0x0a; byte = this.u8()) {
      if (bytes.length === 1024)
        throw refuseCheckpoint(this.#file.path, 'its pickle has a name of more than 1024 bytes')
      bytes.push(byte)
    }
    return Buffer.from(bytes).toString('utf8')
  }
}
