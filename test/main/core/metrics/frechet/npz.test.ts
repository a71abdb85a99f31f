import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readStatistics, writeStatistics } from '../../../../../src/main/core/metrics/frechet/npz.ts'
import { covarianceOf, featureStatistics } from '../../../../../src/main/core/metrics/frechet/statistics.ts'
import { noiseFeatures } from '../features.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parallax-npz-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An array as numpy could have written it, with any type, order and format version. */
function npy(shape: string, data: Buffer, { descr = '<f8', isFortran = false, version = 1 } = {}): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) length.writeUInt16LE(header.length)
  else length.writeUInt32LE(header.length)
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    data,
  ])
}

/** An archive with a comment, extra fields and, if asked, deflated entries. */
function zip(entries: Record<string, Buffer>, isDeflated = false): Buffer {
  const parts: Buffer[] = []
  const contents: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of Object.entries(entries)) {
    const packed = isDeflated ? deflateRawSync(bytes) : bytes
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(isDeflated ? 8 : 0, 8)
    // numpy writes zip64 placeholders into the local header; only the table of contents counts.
    local.writeUInt32LE(0xffffffff, 18)
    local.writeUInt32LE(0xffffffff, 22)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(20, 28)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(isDeflated ? 8 : 0, 10)
    central.writeUInt32LE(crc32(bytes), 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(bytes.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    parts.push(local, Buffer.from(name), Buffer.alloc(20), packed)
    contents.push(central, Buffer.from(name))
    offset += 30 + name.length + 20 + packed.length
  }
  const table = Buffer.concat(contents)
  const comment = Buffer.from('made for a test')
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(entries).length, 8)
  end.writeUInt16LE(Object.keys(entries).length, 10)
  end.writeUInt32LE(table.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, table, end, comment])
}

function doubles(...values: number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer)
}

function file(name: string, bytes: Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const mu = npy('(2,)', doubles(1, 2))
const sigma = npy('(2, 2)', doubles(4, 1, 1, 9))

describe('statistics in .npz files', () => {
  test.each([
    ['few samples', 9, 16],
    ['many samples', 40, 16],
  ])('come back exactly after writing those of %s', (name, count, dimension) => {
    const statistics = featureStatistics(noiseFeatures(1, count, dimension), dimension)
    const path = join(folder, `${name}.npz`)
    writeStatistics(path, statistics)
    const read = readStatistics(path)
    expect(read).toMatchObject({ dimension, count: undefined })
    expect(read.mean).toEqual(statistics.mean)
    expect(covarianceOf(read)).toEqual(covarianceOf(statistics))
    expect(readdirSync(folder)).not.toContainEqual(expect.stringContaining('.part'))
  })

  test('are written with the header that numpy aligns to 64 bytes', () => {
    const path = join(folder, 'header.npz')
    writeStatistics(path, featureStatistics(noiseFeatures(1, 5, 3), 3))
    const bytes = readFileSync(path)
    const start = bytes.indexOf('\x93NUMPY', 0, 'latin1')
    const headerLength = bytes.readUInt16LE(start + 8)
    expect((10 + headerLength) % 64).toBe(0)
    expect(bytes.toString('latin1', start + 10, start + 10 + headerLength).trimEnd()).toBe(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
    )
  })

  const skewed = (order: number[]): Buffer => doubles(...order.map((at) => [4, 1, 1.00001, 9][at]!))
  test.each([
    ['deflated', zip({ 'mu.npy': mu, 'sigma.npy': sigma }, true)],
    ['among other arrays', zip({ 'other.npy': npy('()', doubles(5)), 'sigma.npy': sigma, 'mu.npy': mu })],
    [
      'in format version 2',
      zip({ 'mu.npy': npy('(2,)', doubles(1, 2), { version: 2 }), 'sigma.npy': sigma }),
    ],
    [
      'in single precision',
      zip({
        'mu.npy': npy('(2,)', Buffer.from(Float32Array.of(1, 2).buffer), { descr: '<f4' }),
        'sigma.npy': npy('(2, 2)', Buffer.from(Float32Array.of(4, 1, 1, 9).buffer), { descr: '<f4' }),
      }),
    ],
    [
      'in big-endian order',
      zip({ 'mu.npy': npy('(2,)', doubles(1, 2).swap64(), { descr: '>f8' }), 'sigma.npy': sigma }),
    ],
  ])('are read when %s', (name, archive) => {
    const read = readStatistics(file(`${name}.npz`, archive))
    expect([...read.mean]).toEqual([1, 2])
    expect([...covarianceOf(read).values]).toEqual([4, 1, 1, 9])
  })

  // numpy 2.4.6: savez_compressed(path, mu=[1, 2], sigma=asfortranarray([[4, 1], [1, 9]]))
  const fromNumpy =
    'UEsDBC0AAAAIAAAAIQBkW6q///////////8GABQAbXUubnB5AQAQAJAAAAAAAAAATAAAAAAAAACb7BfqGxDJyFDGUK' +
    '2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBjD4YA+hGRwAUEsD' +
    'BC0AAAAIAAAAIQDVZ12m//////////8JABQAc2lnbWEubnB5AQAQAKAAAAAAAAAAUQAAAAAAAACb7BfqGxDJyFDGUK' +
    '2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChIPKSpNBQoXZyQWpAK5GkY6CkaaOgq1CuQDLgYwEHCA0B/sUWkl' +
    'BwBQSwECLQMtAAAACAAAACEAZFuqv0wAAACQAAAABgAAAAAAAAAAAAAAgAEAAAAAbXUubnB5UEsBAi0DLQAAAAgAAA' +
    'AhANVnXaZRAAAAoAAAAAkAAAAAAAAAAAAAAIABhAAAAHNpZ21hLm5weVBLBQYAAAAAAgACAGsAAAAQAQAAAAA='
  test('are read from a file that numpy wrote', () => {
    const read = readStatistics(file('numpy.npz', Buffer.from(fromNumpy, 'base64')))
    expect([...read.mean]).toEqual([1, 2])
    expect([...covarianceOf(read).values]).toEqual([4, 1, 1, 9])
  })

  test('are read in Fortran order with rows and columns in their places', () => {
    const fortran = npy('(2, 2)', skewed([0, 2, 1, 3]), { isFortran: true })
    const plain = npy('(2, 2)', skewed([0, 1, 2, 3]))
    const [a, b] = [fortran, plain].map((array, i) =>
      readStatistics(file(`order${i}.npz`, zip({ 'mu.npy': mu, 'sigma.npy': array }))),
    )
    expect(covarianceOf(a!)).toEqual(covarianceOf(b!))
    expect(covarianceOf(a!).values[1]).toBe(1)
  })

  const whole = zip({ 'mu.npy': mu, 'sigma.npy': sigma })
  const flipped = Buffer.from(whole)
  flipped[flipped.indexOf(doubles(9))]! ^= 1
  test.each([
    ['empty', Buffer.alloc(0), 'is not a zip archive'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n and no archive at all', 'latin1'), 'is not a zip archive'],
    ['cut off', whole.subarray(0, whole.length - 60), 'is not a zip archive'],
    ['missing its beginning', whole.subarray(90), 'damaged'],
    ['changed in one bit', flipped, 'damaged entry sigma.npy'],
    ['without sigma', zip({ 'mu.npy': mu }), 'holds no array named sigma'],
    [
      'of text',
      zip({ 'mu.npy': Buffer.from('1 2 and some more'), 'sigma.npy': sigma }),
      'mu that is not a numpy array',
    ],
    [
      'of integers',
      zip({ 'mu.npy': npy('(2,)', doubles(1, 2), { descr: '<i8' }), 'sigma.npy': sigma }),
      'numbers of type <i8',
    ],
    [
      'of pickled objects',
      zip({ 'mu.npy': npy('(2,)', doubles(1, 2), { descr: '|O' }), 'sigma.npy': sigma }),
      'numbers of type |O',
    ],
    [
      'shorter than its shape',
      zip({ 'mu.npy': mu, 'sigma.npy': npy('(2, 2)', doubles(4, 1, 1)) }),
      'sigma that is cut off',
    ],
    [
      'with a huge shape',
      zip({ 'mu.npy': mu, 'sigma.npy': npy('(99999999, 99999999)', doubles(4)) }),
      'sigma that is cut off',
    ],
    [
      'of unequal dimensions',
      zip({ 'mu.npy': npy('(3,)', doubles(1, 2, 3)), 'sigma.npy': sigma }),
      'does not fit mu of 3 values',
    ],
    [
      'with a column as mu',
      zip({ 'mu.npy': npy('(2, 1)', doubles(1, 2)), 'sigma.npy': sigma }),
      'not one row',
    ],
    [
      'with NaN',
      zip({ 'mu.npy': npy('(2,)', doubles(1, NaN)), 'sigma.npy': sigma }),
      'mu that are not finite',
    ],
    [
      'with a negative variance',
      zip({ 'mu.npy': mu, 'sigma.npy': npy('(2, 2)', doubles(4, 0, 0, -1)) }),
      'negative variance',
    ],
    [
      'not symmetric',
      zip({ 'mu.npy': mu, 'sigma.npy': npy('(2, 2)', doubles(4, 1, 2, 9)) }),
      'not symmetric',
    ],
  ])('are refused in words when the file is %s', (name, archive, words) => {
    const path = file(`bad ${name}.npz`, archive)
    expect(() => readStatistics(path)).toThrow(
      expect.objectContaining({ code: 'unreadable', message: expect.stringContaining(words) }),
    )
    expect(() => readStatistics(path)).toThrow(path)
  })

  test('are refused when an entry unpacks to more than it says', () => {
    const bomb = zip({ 'mu.npy': mu, 'sigma.npy': Buffer.alloc(50_000_000) }, true)
    const sizeField = bomb.lastIndexOf('sigma.npy') - 46 + 24
    bomb.writeUInt32LE(1000, sizeField)
    expect(() => readStatistics(file('bomb.npz', bomb))).toThrow(
      expect.objectContaining({ code: 'unreadable' }),
    )
  })

  test('name a missing file, and a folder that cannot be written to', () => {
    expect(() => readStatistics(join(folder, 'none.npz'))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    const statistics = featureStatistics(noiseFeatures(1, 5, 3), 3)
    expect(() => writeStatistics(join(folder, 'none', 'a.npz'), statistics)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
  })
})
