/** All training processes, live: one stream for the window, which also tells when one has ended. */
import i18next from 'i18next'
import { create } from 'zustand'
import type { TrainingProcess } from '../../../../../shared/contract/training.ts'
import { invalidate, useEngineStream } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { showNotice } from '../../../app/notices.ts'
import type { StatusLook } from '../../../ui/Status.tsx'
import { toast } from '../../../ui/toasts.ts'
import { endingOf } from './ending.ts'

export type ProcessesState = { isLoaded: boolean; processes: ReadonlyMap<string, TrainingProcess> }

export const useProcesses = create<ProcessesState>(() => ({ isLoaded: false, processes: new Map() }))

/** Whether a process runs or waits to run. */
export const isLive = ({ status }: TrainingProcess): boolean => status !== 'ended'

/** The look of a process's state; how it ended counts more than that it ended. */
export function lookOfProcess({ status, reason }: TrainingProcess): StatusLook {
  if (status === 'queued') return 'waiting'
  if (status !== 'ended') return 'running'
  if (reason?.kind === 'finished') return 'ok'
  if (reason?.kind === 'stopped') return 'off'
  return reason?.kind === 'lost' ? 'warning' : 'failed'
}

/** The key of the word for a process's state. */
export const stateOfProcess = ({ status, reason }: TrainingProcess) =>
  status === 'ended' ? (reason?.kind ?? 'lost') : status

/** Keeps the processes up to date for the whole window. */
export function useProcessUpdates(): void {
  useEngineStream(
    'training.watch',
    {},
    {
      onEvent: (process) => {
        const { processes } = useProcesses.getState()
        const before = processes.get(process.id)
        useProcesses.setState({ isLoaded: true, processes: new Map(processes).set(process.id, process) })
        if (before && isLive(before) && !isLive(process)) announceEnd(process)
      },
      onReopen: () => useProcesses.setState({ processes: new Map() }),
    },
  )
}

/** Lets a process go from the list. */
export const forgetProcess = (id: string): void =>
  useProcesses.setState(({ processes }) => ({
    processes: new Map([...processes].filter(([other]) => other !== id)),
  }))

function announceEnd(process: TrainingProcess): void {
  invalidate('training.runs', 'training.checkpoints', 'training.monitor')
  const { title, reason, id } = process
  const ending = endingOf(reason, i18next.getFixedT(null, 'train'))
  const text = `${title}: ${ending}`
  const route = `/train/processes/${id}`
  showNotice({ title, body: ending, route })
  const isFine = reason?.kind === 'finished' || reason?.kind === 'stopped'
  toast({
    look: isFine ? 'ok' : 'failed',
    text,
    action: { label: i18next.t('actions.open'), perform: () => goTo(route) },
    ...(isFine ? { lastsMs: 12_000 } : {}),
  })
}
