/** Arrays of floating-point numbers in numpy's `.npy` format, versions 1 to 3 (numpy.lib.format). */

/** An array in row order, whatever order the file had. */
export type NumpyArray = { shape: number[]; values: Float64Array }

const magic = Buffer.from('\x93NUMPY', 'latin1')
const headerAlignment = 64

/** Reads one array. @throws Error with a short reason when the bytes are not an array of floats. */
export function readNpy(bytes: Buffer): NumpyArray {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(magic)) throw new Error('is not a numpy array')
  const version = bytes[6]!
  if (version < 1 || version > 3) throw new Error(`has the unknown numpy format version ${version}`)
  const headerStart = version === 1 ? 10 : 12
  const headerEnd = headerStart + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8))
  if (headerEnd > bytes.length) throw new Error('is cut off')
  const { kind, isBigEndian, isFortranOrder, shape } = readHeader(
    bytes.toString('latin1', headerStart, headerEnd),
  )
  const count = shape.reduce((product, side) => product * side, 1)
  if (bytes.length - headerEnd !== count * kind) throw new Error('is cut off or longer than its shape says')
  // A copy of its own buffer: the array in the file starts at any offset and may have the other byte order.
  const data = Buffer.from(bytes.subarray(headerEnd))
  if (isBigEndian && kind === 4) data.swap32()
  if (isBigEndian && kind !== 4) data.swap64()
  const copied = data.buffer.slice(data.byteOffset, data.byteOffset + data.length)
  const stored = kind === 4 ? new Float64Array(new Float32Array(copied)) : new Float64Array(copied)
  return { shape, values: isFortranOrder && shape.length === 2 ? rowOrder(stored, shape) : stored }
}

/** The header is a Python dictionary; only the three entries that numpy writes, in any order, are understood. */
function readHeader(header: string): {
  kind: 4 | 8
  isBigEndian: boolean
  isFortranOrder: boolean
  shape: number[]
} {
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1]
  if (descr === undefined || order === undefined || shape === undefined)
    throw new Error('has no readable numpy header')
  const type = /^([<>=])f([48])$/.exec(descr)
  if (!type) throw new Error(`holds numbers of type ${descr}, not 32 or 64-bit floats`)
  const sides = shape.split(',').map((side) => side.replace('L', '').trim())
  return {
    kind: type[2] === '4' ? 4 : 8,
    isBigEndian: type[1] === '>',
    isFortranOrder: order === 'True',
    shape: sides.filter((side) => side !== '').map(Number),
  }
}

function rowOrder(columnOrder: Float64Array, shape: number[]): Float64Array {
  const [rows, columns] = shape as [number, number]
  const values = new Float64Array(columnOrder.length)
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) values[r * columns + c] = columnOrder[c * rows + r]!
  }
  return values
}

/** Writes a float64 array in row order, format version 1, as `numpy.save` does. */
export function writeNpy({ shape, values }: NumpyArray): Buffer {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sides}), }`
  const unpadded = magic.length + 4 + dictionary.length + 1
  const header =
    dictionary + ' '.repeat((headerAlignment - (unpadded % headerAlignment)) % headerAlignment) + '\n'
  const prefix = Buffer.alloc(4)
  prefix[0] = 1
  prefix.writeUInt16LE(header.length, 2)
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return Buffer.concat([magic, prefix, Buffer.from(header, 'latin1'), data])
}
