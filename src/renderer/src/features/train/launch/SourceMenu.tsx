import { Menu } from '@mantine/core'
import { BookOpen, ClipboardPaste, FilePlus2, FolderClock, Save, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { invalidate, useEngineCommand, useEngineQuery } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { formFromCommand } from '../../../../../shared/domain/launch/launchForm.ts'
import { catalogues } from '../../../../../shared/domain/launch/catalogue.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from './launch.module.css'
import { CommandPicker } from './CommandPicker.tsx'
import { emptyForm, openDraft, placeOfScript, useLaunchActions } from './launchStore.ts'
import { pastedCommand } from './pastedCommand.ts'

/** Where a command comes from: the lab book, a terminal, a template, or nothing yet. */
export function SourceMenu() {
  const { t } = useTranslation('train')
  const { t: tApp } = useTranslation()
  const { place } = useLaunchActions()
  const [dialog, setDialog] = useState<'book' | 'paste' | 'save'>()
  const templates = useEngineQuery('experiments.templates.list', {})
  const remove = useEngineCommand('experiments.templates.remove', {
    onSuccess: () => invalidate('experiments.templates'),
  })
  const scripts = catalogues.filter(({ script }) => placeOfScript(script) === place)
  const ownTemplates = templates.data?.filter(({ form }) => placeOfScript(form.script) === place) ?? []
  return (
    <>
      <Menu position="bottom-end" offset={4} width={300} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button icon={FolderClock}>{t('source.title')}</Button>
        </Menu.Target>
        <Menu.Dropdown className={css.menu}>
          <Menu.Item leftSection={<BookOpen size={14} aria-hidden />} onClick={() => setDialog('book')}>
            {t('source.labBook')}
          </Menu.Item>
          <Menu.Item
            leftSection={<ClipboardPaste size={14} aria-hidden />}
            onClick={() => setDialog('paste')}
          >
            {t('source.paste')}
          </Menu.Item>
          <Menu.Label>{t('source.scratch')}</Menu.Label>
          {scripts.map(({ script }) => (
            <Menu.Item
              key={script}
              leftSection={<FilePlus2 size={14} aria-hidden />}
              onClick={() => goTo(openDraft({ form: emptyForm(script) }))}
            >
              {script}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('source.templates')}</Menu.Label>
          {ownTemplates.map(({ id, name, form }) => (
            <Menu.Item
              key={id}
              component="div"
              onClick={() => goTo(openDraft({ form, recorded: form, origin: name, title: name }))}
              rightSection={
                <IconButton
                  icon={Trash2}
                  size={13}
                  label={t('source.removeTemplate', { name })}
                  onClick={(event) => {
                    event.stopPropagation()
                    remove.mutate({ id })
                  }}
                />
              }
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<Save size={14} aria-hidden />} onClick={() => setDialog('save')}>
            {t('source.saveTemplate')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <BookDialog isOpen={dialog === 'book'} onClose={() => setDialog(undefined)} />
      <PasteDialog isOpen={dialog === 'paste'} onClose={() => setDialog(undefined)} />
      <SaveDialog
        isOpen={dialog === 'save'}
        onClose={() => setDialog(undefined)}
        cancel={tApp('actions.cancel')}
      />
    </>
  )
}

function BookDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('train')
  const { place } = useLaunchActions()
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('picker.title')} width={860}>
      <CommandPicker
        place={place}
        onPick={({ experiment, command }) => {
          const form = formFromCommand(command)
          const origin = t('origin.line', { experiment, line: command.line })
          goTo(openDraft({ form, recorded: form, experiment, origin }))
          onClose()
        }}
      />
    </Dialog>
  )
}

function PasteDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('train')
  const [text, setText] = useState('')
  const pasted = pastedCommand(text)
  const open = () => {
    if (!('command' in pasted)) return
    const form = formFromCommand(pasted.command)
    goTo(openDraft({ form, recorded: form, origin: t('source.pasted') }))
    setText('')
    onClose()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('source.paste')}
      width={720}
      footer={
        <Button
          look="primary"
          onClick={open}
          disabledReason={'command' in pasted ? undefined : t('source.pasteFirst')}
        >
          {t('source.open')}
        </Button>
      }
    >
      <Field label={t('source.pasteLabel')} hint={t('source.pasteHint')}>
        <PasteArea value={text} onChange={setText} />
      </Field>
      {text.trim() !== '' && 'problem' in pasted && (
        <Notice look="warning">
          {pasted.problem === 'unreadable'
            ? t('source.unreadable', { line: pasted.line, message: pasted.message })
            : pasted.problem === 'several'
              ? t('source.several', { count: pasted.count })
              : t('source.noCommand')}
        </Notice>
      )}
      {'command' in pasted && pasted.redirects.length > 0 && (
        <Notice>{t('source.redirects', { redirects: pasted.redirects.join(' ') })}</Notice>
      )}
    </Dialog>
  )
}

function PasteArea({
  value,
  onChange,
  ...rest
}: {
  value: string
  onChange(value: string): void
  id?: string
}) {
  return (
    <textarea
      {...rest}
      className={css.paste}
      rows={8}
      spellCheck={false}
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function SaveDialog({ isOpen, onClose, cancel }: { isOpen: boolean; onClose(): void; cancel: string }) {
  const { t } = useTranslation('train')
  const { draft } = useLaunchActions()
  const [name, setName] = useState('')
  const save = useEngineCommand('experiments.templates.save', {
    onSuccess: () => {
      invalidate('experiments.templates')
      setName('')
      onClose()
    },
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  const perform = () => name.trim() !== '' && save.mutate({ name: name.trim(), form: draft().form })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('source.saveTemplate')}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button
            look="primary"
            isBusy={save.isPending}
            disabledReason={name.trim() === '' ? t('source.nameFirst') : undefined}
            onClick={perform}
          >
            {t('source.save')}
          </Button>
        </>
      }
    >
      <Field label={t('source.name')}>
        <TextInput value={name} onChange={setName} onEnter={perform} autoFocus />
      </Field>
    </Dialog>
  )
}
