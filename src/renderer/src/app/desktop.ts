/** What the window has beyond a page in a browser: its menu bar, and progress on its icon. */
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../api/queries.ts'
import { isMac } from '../ui/keys.ts'
import { allCommands, runCommand, useCommands } from './commands.ts'
import { goTo } from './hashLocation.ts'
import { liveJobs, useJobs } from './jobs.ts'
import { nativeMenu, workspaceOfMenuId } from './nativeMenu.ts'
import { openWorkspace } from './workspace.ts'

/** Keeps menu bar and icon up to date; does nothing in a browser. */
export function useDesktop(): void {
  useMenuBar()
  useIconProgress()
}

function useMenuBar(): void {
  const { t } = useTranslation()
  const lists = useCommands((state) => state.lists)
  const { data: known } = useEngineQuery('workspaces.list', {}, { enabled: window.parallax !== undefined })
  const menu = useMemo(
    () =>
      JSON.stringify(
        nativeMenu(
          allCommands(lists),
          (known ?? []).filter(({ exists }) => exists),
          t,
          isMac(),
        ),
      ),
    [lists, known, t],
  )
  // Command records are made anew on every rendering; the menu bar changes only when its text does.
  useEffect(() => window.parallax?.setMenu(JSON.parse(menu)), [menu])
  useEffect(
    () =>
      window.parallax?.onMenu((id) => {
        const root = workspaceOfMenuId(id)
        if (root === undefined) runCommand(id)
        else {
          openWorkspace(root)
          goTo('/')
        }
      }),
    [],
  )
}

function useIconProgress(): void {
  const percent = useJobs(({ jobs }) => {
    const progress = liveJobs(jobs)[0]?.progress
    return progress && progress.total > 0 ? Math.round((100 * progress.done) / progress.total) : undefined
  })
  useEffect(() => {
    window.parallax?.setProgress(percent === undefined ? undefined : Math.min(1, percent / 100))
  }, [percent])
}
