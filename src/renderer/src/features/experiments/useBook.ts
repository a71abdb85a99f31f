import { useEngineQuery } from '../../api/queries.ts'

/**
 * The lab book of a workspace: the one that was imported for it. Without a workspace the newest one.
 *
 * @param root of the workspace.
 */
export function useBook(root: string | undefined) {
  const books = useEngineQuery('experiments.books', {}, { staleTime: 2000, refetchInterval: 15_000 })
  const book = root === undefined ? books.data?.[0] : books.data?.find((candidate) => candidate.root === root)
  return { books, book }
}
