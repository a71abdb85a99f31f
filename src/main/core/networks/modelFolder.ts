/** A temporary folder with a model and its weights, for models too large to be built in memory. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toAppError } from '../../../shared/errors.ts'
import type { OnnxModel, WeightFile } from './graphBuilder.ts'

export type ModelFolder = {
  weights: WeightFile
  /** Writes the model and returns its path. */
  finish(model: OnnxModel): string
  /** Deletes the folder. Where the system keeps mapped files (Windows), it does so only after the session ended. */
  remove(): void
}

/** Offsets are multiples of this, so that the runtime can map the weights instead of copying them. */
const alignmentBytes = 4096

/** @throws AppError `disk-full` or `permission` when the temporary folder cannot be written, now or later. */
export function createModelFolder(): ModelFolder {
  const guarded = <T>(action: () => T): T => {
    try {
      return action()
    } catch (caught) {
      throw toAppError(caught, join(tmpdir(), 'parallax-model'))
    }
  }
  const folder = guarded(() => mkdtempSync(join(tmpdir(), 'parallax-model-')))
  const fd = guarded(() => openSync(join(folder, 'weights.bin'), 'w'))
  let end = 0
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  return {
    weights: {
      name: 'weights.bin',
      append: (bytes) =>
        guarded(() => {
          const start = Math.ceil(end / alignmentBytes) * alignmentBytes
          for (let done = 0; done < bytes.byteLength;)
            done += writeSync(fd, bytes, done, bytes.byteLength - done, start + done)
          end = start + bytes.byteLength
          return start
        }),
    },
    finish: (model) =>
      guarded(() => {
        close()
        const path = join(folder, 'model.onnx')
        writeFileSync(path, Buffer.concat(model.pieces))
        return path
      }),
    remove: () => {
      close()
      try {
        rmSync(folder, { recursive: true, force: true })
      } catch {
        // still mapped by the session: `remove` is called again when it is released
      }
    },
  }
}
