/** What a network needs from its checkpoint: names (with the other names it goes by) and exact shapes. */
import { AppError } from '../../../shared/errors.ts'
import type { Tensor, TensorSource } from '../checkpoints/tensorSource.ts'

/** `names` lists the official name first, then names that other programs save the same tensor under. */
export type ExpectedTensor = { names: readonly string[]; shape: readonly number[] }

const listed = 3

/**
 * Checks that a checkpoint has every tensor with its exact shape.
 *
 * @param purpose names the network in the error, such as "LPIPS alex".
 * @throws AppError `invalid-model` that names the first missing or misshapen tensors.
 */
export function checkTensors(
  source: TensorSource,
  expected: readonly ExpectedTensor[],
  purpose: string,
): void {
  const problems = problemsOf(source, expected)
  if (problems.length === 0) return
  const rest = problems.length > listed ? ` and ${problems.length - listed} more` : ''
  throw new AppError(
    'invalid-model',
    `${source.path} is not a checkpoint for ${purpose}: ${problems.slice(0, listed).join('; ')}${rest}.`,
    {
      hint: `Use the official weights of ${purpose}; "models list" names the file and its address.`,
      details: { problems },
    },
  )
}

/** What is missing or has another shape, one sentence each; empty when the checkpoint fits. */
export function problemsOf(source: TensorSource, expected: readonly ExpectedTensor[]): string[] {
  const problems: string[] = []
  for (const tensor of expected) {
    const name = nameIn(source, tensor.names)
    if (name === undefined) problems.push(`"${tensor.names[0]}" is missing`)
    else {
      const shape = source.shapeOf(name)
      if (shape.join() !== tensor.shape.join()) {
        problems.push(`"${name}" has shape [${shape.join(', ')}] instead of [${tensor.shape.join(', ')}]`)
      }
    }
  }
  return problems
}

/** Reads a tensor by the first of its names that the checkpoint has. @throws AppError `invalid-model`. */
export function takeTensor(source: TensorSource, names: readonly string[]): Tensor {
  return source.get(nameIn(source, names) ?? names[0])
}

const nameIn = (source: TensorSource, names: readonly string[]): string | undefined =>
  names.find((name) => source.has(name))
