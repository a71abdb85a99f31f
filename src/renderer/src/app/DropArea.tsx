import { FolderInput, FolderX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCapabilities, useConnection } from '../api/connection.ts'
import { toast } from '../ui/toasts.ts'
import css from './DropArea.module.css'
import { takeDropped } from './dropped.ts'
import { useWorkspaceRoot } from './workspace.ts'

/** Takes folders dropped anywhere on the window; where their paths are not known, says what to do instead. */
export function DropArea() {
  const { t } = useTranslation()
  const { hasDroppedPaths, door } = useCapabilities()
  const isRemote = useConnection(({ remote }) => remote !== undefined)
  const root = useWorkspaceRoot()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    // Entering a child comes before leaving its parent, so both are counted.
    let depth = 0
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const listen = <Type extends 'dragenter' | 'dragover' | 'dragleave' | 'drop'>(
      type: Type,
      act: (event: DragEvent) => void,
    ) => {
      const listener = (event: DragEvent) => {
        if (!holdsFiles(event)) return
        // Left alone, a browser leaves the page for the file.
        event.preventDefault()
        act(event)
      }
      window.addEventListener(type, listener)
      return () => window.removeEventListener(type, listener)
    }
    const ends = [
      listen('dragenter', () => setOver(++depth > 0)),
      listen('dragleave', () => setOver(--depth > 0)),
      listen('dragover', (event) => {
        if (event.dataTransfer) event.dataTransfer.dropEffect = hasDroppedPaths ? 'copy' : 'none'
      }),
      listen('drop', (event) => {
        depth = 0
        setOver(false)
        const file = event.dataTransfer?.files[0]
        const path = file && hasDroppedPaths ? window.parallax?.pathOfDroppedFile(file) : undefined
        if (path) void takeDropped(path, root)
        else if (hasDroppedPaths) toast({ look: 'plain', text: t('drop.noPath'), lastsMs: 6000 })
      }),
    ]
    return () => ends.forEach((end) => end())
  }, [hasDroppedPaths, root, t])
  if (!isOver) return null
  const Icon = hasDroppedPaths ? FolderInput : FolderX
  return (
    <div className={css.area} data-refused={!hasDroppedPaths || undefined} role="status">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <strong>{t(hasDroppedPaths ? 'drop.now' : 'drop.cannot')}</strong>
      <p>
        {hasDroppedPaths
          ? t('drop.about')
          : door === 'window' && isRemote
            ? t('drop.elsewhere')
            : t('drop.inBrowser')}
      </p>
    </div>
  )
}
