/** A short name of the contract as it is, so that a page and an engine of different versions notice. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { contract } from '../../shared/contract/index.ts'

let known: string | undefined

/** 12 hex digits that change with every operation, input and output of the contract. Takes 0.1 s the first time. */
export function contractFingerprint(): string {
  return (known ??= createHash('sha256').update(contractText()).digest('hex').slice(0, 12))
}

function contractText(): string {
  const schema = (type: z.ZodType, io: 'input' | 'output') =>
    z.toJSONSchema(type, { io, unrepresentable: 'any' })
  return JSON.stringify(
    Object.entries(contract)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { kind, input, output }]) => [
        name,
        kind,
        schema(input, 'input'),
        schema(output, 'output'),
      ]),
  )
}
