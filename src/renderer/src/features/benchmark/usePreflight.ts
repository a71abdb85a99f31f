import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { PreflightTarget } from '../../../../shared/contract/benchmark.ts'
import type { Output } from '../../api/client.ts'
import { queryClient, queryOf } from '../../api/queries.ts'
import { useSettled } from '../../ui/useSettled.ts'
import type { BenchmarkInput } from './benchmarkForm.ts'

/** What the chosen requests would do. */
export type Preflight = {
  targets: readonly PreflightTarget[]
  /** Why metrics will be skipped, by id. */
  skipped: ReadonlyMap<string, string>
  error: unknown
  retry(): void
  isLooking: boolean
  /** How many of the requests have been looked at, while `isLooking`. */
  looked: { done: number; total: number }
}

type Found = Pick<Preflight, 'targets' | 'skipped'>

/** So many questions are under way at once: folders are read in parallel, and the engine has room for others. */
const mostAtOnce = 6
/** How often the page hears how far it is. */
const reportEveryMs = 200

/** Asks for the preflight of every request, a moment after the last change. */
export function usePreflight(requests: readonly BenchmarkInput[]): Preflight {
  const settled = useSettled(requests, 250)
  const key = useMemo(() => JSON.stringify(settled), [settled])
  const [done, setDone] = useState(0)
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery<Found>({
    queryKey: ['benchmark.preflight', 'all', key],
    queryFn: ({ signal }) => lookAt(settled, signal, setDone),
    enabled: settled.length > 0,
    staleTime: 30_000,
    // What was found last stands until more is known, so that nothing jumps with every tick.
    placeholderData: keepPreviousData,
  })
  const isNothing = settled.length === 0
  return {
    targets: isNothing ? [] : (data?.targets ?? []),
    skipped: isNothing ? new Map() : (data?.skipped ?? new Map()),
    error: isNothing ? undefined : (error ?? undefined),
    retry: () => void refetch(),
    isLooking: settled !== requests || (!isNothing && (isPending || isPlaceholderData)),
    looked: { done, total: settled.length },
  }
}

/** Looks at the requests, some at a time. Each answer is kept for itself: one more tick asks one more question. */
async function lookAt(
  requests: readonly BenchmarkInput[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Found> {
  const answers: Output<'benchmark.preflight'>[] = []
  let next = 0
  let done = 0
  let reportedAt = performance.now()
  onProgress(0)
  const work = async () => {
    while (next < requests.length) {
      signal.throwIfAborted()
      const index = next++
      answers[index] = await queryClient.fetchQuery({
        ...queryOf('benchmark.preflight', requests[index]),
        staleTime: 30_000,
      })
      done++
      if (performance.now() - reportedAt < reportEveryMs) continue
      reportedAt = performance.now()
      onProgress(done)
    }
  }
  await Promise.all(Array.from({ length: mostAtOnce }, work))
  return {
    targets: answers.flatMap(({ targets }) => targets),
    skipped: new Map(
      answers
        .flatMap(({ metrics }) => metrics)
        .flatMap(({ id, skipped }) => (skipped === undefined ? [] : [[id, skipped] as const])),
    ),
  }
}
