import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** The last `bytes` of a file as text; empty when it cannot be read. */
export function fileEnd(path: string, bytes: number): string {
  try {
    const { size } = statSync(path)
    const length = Math.min(size, bytes)
    const buffer = Buffer.alloc(length)
    const file = openSync(path, 'r')
    try {
      readSync(file, buffer, 0, length, size - length)
    } finally {
      closeSync(file)
    }
    return buffer.toString('utf8')
  } catch {
    return ''
  }
}
