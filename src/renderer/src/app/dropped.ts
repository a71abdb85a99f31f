/** What happens with a folder that was dropped on the window. */
import i18next from 'i18next'
import { engine } from '../api/connection.ts'
import { queryClient } from '../api/queries.ts'
import type { WorkspaceReport } from '../../../shared/contract/workspaces.ts'
import { useBenchmarkForm } from '../features/benchmark/benchmarkForm.ts'
import { formatCount } from '../ui/format.ts'
import { toast } from '../ui/toasts.ts'
import { goTo } from './hashLocation.ts'
import { openWorkspace } from './workspace.ts'

/**
 * A repository, or any folder of folders, is opened; a folder of frames becomes one side of a benchmark.
 *
 * @param root the workspace that is open, for a benchmark belongs to one.
 */
export async function takeDropped(path: string, root: string | undefined): Promise<void> {
  try {
    const { kind, frames } = await engine().call('workspaces.describe', { path })
    if (kind === 'file') {
      toast({ look: 'plain', text: i18next.t('drop.isFile'), lastsMs: 6000 })
    } else if (kind === 'frames' && root === undefined) {
      toast({ look: 'plain', text: i18next.t('drop.needsWorkspace'), lastsMs: 8000 })
    } else if (kind === 'frames') {
      benchmarkFrames(path, frames)
    } else {
      openWorkspace(path)
      goTo('/')
    }
  } catch (error) {
    toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
  }
}

function benchmarkFrames(path: string, frames: number): void {
  const reference = groundTruthFor(path)
  useBenchmarkForm.setState({ source: 'folders', prediction: path, reference: reference ?? '' })
  goTo('/benchmark')
  toast({
    look: 'ok',
    text: i18next.t(reference === undefined ? 'drop.frames' : 'drop.framesAndTruth', {
      frames: formatCount(frames),
    }),
    action: {
      label: i18next.t('drop.isTruth'),
      perform: () => useBenchmarkForm.setState({ reference: path, prediction: '' }),
    },
    lastsMs: 12_000,
  })
}

/** The ground truth of an open workspace whose map has the name of the folder, or of a folder around it. */
function groundTruthFor(path: string): string | undefined {
  const names = path.split(/[\\/]/).reverse()
  const reports = queryClient.getQueriesData<WorkspaceReport>({ queryKey: ['workspaces.open'] })
  const maps = reports.flatMap(([, report]) => report?.maps ?? [])
  const name = names.find((one) => maps.some(({ map }) => map === one))
  const found = maps.find(({ map }) => map === name)?.referenceDir
  return found === path ? undefined : found
}
