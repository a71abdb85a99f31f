/** Writes small checkpoints byte by byte, for files that torch itself would not write. */
import { writeFileSync } from 'node:fs'

type Entry = { name: string; data: Buffer; method?: number }

/** A zip archive with stored entries; `method` lies about the compression. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, method = 0 } of entries) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(data.length, 18)
    local.writeUInt32LE(data.length, 22)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(data.length, 20)
    central.writeUInt32LE(data.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    directory.push(central, Buffer.from(name))
    pieces.push(local, Buffer.from(name), data)
    offset += 30 + name.length + data.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, list, end])
}

/** Writes a torch zip file around a pickle program, with one storage of the given bytes. */
export function writeTorchZip(
  path: string,
  pickle: Buffer,
  storage: Buffer,
  extra: readonly Entry[] = [],
): string {
  writeFileSync(
    path,
    zipOf([{ name: 'm/data.pkl', data: pickle }, { name: 'm/data/0', data: storage }, ...extra]),
  )
  return path
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('X'), length, bytes])
}
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(5)
  bytes.write('J')
  bytes.writeInt32LE(value, 1)
  return bytes
}

/** The instructions of pickles, by what they do. */
export const op = {
  proto: Buffer.from([0x80, 2]),
  stop: Buffer.from('.'),
  mark: Buffer.from('('),
  tuple: Buffer.from('t'),
  reduce: Buffer.from('R'),
  persistentId: Buffer.from('Q'),
  emptyDict: Buffer.from('}'),
  setItem: Buffer.from('s'),
  false: Buffer.from([0x89]),
  text,
  int,
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  tupleOf: (...items: Buffer[]): Buffer => Buffer.concat([op.mark, ...items, op.tuple]),
}

/** A state dict with one float32 tensor `w` that claims the given storage length, offset, shape and stride. */
export function oneTensorPickle(claims: {
  length: number
  offset: number
  shape: number[]
  stride: number[]
}): Buffer {
  const storage = op.tupleOf(
    op.text('storage'),
    op.global('torch', 'FloatStorage'),
    op.text('0'),
    op.text('cpu'),
    op.int(claims.length),
  )
  const tensor = Buffer.concat([
    op.global('torch._utils', '_rebuild_tensor_v2'),
    op.tupleOf(
      Buffer.concat([storage, op.persistentId]),
      op.int(claims.offset),
      op.tupleOf(...claims.shape.map(op.int)),
      op.tupleOf(...claims.stride.map(op.int)),
      op.false,
      op.emptyDict,
    ),
    op.reduce,
  ])
  return Buffer.concat([op.proto, op.emptyDict, op.text('w'), tensor, op.setItem, op.stop])
}
