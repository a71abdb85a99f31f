/**
 * A reader for the small part of Python's pickle format that checkpoints of weights need. A pickle is a program; this
 * one knows only the instructions that build plain data, and names of classes and functions are handed to a closed
 * list (`PickleHost.global`). Everything else is refused by name, nothing is ever called.
 *
 * Instructions: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
import type { ByteCursor } from './byteCursor.ts'

export type PickleValue =
  null | boolean | number | bigint | string | PickleValue[] | Map<PickleValue, PickleValue> | PickleObject

/** Values that a host makes from names: storages, tensors, functions. */
export type PickleObject = { readonly pickleKind: string }

/** What the reader asks of the format around the pickle. Every function refuses by throwing. */
export type PickleHost = {
  /** The object for a dotted name such as `torch._utils._rebuild_tensor_v2`. */
  global(name: string): PickleObject
  /** The result of applying a global to arguments (REDUCE, NEWOBJ). */
  apply(callee: PickleValue, args: PickleValue[]): PickleValue
  /** Gives an object its state (BUILD). */
  build(target: PickleValue, state: PickleValue): void
  /** The object behind a persistent id (BINPERSID). */
  persistent(id: PickleValue): PickleValue
  /** The error for anything not allowed; `why` completes "… was refused: …". */
  refuse(why: string): Error
}

/** Instructions that are known but not needed for weights, by their documented names, for a clear refusal. */
const refusedOpcodes: Record<number, string> = {
  0x30: 'POP', 0x31: 'POP_MARK', 0x32: 'DUP', 0x46: 'FLOAT', 0x49: 'INT', 0x4c: 'LONG', 0x50: 'PERSID',
  0x53: 'STRING', 0x56: 'UNICODE', 0x67: 'GET', 0x69: 'INST', 0x6f: 'OBJ', 0x70: 'PUT', 0x64: 'DICT', 0x6c: 'LIST',
  0x82: 'EXT1', 0x83: 'EXT2', 0x84: 'EXT4', 0x8b: 'LONG4', 0x8d: 'BINUNICODE8', 0x8e: 'BINBYTES8', 0x8f: 'EMPTY_SET',
  0x90: 'ADDITEMS', 0x91: 'FROZENSET', 0x92: 'NEWOBJ_EX', 0x96: 'BYTEARRAY8', 0x97: 'NEXT_BUFFER',
  0x98: 'READONLY_BUFFER', 0x42: 'BINBYTES', 0x43: 'SHORT_BINBYTES',
} // prettier-ignore

const mark = Symbol('mark')
type StackItem = PickleValue | typeof mark

/**
 * Reads one pickle from the cursor, up to and including its STOP.
 *
 * @throws what `host.refuse` makes, for an instruction, a name or a length that is not allowed.
 */
export function readPickle(cursor: ByteCursor, host: PickleHost): PickleValue {
  const stack: StackItem[] = []
  const memo = new Map<number, PickleValue>()

  const pop = (): PickleValue => {
    const item = stack.pop()
    if (item === undefined || item === mark) throw host.refuse('its pickle takes a value that is not there')
    return item
  }
  const popToMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark)
    if (from < 0) throw host.refuse('its pickle closes a group that was not opened')
    const items = stack.splice(from) as PickleValue[]
    items.shift()
    return items
  }
  const top = (): PickleValue => {
    const item = stack.at(-1)
    if (item === undefined || item === mark) throw host.refuse('its pickle uses a value that is not there')
    return item
  }
  const setItems = (pairs: PickleValue[]): void => {
    const target = top()
    if (!(target instanceof Map) || pairs.length % 2 !== 0)
      throw host.refuse('its pickle sets items of something that is no dictionary')
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1])
  }
  const append = (items: PickleValue[]): void => {
    const target = top()
    if (!Array.isArray(target)) throw host.refuse('its pickle appends to something that is no list')
    for (const item of items) target.push(item)
  }
  const tuple = (length: number): void => {
    const items: PickleValue[] = []
    for (let i = 0; i < length; i++) items.unshift(pop())
    stack.push(items)
  }
  const recall = (index: number): void => {
    const value = memo.get(index)
    if (value === undefined) throw host.refuse(`its pickle recalls value ${index}, which was never stored`)
    stack.push(value)
  }
  const apply = (): void => {
    const args = pop()
    const callee = pop()
    if (!Array.isArray(args)) throw host.refuse('its pickle calls something without a tuple of arguments')
    stack.push(host.apply(callee, args))
  }

  for (;;) {
    const opcode = cursor.u8()
    switch (opcode) {
      case 0x80: {
        // PROTO
        const protocol = cursor.u8()
        if (protocol < 2 || protocol > 5)
          throw host.refuse(`its pickle has protocol ${protocol}; 2 to 5 are known`)
        break
      }
      case 0x95: // FRAME: only a hint for readers that buffer
        cursor.take(8)
        break
      case 0x2e: // STOP
        return pop()
      case 0x28: // MARK
        stack.push(mark)
        break
      case 0x4e: // NONE
        stack.push(null)
        break
      case 0x88: // NEWTRUE
        stack.push(true)
        break
      case 0x89: // NEWFALSE
        stack.push(false)
        break
      case 0x4a: // BININT
        stack.push(cursor.take(4).readInt32LE(0))
        break
      case 0x4b: // BININT1
        stack.push(cursor.u8())
        break
      case 0x4d: // BININT2
        stack.push(cursor.take(2).readUInt16LE(0))
        break
      case 0x8a: // LONG1
        stack.push(longFrom(cursor.take(cursor.u8())))
        break
      case 0x47: // BINFLOAT
        stack.push(cursor.take(8).readDoubleBE(0))
        break
      case 0x55: // SHORT_BINSTRING (Python 2)
      case 0x8c: // SHORT_BINUNICODE
        stack.push(cursor.text(cursor.u8()))
        break
      case 0x54: // BINSTRING (Python 2)
      case 0x58: // BINUNICODE
        stack.push(cursor.text(cursor.take(4).readUInt32LE(0)))
        break
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([])
        break
      case 0x7d: // EMPTY_DICT
        stack.push(new Map())
        break
      case 0x74: // TUPLE
        stack.push(popToMark())
        break
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        tuple(opcode - 0x84)
        break
      case 0x61: // APPEND
        append([pop()])
        break
      case 0x65: // APPENDS
        append(popToMark())
        break
      case 0x73: {
        // SETITEM
        const value = pop()
        setItems([pop(), value])
        break
      }
      case 0x75: // SETITEMS
        setItems(popToMark())
        break
      case 0x71: // BINPUT
        memo.set(cursor.u8(), top())
        break
      case 0x72: // LONG_BINPUT
        memo.set(cursor.take(4).readUInt32LE(0), top())
        break
      case 0x94: // MEMOIZE
        memo.set(memo.size, top())
        break
      case 0x68: // BINGET
        recall(cursor.u8())
        break
      case 0x6a: // LONG_BINGET
        recall(cursor.take(4).readUInt32LE(0))
        break
      case 0x63: {
        // GLOBAL
        const module = cursor.line()
        stack.push(host.global(`${module}.${cursor.line()}`))
        break
      }
      case 0x93: {
        // STACK_GLOBAL
        const name = pop()
        const module = pop()
        stack.push(host.global(`${String(module)}.${String(name)}`))
        break
      }
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        apply()
        break
      case 0x62: {
        // BUILD
        const state = pop()
        host.build(top(), state)
        break
      }
      case 0x51: // BINPERSID
        stack.push(host.persistent(pop()))
        break
      default: {
        const name = refusedOpcodes[opcode] ?? `0x${opcode.toString(16).padStart(2, '0')}`
        throw host.refuse(`its pickle holds the instruction ${name}, which weights never need`)
      }
    }
  }
}

/** A little-endian two's complement integer; a number when it fits. */
function longFrom(bytes: Buffer): number | bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i])
  if (bytes.length > 0 && bytes[bytes.length - 1] & 0x80) value -= 1n << BigInt(8 * bytes.length)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
