import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { Dialog } from '../../../ui/Dialog.tsx'
import css from '../experiments.module.css'
import { ConfigEditor } from './ConfigEditor.tsx'

/** A config over another page; closed while `path` is undefined. */
export function ConfigDialog({ path, onClose }: { path: string | undefined; onClose(): void }) {
  const root = useWorkspaceRoot()
  return (
    <Dialog isOpen={path !== undefined} onClose={onClose} title={path ?? ''} width={860}>
      {path !== undefined && root !== undefined && (
        <div className={css.configDialog}>
          <ConfigEditor path={path} root={root} />
        </div>
      )}
    </Dialog>
  )
}
