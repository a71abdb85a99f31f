/** The question that opens a comparison, asked by its page, or before it is drawn. */
import { queryClient, queryOf } from '../../api/queries.ts'
import { parseAddress, type CompareAddress } from './address.ts'

/** What is asked of an address: its runs and videos. */
export const openInput = ({ runIds, clips }: CompareAddress) => ({ runIds, clips })

/** Frames and scores of a run stay as they are; of 100,000 frames they take room. */
export const openOptions = { staleTime: Infinity, gcTime: 60_000 }

/** Asks for what an address shows. */
export function askFirst(query: URLSearchParams): void {
  const address = parseAddress(query)
  // Videos are read first, which is a question of its own.
  if (address.runIds.length === 0 || address.clips.length > 0) return
  void queryClient.prefetchQuery({ ...queryOf('compare.open', openInput(address)), ...openOptions })
}
