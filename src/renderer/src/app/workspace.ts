/** The workspace of this window: which one is open, and what a scan found in it. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { WorkspaceReport } from '../../../shared/contract/workspaces.ts'
import type { AppError } from '../../../shared/errors.ts'
import { engine, useConnection } from '../api/connection.ts'
import { invalidate, keyOf, queryClient, useEngineQuery } from '../api/queries.ts'
import { usePreferences } from './preferences.ts'

const engineKey = () => useConnection.getState().remote?.origin ?? 'own'

/** Opens a workspace in this window; it is scanned when a page asks for it. An empty root closes it. */
export function openWorkspace(root: string): void {
  queryClient.removeQueries({ queryKey: keyOf('workspaces.open', { root }) })
  usePreferences.setState(({ workspaces }) => ({ workspaces: { ...workspaces, [engineKey()]: root } }))
}

/** Root of the open workspace: the one of last time, else the newest the engine knows. `undefined` when there is none. */
export function useWorkspaceRoot(): string | undefined {
  const remote = useConnection((connection) => connection.remote)
  const chosen = usePreferences(({ workspaces }) => workspaces[remote?.origin ?? 'own'])
  const { data: known } = useEngineQuery('workspaces.list', {}, { enabled: chosen === undefined })
  const root = chosen ?? known?.find(({ exists }) => exists)?.root
  return root === '' ? undefined : root
}

/** The scan of the open workspace. Asked once; `rescan` asks again. */
export function useWorkspace(): UseQueryResult<WorkspaceReport, AppError> & { root: string | undefined } {
  const root = useWorkspaceRoot()
  const query = useQuery<WorkspaceReport, AppError>({
    queryKey: keyOf('workspaces.open', { root: root ?? '' }),
    queryFn: async () => {
      const report = await engine().call('workspaces.open', { root: root ?? '' })
      invalidate('workspaces.list')
      return report
    },
    enabled: root !== undefined,
    staleTime: Infinity,
  })
  return { ...query, root }
}
