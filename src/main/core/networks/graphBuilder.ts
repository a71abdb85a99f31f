/**
 * Builds ONNX models node by node. Values are names; every helper returns the name of what it made.
 *
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { bytesOf, Message } from './protobuf.ts'

/** Opset 18 has every operator used here and is known to all providers of the runtime in use. */
const opsetVersion = 18
const irVersion = 8

const elementTypes = { float32: 1, uint8: 2, int64: 7 } as const
export type ElementType = keyof typeof elementTypes

/** A fixed size, or the name of a size known only when the model runs. */
export type Dimension = number | string

export type AttributeValue = number | string | readonly number[] | { float: number }

/** An encoded model in pieces; `byteLength` in all. */
export type OnnxModel = { pieces: readonly Uint8Array[]; byteLength: number }

/** A file next to the model that takes its large constants. */
export type WeightFile = {
  /** Name of the file, in the folder of the model. */
  name: string
  /** Appends bytes and returns where they begin. */
  append(bytes: Uint8Array): number
}

/** Constants below this size stay in the model, where the runtime can fold them into other operators. */
const externalBytes = 4096

export class GraphBuilder {
  readonly #weights: WeightFile | undefined
  readonly #graph = new Message()
  readonly #initializers = new Map<string, string>()
  #count = 0

  /** @param weights where large constants go; without it they are kept in the model. */
  constructor(name: string, weights?: WeightFile) {
    this.#weights = weights
    this.#graph.text(2, name)
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#graph.message(11, valueInfo(name, type, shape))
    return name
  }

  output(name: string, value: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#addNode('Identity', [value], [name], {})
    this.#graph.message(12, valueInfo(name, type, shape))
  }

  /** A float32 constant; `data` is kept by reference until the model is written. */
  constant(shape: readonly number[], data: Float32Array | readonly number[]): string {
    const values = data instanceof Float32Array ? data : Float32Array.from(data)
    return this.#initializer('float32', shape, bytesOf(values))
  }

  /** An int64 constant of rank 1 (axes, shapes, pads); equal ones are shared. */
  integers(values: readonly number[]): string {
    const key = values.join()
    const known = this.#initializers.get(key)
    if (known !== undefined) return known
    const name = this.#initializer('int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt)))
    this.#initializers.set(key, name)
    return name
  }

  /** Adds an operator with one output. */
  node(operator: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    const name = `v${this.#count++}`
    this.#addNode(operator, inputs, [name], attributes)
    return name
  }

  /** Adds an operator with several outputs. */
  nodes(
    operator: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, AttributeValue> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`)
    this.#addNode(operator, inputs, names, attributes)
    return names
  }

  build(): OnnxModel {
    return new Message()
      .int(1, irVersion)
      .text(2, 'parallax')
      .message(7, this.#graph)
      .message(8, new Message().text(1, '').int(2, opsetVersion))
  }

  #initializer(type: ElementType, shape: readonly number[], bytes: Uint8Array): string {
    const name = `w${this.#count++}`
    const tensor = new Message().ints(1, shape).int(2, elementTypes[type]).text(8, name)
    if (this.#weights !== undefined && bytes.byteLength >= externalBytes) {
      const place = {
        location: this.#weights.name,
        offset: this.#weights.append(bytes),
        length: bytes.byteLength,
      }
      for (const [key, value] of Object.entries(place))
        tensor.message(13, new Message().text(1, key).text(2, String(value)))
      tensor.int(14, 1) // data location: external
    } else tensor.bytes(9, bytes)
    this.#graph.message(5, tensor)
    return name
  }

  #addNode(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, AttributeValue>,
  ): void {
    const node = new Message()
    for (const input of inputs) node.text(1, input)
    for (const output of outputs) node.text(2, output)
    node.text(3, `${operator}_${outputs[0]}`).text(4, operator)
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value))
    this.#graph.message(1, node)
  }
}

function attribute(name: string, value: AttributeValue): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'number') return message.int(3, value).int(20, 2)
  if (typeof value === 'string') return message.text(4, value).int(20, 3)
  if ('float' in value) return message.float(2, value.float).int(20, 1)
  return message.ints(8, value).int(20, 7)
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Message {
  const dimensions = new Message()
  for (const size of shape) {
    dimensions.message(1, typeof size === 'number' ? new Message().int(1, size) : new Message().text(2, size))
  }
  const tensor = new Message().int(1, elementTypes[type]).message(2, dimensions)
  return new Message().text(1, name).message(2, new Message().message(1, tensor))
}
