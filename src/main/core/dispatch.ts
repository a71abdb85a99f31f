/**
 * The one way into the studio. Every door (window, browser, terminal, test) sends a name and raw input; the input is
 * parsed by the contract before a handler sees it, and every outcome is data.
 */
import { z } from 'zod'
import type { ContractPart, Handlers, Operation } from '../../shared/contract/operation.ts'
import { AppError, toAppError, type AppErrorData } from '../../shared/errors.ts'

export type Reply = { ok: true; value: unknown } | { ok: false; error: AppErrorData }

export type Dispatcher = {
  /** Runs a query or a command. Never throws. */
  call(name: string, input: unknown): Promise<Reply>
  /** Opens a stream. Throws `AppError` when the name or the input is wrong. */
  open(name: string, input: unknown, signal: AbortSignal): AsyncIterable<unknown>
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown

/**
 * Joins the contract with its handlers.
 *
 * @param onInternalError told of errors that are ours (a bug), with their cause, for the log.
 */
export function createDispatcher<Part extends ContractPart>(
  contract: Part,
  handlers: Handlers<Part>,
  onInternalError: (name: string, error: AppError) => void = () => {},
): Dispatcher {
  const find = (name: string): [Operation, AnyHandler] => {
    if (!Object.hasOwn(contract, name)) throw new AppError('usage', `There is no operation "${name}".`)
    return [contract[name], (handlers as unknown as Record<string, AnyHandler>)[name]]
  }
  return {
    async call(name, input) {
      try {
        const [operation, handler] = find(name)
        if (operation.kind === 'stream')
          throw new AppError('usage', `"${name}" is a stream; open it instead.`)
        return {
          ok: true,
          value: await handler(parseInput(name, operation, input), new AbortController().signal),
        }
      } catch (caught) {
        const error = toAppError(caught)
        if (error.code === 'internal') onInternalError(name, error)
        return { ok: false, error: error.toData() }
      }
    },
    open(name, input, signal) {
      const [operation, handler] = find(name)
      if (operation.kind !== 'stream')
        throw new AppError('usage', `"${name}" is not a stream; call it instead.`)
      return handler(parseInput(name, operation, input), signal) as AsyncIterable<unknown>
    },
  }
}

function parseInput(name: string, operation: Operation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = z.prettifyError(parsed.error)
  throw new AppError('usage', `${name}: the request is not valid.\n${issues}`, {
    details: { issues: parsed.error.issues },
  })
}
