import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentDetail } from '../../../../../shared/contract/experiments.ts'
import type { LabNote } from '../../../../../shared/domain/labBook.ts'
import { Button } from '../../../ui/Button.tsx'
import { classes } from '../../../ui/classes.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import css from '../experiments.module.css'
import { notePieces } from '../noteText.ts'

/** The notes as they were written: groups, indents, strike-through; shown as text, never as HTML. */
export function Notes({ detail }: { detail: ExperimentDetail }) {
  const { t } = useTranslation('experiments')
  const [link, setLink] = useState<string>()
  const { notes, environment, shell } = detail.section
  return (
    <Panel title={t('notes.title')} note={notes.length === 0 ? undefined : String(notes.length)}>
      {notes.length === 0 && <p className={css.faint}>{t('notes.none')}</p>}
      <div className={css.notes}>
        {notes.map((note, index) => (
          <Note
            key={note.line}
            note={note}
            isNewBlock={index > 0 && note.block !== notes[index - 1].block}
            onLink={setLink}
          />
        ))}
      </div>
      {[...environment, ...shell].length > 0 && (
        <div className={css.environment}>
          {[...environment, ...shell].map(({ line, text }) => (
            <code key={line} title={t('notes.line', { line })}>
              {text.trim()}
            </code>
          ))}
        </div>
      )}
      <LinkDialog href={link} onClose={() => setLink(undefined)} />
    </Panel>
  )
}

function Note(props: { note: LabNote; isNewBlock: boolean; onLink(href: string): void }) {
  const { note, isNewBlock, onLink } = props
  const { t } = useTranslation('experiments')
  const look =
    note.kind === 'group' || note.kind === 'label' ? css.group : note.kind === 'bullet' ? css.bullet : ''
  const isMono = note.kind === 'table' || note.kind === 'code'
  return (
    <p
      className={classes(
        css.note,
        look,
        isMono && css.monoNote,
        isNewBlock && css.newBlock,
        note.todo && css.todo,
      )}
      style={{ marginLeft: `${Math.min(12, note.indent) * 0.6}em` }}
      title={`${t('notes.line', { line: note.line })}${note.date === undefined ? '' : ` · ${note.date}`}`}
    >
      {isMono ? note.text : <NoteText text={note.text} onLink={onLink} />}
    </p>
  )
}

/** Text of a note with its strike-through, code and emphasis; links ask before they open. */
export function NoteText({ text, onLink }: { text: string; onLink?: (href: string) => void }) {
  return notePieces(text).map((piece, index) => {
    if (piece.kind === 'struck') return <s key={index}>{piece.text}</s>
    if (piece.kind === 'code') return <code key={index}>{piece.text}</code>
    if (piece.kind === 'strong') return <strong key={index}>{piece.text}</strong>
    if (piece.kind === 'link' && onLink)
      return (
        <button key={index} type="button" className={css.link} onClick={() => onLink(piece.href)}>
          {piece.text}
        </button>
      )
    return piece.text
  })
}

/** Nothing in a log opens by itself: the whole address is shown first. */
function LinkDialog({ href, onClose }: { href: string | undefined; onClose(): void }) {
  const { t } = useTranslation('experiments')
  const { t: tApp } = useTranslation()
  return (
    <Dialog
      isOpen={href !== undefined}
      onClose={onClose}
      title={t('notes.openLink')}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <CopyButton text={href ?? ''}>{tApp('actions.copy')}</CopyButton>
          <Button
            look="primary"
            onClick={() => {
              window.open(href, '_blank', 'noopener,noreferrer')
              onClose()
            }}
          >
            {tApp('actions.open')}
          </Button>
        </>
      }
    >
      <code className={css.address}>{href}</code>
    </Dialog>
  )
}
