import { keepPreviousData } from '@tanstack/react-query'
import { CornerLeftUp, Folder } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { TextInput } from '../ui/inputs.tsx'
import { Empty, Failed, Skeleton } from '../ui/states.tsx'
import css from './dialogs.module.css'
import { closeDialog, type FolderQuestion } from './dialogs.ts'

/** Picks a folder of the engine's machine, where no native dialog can reach it. */
export function FolderDialog({ question }: { question: FolderQuestion | undefined }) {
  return (
    <Dialog isOpen={question !== undefined} onClose={closeDialog} title={question?.title ?? ''} width={560}>
      {question && <FolderBrowser question={question} />}
    </Dialog>
  )
}

function FolderBrowser({ question: { startAt, answer } }: { question: FolderQuestion }) {
  const { t } = useTranslation()
  const [path, setPath] = useState(startAt)
  const [typed, setTyped] = useState<string>()
  const { data, error, refetch } = useEngineQuery('workspaces.browse', path === undefined ? {} : { path }, {
    placeholderData: keepPreviousData,
  })
  const go = (next: string) => {
    setPath(next)
    setTyped(undefined)
  }
  const join = (folder: string) => {
    const separator = data?.path.includes('\\') ? '\\' : '/'
    return data?.path.endsWith(separator) ? data.path + folder : `${data?.path}${separator}${folder}`
  }
  const shown = typed ?? data?.path ?? path ?? ''
  return (
    <div className={css.form}>
      <p className={css.about}>{t('folders.onEngine')}</p>
      <div className={css.pathRow}>
        <TextInput
          value={shown}
          onChange={setTyped}
          onEnter={() => go(shown)}
          isMono
          autoFocus
          aria-label={t('folders.path')}
        />
        <Button onClick={() => go(shown)}>{t('folders.go')}</Button>
      </div>
      <div className={css.folders}>
        {error && <Failed error={error} retry={() => void refetch()} />}
        {!error && data === undefined && <Skeleton />}
        {!error && data?.parent !== undefined && (
          <button type="button" onClick={() => go(data.parent ?? data.path)}>
            <CornerLeftUp size={14} aria-hidden />
            {t('folders.parent')}
          </button>
        )}
        {!error &&
          data?.folders.map(({ name, isWorkspace }) => (
            <button key={name} type="button" onClick={() => go(join(name))}>
              <Folder size={14} aria-hidden />
              <span translate="no">{name}</span>
              {isWorkspace && <mark>{t('folders.workspaceMark')}</mark>}
            </button>
          ))}
        {!error && data?.folders.length === 0 && <Empty>{t('folders.empty')}</Empty>}
      </div>
      <div className={css.pathRow} style={{ justifyContent: 'flex-end' }}>
        <span />
        <Button onClick={closeDialog}>{t('actions.cancel')}</Button>
        <Button
          look="primary"
          disabledReason={data === undefined || error ? t('states.waitingForEngine') : undefined}
          onClick={() => data && answer(data.path)}
        >
          {t('folders.choose')}
        </Button>
      </div>
    </div>
  )
}
