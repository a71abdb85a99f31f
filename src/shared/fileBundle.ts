/**
 * Several files in one answer, so that many small pictures cost one request. The message is the length of a list as
 * 32 bits (little-endian), the list as JSON, and the bytes of the files one after another.
 */
import type { AppErrorData } from './errors.ts'

type NoFile =
  | { error: AppErrorData }
  /** There was no room for it: it is to be asked for by itself. */
  | { isLeftOut: true }

/** What the list says of a file: how many bytes it has, or why it is not there. */
export type BundleEntry = { contentType: string; length: number } | NoFile

export type BundledFile = { contentType: string; bytes: Uint8Array<ArrayBuffer> } | NoFile

const lengthBytes = 4

/**
 * Makes a message with room for the bytes of its files, which are then read straight into it.
 *
 * @param take gives memory for the message; what is in it stays there where files are read to.
 * @returns `parts` has a view of the message for each entry, an empty one where there is no file.
 */
export function layOutBundle(
  entries: readonly BundleEntry[],
  take: (length: number) => Uint8Array<ArrayBuffer> = (length) => new Uint8Array(length),
): {
  message: Uint8Array<ArrayBuffer>
  parts: Uint8Array<ArrayBuffer>[]
} {
  const list = new TextEncoder().encode(JSON.stringify(entries))
  const lengths = entries.map((entry) => ('length' in entry ? entry.length : 0))
  let at = lengthBytes + list.length
  const message = take(lengths.reduce((sum, length) => sum + length, at))
  new DataView(message.buffer, message.byteOffset).setUint32(0, list.length, true)
  message.set(list, lengthBytes)
  const parts = lengths.map((length) => message.subarray(at, (at += length)))
  return { message, parts }
}

/** @returns views of `message`, in the order of its list. @throws Error when it was cut off. */
export function unpackBundle(message: Uint8Array<ArrayBuffer>): BundledFile[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  let at = lengthBytes + view.getUint32(0, true)
  const entries = JSON.parse(new TextDecoder().decode(message.subarray(lengthBytes, at))) as BundleEntry[]
  return entries.map((entry) => {
    if (!('length' in entry)) return entry
    const bytes = message.subarray(at, at + entry.length)
    if (bytes.length < entry.length) throw new Error('The answer of the engine was cut off.')
    at += entry.length
    return { contentType: entry.contentType, bytes }
  })
}
