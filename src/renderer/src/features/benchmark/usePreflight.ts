import { keepPreviousData, useQueries } from '@tanstack/react-query'
import type { PreflightTarget } from '../../../../shared/contract/benchmark.ts'
import { queryOf } from '../../api/queries.ts'
import { useSettled } from '../../ui/useSettled.ts'
import type { BenchmarkInput } from './benchmarkForm.ts'

/** What the chosen requests would do. */
export type Preflight = {
  targets: PreflightTarget[]
  /** Why metrics will be skipped, by id. */
  skipped: ReadonlyMap<string, string>
  error: unknown
  retry(): void
  isLooking: boolean
}

/** Asks for the preflight of each request, a moment after the last change. */
export function usePreflight(requests: readonly BenchmarkInput[]): Preflight {
  const settled = useSettled(requests, 250)
  const answers = useQueries({
    queries: settled.map((request) => ({
      ...queryOf('benchmark.preflight', request),
      staleTime: 30_000,
      // What was found last stands until more is known, so that nothing jumps with every tick.
      placeholderData: keepPreviousData,
    })),
  })
  const failed = answers.find(({ error }) => error)
  return {
    targets: answers.flatMap(({ data }) => data?.targets ?? []),
    skipped: new Map(
      answers
        .flatMap(({ data }) => data?.metrics ?? [])
        .flatMap(({ id, skipped }) => (skipped === undefined ? [] : [[id, skipped] as const])),
    ),
    error: failed?.error,
    retry: () => void failed?.refetch(),
    isLooking:
      settled !== requests ||
      answers.some(({ isPending, isPlaceholderData }) => isPending || isPlaceholderData),
  }
}
