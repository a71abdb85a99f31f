import { FolderOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { showDialog } from '../../app/dialogs.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Empty } from '../../ui/states.tsx'

/** A page that needs a workspace, while none is open. */
export function WorkspaceNeeded({ title }: { title: string }) {
  const { t } = useTranslation()
  return (
    <Page title={title}>
      <Empty
        action={
          <Button icon={FolderOpen} look="primary" onClick={() => showDialog('openWorkspace')}>
            {t('topBar.openWorkspace')}
          </Button>
        }
      >
        {t('states.needsWorkspace')}
      </Empty>
    </Page>
  )
}
