/** Commands that work everywhere: one for each page of the rail, and those of the window. */
import {
  Cable,
  Contrast,
  FolderOpen,
  Keyboard,
  Languages,
  RotateCw,
  Rows2,
  Search,
  SquareX,
} from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { engine, useConnection } from '../api/connection.ts'
import { railKeys, routes } from '../features/routes.ts'
import { usePageTitle } from '../features/usePageTitle.ts'
import { useCommandList, type Command } from './commands.ts'
import { showDialog } from './dialogs.ts'
import { goTo } from './hashLocation.ts'
import { liveJobs, useJobs } from './jobs.ts'
import { usePreferences } from './preferences.ts'
import { useChooseWorkspace } from './useChooseWorkspace.ts'

/** Offers the commands of the window. */
export function useWindowCommands(): void {
  const { t, i18n } = useTranslation()
  const titleOf = usePageTitle()
  const state = useConnection((connection) => connection.state)
  const runningId = useJobs(({ jobs }) => liveJobs(jobs)[0]?.id)
  const chooseWorkspace = useChooseWorkspace()
  const commands = useMemo((): Command[] => {
    const pages = routes
      .filter(({ icon }) => icon !== undefined)
      .map(({ feature, path, icon }, index): Command => ({
        id: `go.${feature}`,
        title: t('commands.goTo', { page: titleOf(feature) }),
        icon,
        keys: railKeys(index),
        scope: 'window',
        isForTyping: true,
        perform: () => goTo(path),
      }))
    return [
      {
        id: 'window.palette',
        title: t('commands.palette'),
        icon: Search,
        keys: 'mod+k',
        scope: 'window',
        isForTyping: true,
        perform: () => showDialog('palette'),
      },
      {
        id: 'window.shortcuts',
        title: t('commands.shortcuts'),
        icon: Keyboard,
        keys: '?',
        scope: 'window',
        perform: () => showDialog('shortcuts'),
      },
      ...pages,
      {
        id: 'workspace.open',
        title: t('commands.openWorkspace'),
        icon: FolderOpen,
        keys: 'mod+o',
        scope: 'window',
        isForTyping: true,
        perform: chooseWorkspace,
      },
      {
        id: 'jobs.cancel',
        title: t('commands.cancelJob'),
        icon: SquareX,
        scope: 'window',
        disabledReason: runningId === undefined ? t('commands.nothingRuns') : undefined,
        perform: () => void (runningId !== undefined && engine().call('jobs.cancel', { jobId: runningId })),
      },
      {
        id: 'engine.connect',
        title: t('commands.connect'),
        icon: Cable,
        scope: 'window',
        perform: () => showDialog('connect'),
      },
      {
        id: 'engine.reconnect',
        title: t('commands.reconnect'),
        icon: RotateCw,
        scope: 'window',
        disabledReason: state === 'open' ? t('commands.isConnected') : undefined,
        perform: () => engine().retryNow(),
      },
      {
        id: 'view.theme',
        title: t('commands.switchTheme'),
        icon: Contrast,
        scope: 'window',
        perform: () => {
          const isNowDark = document.documentElement.dataset.mantineColorScheme === 'dark'
          usePreferences.setState({ theme: isNowDark ? 'light' : 'dark' })
        },
      },
      {
        id: 'view.density',
        title: t('commands.switchDensity'),
        icon: Rows2,
        scope: 'window',
        perform: () =>
          usePreferences.setState(({ density }) => ({
            density: density === 'compact' ? 'comfortable' : 'compact',
          })),
      },
      {
        id: 'view.language',
        title: t('commands.switchLanguage'),
        icon: Languages,
        scope: 'window',
        perform: () => usePreferences.setState({ language: i18n.language === 'en' ? 'zh-CN' : 'en' }),
      },
    ]
  }, [t, titleOf, i18n.language, state, runningId, chooseWorkspace])
  useCommandList('window', commands)
}
