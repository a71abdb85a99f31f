import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packFiles, unpackFiles, type BundledFile } from '../../src/shared/fileBundle.ts'

const file: fc.Arbitrary<BundledFile> = fc.oneof(
  fc.record({
    contentType: fc.string(),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
  }),
  fc.record({ error: fc.record({ code: fc.constant('not-found' as const), message: fc.string() }) }),
  fc.constant({ isLeftOut: true as const }),
)

describe('files in one message', () => {
  it('come out as they went in, wherever the message lies in memory', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 8 }), fc.nat(9), (files, shift) => {
        const packed = packFiles(files)
        const elsewhere = new Uint8Array(packed.length + shift)
        elsewhere.set(packed, shift)
        expect(unpackFiles(elsewhere.subarray(shift))).toEqual(files)
      }),
    )
  })

  it('are refused when the message was cut off', () => {
    const packed = packFiles([{ contentType: 'image/png', bytes: Uint8Array.of(1, 2, 3) }])
    for (let length = 0; length < packed.length; length++)
      expect(() => unpackFiles(packed.subarray(0, length)), `${length} bytes`).toThrow()
  })
})
