/**
 * The part of the protocol buffer encoding that ONNX models need. A message is a list of byte pieces, so that weights
 * of hundreds of megabytes are never copied while messages are nested.
 *
 * Encoding: https://protobuf.dev/programming-guides/encoding/
 */

/** An encoded message in pieces; the pieces of weights are the arrays of the caller. */
export class Message {
  readonly pieces: Uint8Array[] = []
  byteLength = 0

  /** A whole number field (int32, int64, enum). */
  int(field: number, value: number): this {
    return this.#push(varint(field << 3)).#push(varint(value))
  }

  /** A float field. */
  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(value)
    return this.#push(varint((field << 3) | 5)).#push(bytes)
  }

  /** Repeated whole numbers, packed. */
  ints(field: number, values: readonly number[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)))
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'))
  }

  /** Bytes, kept by reference. */
  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint((field << 3) | 2))
      .#push(varint(value.byteLength))
      .#push(value)
  }

  /** A nested message, its pieces kept by reference. */
  message(field: number, value: Message): this {
    this.#push(varint((field << 3) | 2)).#push(varint(value.byteLength))
    for (const piece of value.pieces) this.#push(piece)
    return this
  }

  #push(piece: Uint8Array): this {
    this.pieces.push(piece)
    this.byteLength += piece.byteLength
    return this
  }
}

/** The memory of a typed array as bytes, without a copy. */
export function bytesOf(values: Float32Array | BigInt64Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** A number as a base-128 varint; negative numbers as their 64-bit two's complement. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}
