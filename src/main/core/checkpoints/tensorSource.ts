/**
 * What every checkpoint reader gives: named tensors that are read from disk one at a time, so that a 1.7 GB file is
 * never held in memory twice. All values are handed out as float32, whatever the file stores.
 */
import { AppError } from '../../../shared/errors.ts'

/** A dense tensor in row-major order (last axis fastest). */
export type Tensor = { shape: number[]; data: Float32Array }

export const checkpointFormats = ['torch-zip', 'torch-legacy', 'safetensors', 'layer-folder'] as const
export type CheckpointFormat = (typeof checkpointFormats)[number]

/** An opened checkpoint. Names and shapes are known at once; values are read when asked for. */
export type TensorSource = {
  readonly path: string
  readonly format: CheckpointFormat
  readonly names: readonly string[]
  has(name: string): boolean
  /** @throws AppError `invalid-model` when the checkpoint has no such tensor. */
  shapeOf(name: string): readonly number[]
  /** @throws AppError `invalid-model` when the checkpoint has no such tensor or its bytes are out of bounds. */
  get(name: string): Tensor
  /** Releases the file. Tensors already read stay valid. */
  close(): void
}

/** Where a reader finds one tensor. */
export type TensorEntry = { shape: number[]; read(): Float32Array }

/** The error for a checkpoint that is not used. `why` completes "… was refused: …". */
export function refuseCheckpoint(path: string, why: string, details?: Record<string, unknown>): AppError {
  return new AppError('invalid-model', `${path} was refused: ${why}.`, {
    hint: 'Nothing in the file was executed. Get the file again from its official address (see "models list").',
    ...(details === undefined ? {} : { details }),
  })
}

/** Builds a `TensorSource` from a table of entries; shared by all readers. */
export function tensorSource(
  path: string,
  format: CheckpointFormat,
  entries: Map<string, TensorEntry>,
  close: () => void,
): TensorSource {
  const entryOf = (name: string): TensorEntry => {
    const entry = entries.get(name)
    if (entry === undefined)
      throw refuseCheckpoint(path, `it has no tensor named "${name}"`, { missing: name })
    return entry
  }
  return {
    path,
    format,
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    shapeOf: (name) => entryOf(name).shape,
    get: (name) => {
      const entry = entryOf(name)
      return { shape: [...entry.shape], data: entry.read() }
    },
    close,
  }
}

/** Number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
