/** Random access to a file by offset, checked against its size: a length that a file claims is never trusted. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { toAppError } from '../../../shared/errors.ts'
import { refuseCheckpoint } from './tensorSource.ts'

export type FileBytes = {
  readonly path: string
  readonly size: number
  /** Fills `target` from `offset`. @throws AppError `invalid-model` when the range leaves the file. */
  readInto(offset: number, target: Uint8Array): void
  /** `length` bytes from `offset`. @throws AppError `invalid-model` when the range leaves the file. */
  read(offset: number, length: number): Buffer
  close(): void
}

/** Largest piece given to one system call; the limit of `read` is just under 2 GiB. */
const pieceBytes = 1 << 30

/** Opens a file for reading by offset. @throws AppError when it cannot be opened. */
export function openFileBytes(path: string): FileBytes {
  let fd: number
  let size: number
  try {
    fd = openSync(path, 'r')
    size = fstatSync(fd).size
  } catch (caught) {
    throw toAppError(caught, path)
  }
  const check = (offset: number, length: number): void => {
    if (
      !Number.isSafeInteger(offset) ||
      !Number.isSafeInteger(length) ||
      offset < 0 ||
      length < 0 ||
      offset + length > size
    ) {
      throw refuseCheckpoint(
        path,
        `it claims ${length} bytes at offset ${offset} but ends at ${size} (damaged or cut off)`,
      )
    }
  }
  const readInto = (offset: number, target: Uint8Array): void => {
    check(offset, target.byteLength)
    let done = 0
    while (done < target.byteLength) {
      const length = Math.min(pieceBytes, target.byteLength - done)
      let count: number
      try {
        count = readSync(fd, target, done, length, offset + done)
      } catch (caught) {
        throw toAppError(caught, path)
      }
      if (count === 0) throw refuseCheckpoint(path, 'it became shorter while it was read')
      done += count
    }
  }
  return {
    path,
    size,
    readInto,
    read(offset, length) {
      check(offset, length)
      const target = Buffer.allocUnsafe(length)
      readInto(offset, target)
      return target
    },
    close: () => closeSync(fd),
  }
}
