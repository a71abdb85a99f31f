import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useCapabilities } from '../api/connection.ts'
import { goTo } from './hashLocation.ts'
import { pickFolder } from './pickFolder.ts'
import { openWorkspace, useWorkspaceRoot } from './workspace.ts'

/** The folder a workspace lies in: others are often beside it. */
const parentOf = (root: string | undefined) => root?.replace(/[\\/][^\\/]+[\\/]?$/, '') || undefined

/** Lets a person choose a folder and opens it as the workspace. */
export function useChooseWorkspace(): () => void {
  const { t } = useTranslation()
  const capabilities = useCapabilities()
  const root = useWorkspaceRoot()
  return useCallback(() => {
    void pickFolder(capabilities, t('folders.title'), parentOf(root)).then((chosen) => {
      if (chosen === undefined) return
      openWorkspace(chosen)
      goTo('/')
    })
  }, [capabilities, root, t])
}
