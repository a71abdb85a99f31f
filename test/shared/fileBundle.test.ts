import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOutBundle, unpackBundle, type BundledFile } from '../../src/shared/fileBundle.ts'

const file: fc.Arbitrary<BundledFile> = fc.oneof(
  fc.record({
    contentType: fc.string(),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
  }),
  fc.record({ error: fc.record({ code: fc.constant('not-found' as const), message: fc.string() }) }),
  fc.constant({ isLeftOut: true as const }),
)

function packed(files: readonly BundledFile[]): Uint8Array<ArrayBuffer> {
  const { message, parts } = layOutBundle(
    files.map((one) => ('bytes' in one ? { contentType: one.contentType, length: one.bytes.length } : one)),
  )
  files.forEach((one, index) => parts[index].set('bytes' in one ? one.bytes : []))
  return message
}

describe('files in one message', () => {
  it('come out as they went in, wherever the message lies in memory', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 8 }), fc.nat(9), (files, shift) => {
        const message = packed(files)
        const elsewhere = new Uint8Array(message.length + shift)
        elsewhere.set(message, shift)
        expect(unpackBundle(elsewhere.subarray(shift))).toEqual(files)
      }),
    )
  })

  it('are refused when the message was cut off', () => {
    const message = packed([{ contentType: 'image/png', bytes: Uint8Array.of(1, 2, 3) }])
    for (let length = 0; length < message.length; length++)
      expect(() => unpackBundle(message.subarray(0, length)), `${length} bytes`).toThrow()
  })
})
