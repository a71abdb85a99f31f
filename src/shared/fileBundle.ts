/**
 * Several files in one answer, so that many small pictures cost one request. The message is the length of a list as
 * 32 bits (little-endian), the list as JSON, and the bytes of the files one after another.
 */
import type { AppErrorData } from './errors.ts'

export type BundledFile =
  | { contentType: string; bytes: Uint8Array<ArrayBuffer> }
  | { error: AppErrorData }
  /** There was no room for it: it is to be asked for by itself. */
  | { isLeftOut: true }

/** What the list says of a file: instead of its bytes, how many they are. */
type Entry = { contentType: string; length: number } | Exclude<BundledFile, { bytes: unknown }>

const lengthBytes = 4

export function packFiles(files: readonly BundledFile[]): Uint8Array<ArrayBuffer> {
  const entries = files.map((file): Entry =>
    'bytes' in file ? { contentType: file.contentType, length: file.bytes.length } : file,
  )
  const list = new TextEncoder().encode(JSON.stringify(entries))
  const contents = files.flatMap((file) => ('bytes' in file ? [file.bytes] : []))
  const total = contents.reduce((sum, { length }) => sum + length, lengthBytes + list.length)
  const message = new Uint8Array(total)
  new DataView(message.buffer).setUint32(0, list.length, true)
  let at = lengthBytes
  for (const part of [list, ...contents]) {
    message.set(part, at)
    at += part.length
  }
  return message
}

/** @returns views of `message`, in the order in which the files were packed. @throws Error when it was cut off. */
export function unpackFiles(message: Uint8Array<ArrayBuffer>): BundledFile[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  let at = lengthBytes + view.getUint32(0, true)
  const entries = JSON.parse(new TextDecoder().decode(message.subarray(lengthBytes, at))) as Entry[]
  return entries.map((entry) => {
    if (!('length' in entry)) return entry
    const bytes = message.subarray(at, at + entry.length)
    if (bytes.length < entry.length) throw new Error('The answer of the engine was cut off.')
    at += entry.length
    return { contentType: entry.contentType, bytes }
  })
}
