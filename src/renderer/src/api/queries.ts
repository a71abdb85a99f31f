/** Contract operations as React hooks: cached queries, commands, streams. */
import {
  QueryClient,
  useMutation,
  useQuery,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { AppError } from '../../../shared/errors.ts'
import {
  isConnectionError,
  type CallName,
  type Input,
  type Output,
  type QueryName,
  type StreamListener,
  type StreamName,
} from './client.ts'
import { engine, useConnection } from './connection.ts'

/** Refused questions are not asked again; those that were cut off are, once the connection stands. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => isConnectionError(error) && count < 3,
      retryDelay: 400,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      staleTime: 10_000,
    },
    mutations: { networkMode: 'always' },
  },
})

type Options<Value> = Pick<
  UseQueryOptions<Value, AppError>,
  'enabled' | 'staleTime' | 'placeholderData' | 'refetchInterval' | 'gcTime'
>

/** The cache key of an operation with its input. */
export const keyOf = <Name extends CallName>(name: Name, input?: Input<Name>) =>
  input === undefined ? [name] : [name, input]

/** Options of a cached question, for `useQueries` and prefetching. */
export const queryOf = <Name extends QueryName>(name: Name, input: Input<Name>) => ({
  queryKey: keyOf(name, input),
  queryFn: () => engine().call(name, input),
})

/** Asks the engine and keeps the answer. */
export function useEngineQuery<Name extends QueryName>(
  name: Name,
  input: Input<Name>,
  options: Options<Output<Name>> = {},
): UseQueryResult<Output<Name>, AppError> {
  return useQuery<Output<Name>, AppError>({ ...queryOf(name, input), ...options })
}

/** A command as a mutation; `mutate(input)` runs it. */
export function useEngineCommand<Name extends CallName>(
  name: Name,
  options: {
    onSuccess?(value: Output<Name>, input: Input<Name>): void
    onError?(error: AppError): void
  } = {},
) {
  return useMutation<Output<Name>, AppError, Input<Name>>({
    mutationFn: (input) => engine().call(name, input),
    ...options,
  })
}

/** Listens to a stream while mounted. The listener may change from one rendering to the next. */
export function useEngineStream<Name extends StreamName>(
  name: Name,
  input: Input<Name>,
  listener: StreamListener<Output<Name>>,
): void {
  const remote = useConnection((connection) => connection.remote)
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  const key = JSON.stringify(input)
  useEffect(
    () =>
      engine().open(name, JSON.parse(key) as Input<Name>, {
        onEvent: (event) => latest.current.onEvent(event),
        onEnd: (error) => latest.current.onEnd?.(error),
        onReopen: () => latest.current.onReopen?.(),
      }),
    [name, key, remote],
  )
}

/** Forgets answers of operations whose name begins with one of `prefixes`, so that they are asked again. */
export function invalidate(...prefixes: string[]): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [name] }) => prefixes.some((prefix) => String(name).startsWith(prefix)),
  })
}

/**
 * Asks everything again after another engine, or the same one anew, has been reached. What an engine tells of itself
 * is gone at once; the rest stays on the screen until its answer comes.
 */
export function askEverythingAgain(): void {
  void queryClient.resetQueries({ queryKey: keyOf('system.info') })
  invalidate('')
}
