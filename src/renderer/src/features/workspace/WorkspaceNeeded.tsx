import { FolderOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useChooseWorkspace } from '../../app/useChooseWorkspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Empty } from '../../ui/states.tsx'

/** A page that needs a workspace, while none is open. */
export function WorkspaceNeeded({ title }: { title: string }) {
  const { t } = useTranslation()
  const chooseWorkspace = useChooseWorkspace()
  return (
    <Page title={title}>
      <Empty
        action={
          <Button icon={FolderOpen} look="primary" onClick={chooseWorkspace}>
            {t('topBar.openWorkspace')}
          </Button>
        }
      >
        {t('states.needsWorkspace')}
      </Empty>
    </Page>
  )
}
