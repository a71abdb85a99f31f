/**
 * The building blocks of the contract: every operation of the studio is a query, a command or a stream with zod
 * schemas for what goes in and what comes out. Types are inferred from the schemas, never written twice.
 */
import type { z } from 'zod'

export type Operation = { kind: 'query' | 'command' | 'stream'; input: z.ZodType; output: z.ZodType }

/** Reads something and changes nothing. */
export const query = <I extends z.ZodType, O extends z.ZodType>(shape: { input: I; output: O }) => ({
  kind: 'query' as const,
  ...shape,
})
/** Changes something. */
export const command = <I extends z.ZodType, O extends z.ZodType>(shape: { input: I; output: O }) => ({
  kind: 'command' as const,
  ...shape,
})
/** Sends `output` values until it ends or the caller leaves. */
export const stream = <I extends z.ZodType, O extends z.ZodType>(shape: { input: I; output: O }) => ({
  kind: 'stream' as const,
  ...shape,
})

export type ContractPart = Record<string, Operation>
/** What a caller sends: fields with defaults may be left out. */
export type InputOf<O extends Operation> = z.input<O['input']>
export type OutputOf<O extends Operation> = z.output<O['output']>

/** The functions that answer a contract part; inputs arrive parsed. */
export type Handlers<Part extends ContractPart> = {
  [Name in keyof Part]: Part[Name]['kind'] extends 'stream'
    ? (
        input: z.output<Part[Name]['input']>,
        signal: AbortSignal,
      ) => AsyncIterable<z.output<Part[Name]['output']>>
    : (
        input: z.output<Part[Name]['input']>,
      ) => Promise<z.input<Part[Name]['output']>> | z.input<Part[Name]['output']>
}
